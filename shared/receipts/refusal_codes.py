"""The words by which the cloud's services say why they refuse: each is the beginning of its codes."""

from __future__ import annotations

CLOCK = ("RequestTimeTooSkewed", "TimeExpired", "InvalidTimeStamp", "SignatureNonceUsed")
KEY = (
    "InvalidAccessKeyId",
    "AccessIDAuthError",
    "InvalidSecurityToken",
    "SecurityTokenExpired",
    "MissingSecurityToken",
)
SECRET = ("SignatureDoesNotMatch", "OTSAuthFailed", "IncompleteSignature")
DENIED = ("AccessDenied", "OTSNoPermission", "Forbidden", "NoPermission", "RAM_PERMISSION_DENY", "OTSUnauthorized")
BUSY = ("Throttling", "ServiceUnavailable", "InternalError", "OTSServerBusy", "TooManyRequests", "FLOW_LIMIT")


def is_one_of(code: str, words: tuple[str, ...]) -> bool:
    """Whether the code begins with one of the words, with or without an API's `isv.` or `isp.` before it."""
    return code.removeprefix("isv.").removeprefix("isp.").startswith(words)


def denied(code: str) -> bool:
    """Whether the code says that whoever asks has no right to."""
    return is_one_of(code, DENIED)
