"""A function of an existing service of Function Compute 2.0, by the SDK `aliyun-fc2`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ops.invoking import refusals
from ops.invoking.headers import INVOCATION, LOG, outcome_of
from ops.invoking.outcome import Outcome
from ops.invoking.proxies import heeded
from ops.invoking.quiet import quiet

if TYPE_CHECKING:
    from ops.invoking.refusals import Asked

_REFUSED = 400


def invoke(asked: Asked, event: bytes) -> Outcome:
    """Invoke it once. Raises Problem."""
    from fc2.fc_exceptions import FcError
    from requests.exceptions import RequestException

    how = asked.how
    headers = {
        "x-fc-invocation-type": INVOCATION[how.asynchronous],
        "x-fc-log-type": LOG,
        "content-type": "application/octet-stream",
    }
    with quiet(), heeded(asked.place):
        try:
            answered = _client(asked).invoke_function(
                asked.service, asked.function, payload=event, headers=headers, qualifier=how.qualifier
            )
        except FcError as error:
            if error.status_code >= _REFUSED:
                raise refusals.of_service(
                    asked, error.status_code, str(error.err_code), str(error.request_id)
                ) from None
            return _failed(error)
        except RequestException as error:
            raise refusals.of_transport(asked, error) from None
        except (TypeError, AttributeError):
            # An error in JSON that is no object: the SDK does not expect that.
            raise refusals.of_transport(asked, None) from None
    return outcome_of(answered.headers, answered.data, accepted=how.asynchronous)


def _client(asked: Asked) -> Any:
    from fc2 import client

    # It would try to connect five times more, for half a minute; what it has sent, it does not send again either way.
    client.retries = 0
    keys = asked.place.keys
    return client.Client(
        endpoint=asked.place.address,
        accessKeyID=keys.key_id,
        accessKeySecret=keys.secret,
        securityToken=keys.token,
        Timeout=(refusals.CONNECT_SECONDS, asked.how.timeout),
    )


def _failed(error: Any) -> Outcome:
    """The function's error. Of its headers the SDK gives the request's id only: neither its kind nor the log."""
    report = json.loads(error.message)
    report.pop("RequestId", None)
    kind = str(report.get("errorType") or "FunctionError")
    return Outcome(error.request_id, json.dumps(report).encode(), error_type=kind)
