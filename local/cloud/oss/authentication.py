"""Who sent a request: the version of its signature, and the check of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.oss import signature_v1, signature_v4
from local.cloud.oss.errors import OssError
from local.cloud.oss.signature import verify

if TYPE_CHECKING:
    from local.cloud.oss.call import Call
    from local.cloud.oss.signature import Claim
    from local.cloud.ram import Identities

_TOKEN = "x-oss-security-token"  # noqa: S105 - a header's name


def authenticate(call: Call, keys: Identities, now: float) -> str:
    """Let a request pass that one of `keys` signed and that is of its time; the key's id.

    Args:
        call: the request.
        keys: those of the account.
        now: epoch seconds.

    Raises:
        OssError: AccessDenied for a request without a signature; otherwise what is wrong with it.
    """
    claim = _claim(call, now)
    verify(claim, _token(call), keys)
    return claim.key_id


def _token(call: Call) -> str | None:
    parameters = call.parameters
    return call.headers.get(_TOKEN) or parameters.get(_TOKEN) or parameters.get("security-token")


def _claim(call: Call, now: float) -> Claim:
    authorization = call.headers.get("authorization", "")
    if authorization.startswith(signature_v4.SCHEME):
        return signature_v4.from_headers(call, now)
    if authorization.startswith(signature_v1.SCHEME):
        return signature_v1.from_headers(call, now)
    if authorization:
        raise OssError("InvalidArgument", "Only signatures of version 1 and 4 are served.")
    if call.parameters.get(signature_v4.URL_PARAMETER) == signature_v4.SCHEME:
        return signature_v4.from_url(call, now)
    if signature_v1.URL_PARAMETER in call.parameters:
        return signature_v1.from_url(call, now)
    raise OssError("AccessDenied", "You have no right to access this object because of bucket acl.")
