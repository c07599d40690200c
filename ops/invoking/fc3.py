"""A function of Function Compute 3.0, by the SDK `alibabacloud-fc20230330`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.invoking import refusals
from ops.invoking.headers import INVOCATION, LOG, outcome_of
from ops.invoking.proxies import heeded
from ops.invoking.quiet import quiet

if TYPE_CHECKING:
    from ops.invoking.outcome import Outcome
    from ops.invoking.place import Place
    from ops.invoking.refusals import Asked


def invoke(asked: Asked, event: bytes) -> Outcome:
    """Invoke it once. Raises Problem."""
    from alibabacloud_fc20230330 import models
    from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
    from darabonba.exceptions import UnretryableException
    from darabonba.runtime import RuntimeOptions

    how = asked.how
    # Bytes, where the annotation says a stream: of a stream it would copy every kilobyte onto all before it.
    request = models.InvokeFunctionRequest(body=event, qualifier=how.qualifier)
    headers = models.InvokeFunctionHeaders(x_fc_invocation_type=INVOCATION[how.asynchronous], x_fc_log_type=LOG)
    waiting = RuntimeOptions(
        # Once: an event may have effects.
        autoretry=False,
        connect_timeout=round(refusals.CONNECT_SECONDS * 1000),
        read_timeout=round(how.timeout * 1000),
    )
    with quiet(), heeded(asked.place):
        try:
            answered = _client(asked.place).invoke_function_with_options(asked.function, request, headers, waiting)
        except AlibabaCloudException as error:
            code = "" if error.code == "None" else str(error.code)
            raise refusals.of_service(asked, error.status_code, code, _request_id(error)) from None
        except UnretryableException as error:
            # What happened on the wire is told by its text only; the error itself stands behind it.
            raise refusals.of_transport(asked, error.inner_exception.__context__) from None
        finally:
            _hang_up()
    return outcome_of(answered.headers, answered.body.read(), accepted=how.asynchronous)


def _client(place: Place) -> Any:
    from alibabacloud_fc20230330.client import Client
    from alibabacloud_tea_openapi.utils_models import Config

    return Client(
        Config(
            access_key_id=place.keys.key_id,
            access_key_secret=place.keys.secret,
            security_token=place.keys.token or None,
            protocol=place.scheme.upper(),
            endpoint=place.host,
            # None is what keeps it from repeating a request.
            retry_options=None,
        )
    )


def _request_id(error: Any) -> str:
    return "" if error.request_id == "None" else str(error.request_id)


def _hang_up() -> None:
    """Close the connections, which the SDK keeps for ever and offers no way to close."""
    from darabonba.core import DaraCore

    while DaraCore._sessions:  # noqa: SLF001 - see above
        DaraCore._sessions.popitem()[1].close()  # noqa: SLF001 - see above
