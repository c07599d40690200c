"""What can go wrong between here and a deployed function, each in one line that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ops.problems import Problem

if TYPE_CHECKING:
    from ops.invoking.outcome import How
    from ops.invoking.place import Place

CONNECT_SECONDS = 10.0
LOOK_FIRST = "the function may have been carried out. Look at its log before you invoke it again."
_NOT_FOUND = 404
_DENIED = (401, 403)
_BUSY = (429, 503)
_FAILED = 500
_NO_FUNCTION = "There is no function {function} at {host}: look at the name, the account and the region."
_NO_VERSION = "{function} has no version or alias {qualifier}: look at --qualifier."
# The first word that the code holds.
_BY_WORD = (
    ("servicenotfound", "There is no service {service} of FC 2.0 at {host}; a function of 3.0 needs no --service."),
    ("functionnotfound", _NO_FUNCTION),
    ("versionnotfound", _NO_VERSION),
    ("aliasnotfound", _NO_VERSION),
    ("token", "Get new temporary keys, or unset ALIBABA_CLOUD_SECURITY_TOKEN if the keys are permanent ones."),
    ("accesskey", "Nobody has that key: look at ALIBABA_CLOUD_ACCESS_KEY_ID."),
    ("signature", "The key does not open this account: look at ALIBABA_CLOUD_ACCESS_KEY_SECRET."),
    ("time", "The clock of this machine is wrong by more than 15 minutes: set it."),
    ("expired", "The clock of this machine is wrong by more than 15 minutes: set it."),
    ("toolarge", "The event is larger than an invocation may carry."),
)


class Asked(NamedTuple):
    """What was asked of whom, for the words of a refusal."""

    place: Place
    service: str | None
    function: str
    how: How


def of_service(asked: Asked, status: int, code: str, request_id: str) -> Problem:
    """The service answered, with an error of its own: the function was not invoked, unless the status is 500.

    The service's own text stays out: it can hold the key's id, or the string that was to be signed.
    """
    said = f"Function Compute: {code or status} ({status}, request {request_id or 'unknown'})."
    return Problem(f"{said} {_advice(asked, status, code)}")


def _advice(asked: Asked, status: int, code: str) -> str:
    # Published lists spell several codes in two ways: the words in them are the same.
    spelt = code.lower()
    advice = next((said for word, said in _BY_WORD if word in spelt), None) or _by_status(status)
    qualifier = asked.how.qualifier or "LATEST"
    return advice.format(service=asked.service, function=asked.function, host=asked.place.host, qualifier=qualifier)


def _by_status(status: int) -> str:
    if status == _NOT_FOUND:
        return _NO_FUNCTION
    if status in _DENIED:
        return "Give the owner of the keys the right fc:InvokeFunction on this function."
    if status in _BUSY:
        return "It is busy, and the function was not invoked: try again in a moment, or raise the limit of instances."
    if status >= _FAILED:
        return f"It failed inside: {LOOK_FIRST}"
    return "The request is not taken: look at the names, at --qualifier and at FC_ENDPOINT."


def of_transport(asked: Asked, error: BaseException | None) -> Problem:
    """No answer, or none of this service's: `error` is what `requests` met, if it was that."""
    from requests import exceptions
    from urllib3.exceptions import MaxRetryError, NameResolutionError

    address = asked.place.address
    if isinstance(error, exceptions.ReadTimeout):
        return Problem(f"No answer within {asked.how.timeout:g} s (--timeout): {LOOK_FIRST}")
    if isinstance(error, exceptions.ConnectTimeout):
        return _unreachable(address, f"no connection within {CONNECT_SECONDS:g} s")
    if isinstance(error, exceptions.SSLError):
        return _unreachable(address, "its certificate is not accepted")
    if isinstance(error, exceptions.ProxyError):
        return _unreachable(address, "the proxy in HTTP_PROXY or HTTPS_PROXY does not let it through")
    cause = error.args[0] if isinstance(error, exceptions.ConnectionError) and error.args else None
    if isinstance(cause, MaxRetryError):
        unknown = isinstance(cause.reason, NameResolutionError)
        return _unreachable(address, "there is no such host" if unknown else "nothing answers there")
    if isinstance(error, exceptions.RequestException) and not isinstance(error, exceptions.JSONDecodeError):
        return Problem(f"The connection broke after the event was sent: {LOOK_FIRST}")
    return Problem(
        f"What answers at {address} is not Function Compute: look at FC_ENDPOINT, and at HTTP_PROXY or HTTPS_PROXY."
    )


def _unreachable(address: str, why: str) -> Problem:
    return Problem(
        f"Function Compute cannot be reached at {address}: {why}. Look at FC_ENDPOINT, or RECEIPTS_ACCOUNT_ID and "
        "RECEIPTS_REGION, and at the network. Nothing was sent."
    )
