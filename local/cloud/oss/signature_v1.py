"""Signatures of version 1: HMAC-SHA1 over the method, some headers, and the resource."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING

from local.cloud.oss.errors import OssError
from local.cloud.oss.names import SUBRESOURCES
from local.cloud.oss.signature import Claim, check_skew, expired, header_bytes, own_headers, target_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.oss.call import Call

SCHEME = "OSS "
URL_PARAMETER = "OSSAccessKeyId"
_SECONDS = re.compile(r"[0-9]{1,12}")


def from_headers(call: Call, now: float) -> Claim:
    """What the `Authorization` header claims.

    Raises:
        OssError: InvalidArgument, AccessDenied or RequestTimeTooSkewed.
    """
    key_id, colon, signature = call.headers["authorization"].removeprefix(SCHEME).partition(":")
    if not (key_id and colon and signature):
        raise OssError("InvalidArgument", "Authorization header is invalid.")
    date = call.headers.get("x-oss-date") or call.headers.get("date", "")
    check_skew(_seconds(date), now)
    return Claim(key_id, signature, _signer(call, date))


def from_url(call: Call, now: float) -> Claim:
    """What the parameters of a signed URL claim.

    Raises:
        OssError: AccessDenied, also once it has expired.
    """
    key_id, expires, signature = (call.parameters.get(name, "") for name in (URL_PARAMETER, "Expires", "Signature"))
    if not _SECONDS.fullmatch(expires):
        raise OssError("AccessDenied", "Invalid date (should be seconds since epoch).")
    if int(expires) < now:
        raise expired()
    return Claim(key_id, signature, _signer(call, expires))


def _signer(call: Call, date: str) -> Callable[[bytes], str]:
    text = _string_to_sign(call, date)
    return lambda secret: base64.b64encode(hmac.digest(secret, text, hashlib.sha1)).decode()


def _string_to_sign(call: Call, date: str) -> bytes:
    headers = call.headers
    head = [call.request.method, headers.get("content-md5", ""), headers.get("content-type", ""), date]
    own = (f"{name}:{value}" for name, value in own_headers(call))
    return header_bytes("\n".join([*head, *own, ""])) + target_bytes(_resource(call))


def _resource(call: Call) -> str:
    signed = sorted((name, value) for name, value in call.items if name in SUBRESOURCES)
    query = "&".join(f"{name}={value}" if value else name for name, value in signed)
    path = f"/{call.bucket}/{call.key}" if call.bucket else "/"
    return f"{path}?{query}" if query else path


def _seconds(date: str) -> float | None:
    try:
        parts = parsedate_tz(date)
        return mktime_tz(parts) if parts and date.endswith("GMT") else None
    except (ValueError, OverflowError, IndexError, TypeError):  # what the email package lets through
        return None
