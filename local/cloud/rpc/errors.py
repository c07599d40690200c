"""Refusals, of the gateway that every API of the vendor stands behind and of the API itself.

The gateway refuses with an HTTP status of its own. What the API refuses comes with status 200: a client that
looks at the status alone takes it for success, and the SDK does.
"""

from __future__ import annotations

from local.cloud.refused import ServiceError

BUSINESS_STATUS = 200
# What follows is what the gateway has signed. The SDK takes this text apart at its colon, and fails if it has none.
NOT_MATCHED = "Specified signature is not matched with our calculation. server string to sign is:"

# Published pages disagree about a few statuses (an unknown key id is 404 on some and 400 on others).
_GATEWAY = {
    "InternalError": (500, "The request processing has failed due to some unknown error."),
    "InvalidAccessKeyId.NotFound": (404, "Specified access key is not found."),
    "InvalidApi.NotFound": (404, "Specified api is not found, please check your url and method."),
    "InvalidParameter.Format": (400, "Specified parameter format is not valid."),
    "InvalidSecurityToken.MismatchWithAccessKey": (400, "Specified SecurityToken mismatch with the AccessKey."),
    "InvalidSignatureMethod": (400, "Specified signature method is not valid."),
    "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
    "InvalidTimeStamp.Format": (400, "Specified time stamp or date value is not well formatted."),
    "MissingSecurityToken": (400, "SecurityToken is mandatory for this action."),
    "ServiceUnavailable": (503, "The request has failed due to a temporary failure of the server."),
    "SignatureDoesNotMatch": (400, f"{NOT_MATCHED}GET&%2F&"),
    "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
    "Throttling.User": (400, "Request was denied due to user flow control."),
    "UnsupportedHTTPMethod": (400, "This http method is not supported."),
}
_BUSINESS = {
    "FlowLimited": "Flow limit exceeded.",
    "isp.RAM_PERMISSION_DENY": "RAM permission denied.",
    "isp.SYSTEM_ERROR": "System error.",
    "isv.FLOW_LIMIT": "Flow limit exceeded.",
    "isv.ILLEGAL_ARGUMENT": "Illegal argument.",
}


class RpcError(ServiceError):
    """One refusal, of the gateway or of the API; `status` is for a code that comes with another one than usual."""

    def __init__(self, code: str, message: str = "", *, status: int | None = None) -> None:
        usual, text = _GATEWAY.get(code) or (BUSINESS_STATUS, _BUSINESS.get(code, code))
        super().__init__(code, usual if status is None else status, message or text)


def missing(parameter: str) -> RpcError:
    """The gateway's refusal of a request without `parameter`."""
    return RpcError(f"Missing{parameter}", f"{parameter} is mandatory for this action.", status=400)


def invalid(parameter: str) -> RpcError:
    """The gateway's refusal of the value of `parameter`."""
    return RpcError(f"Invalid{parameter}", f"Specified parameter {parameter} is not valid.", status=400)
