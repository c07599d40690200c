"""Signatures of 2.0: HMAC-SHA256 over method, digest, type, date, the service's own headers and the path."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING
from urllib.parse import unquote

from local.cloud.fc.access import check_signature, check_skew, required
from local.cloud.fc.errors import FcError

if TYPE_CHECKING:
    from local.cloud.fc.access import Access
    from local.cloud.http import Request

_AUTHORIZATION = re.compile(r"FC (?P<key_id>[^:]+):(?P<signature>.+)")


def verify(request: Request, access: Access, now: float) -> None:
    """Let `request` pass if it is signed and of this quarter of an hour.

    The body is signed only by way of `content-md5`, which a client may leave out, and the SDK for Python does.

    Raises:
        FcError: with the service's code for what is wrong.
    """
    headers = request.headers
    claim = _AUTHORIZATION.fullmatch(required(headers, "authorization"))
    if claim is None:
        raise FcError("InvalidArgument", "the header authorization is not understood")
    check_skew(_sent_at(required(headers, "date")), now, "date")
    secret = access.secret(claim["key_id"], headers.get("x-fc-security-token"))
    digest = hmac.digest(secret.encode(), _string_to_sign(request), hashlib.sha256)
    check_signature(base64.b64encode(digest).decode(), claim["signature"])
    claimed = headers.get("content-md5")
    if claimed and claimed not in _md5_of(request.body):
        raise FcError("InvalidArgument", "content-md5 is not the digest of the body")


def _sent_at(date: str) -> float | None:
    try:
        parts = parsedate_tz(date)
        return mktime_tz(parts) if parts and date.endswith("GMT") else None
    except (ValueError, OverflowError, IndexError, TypeError):  # what the email package lets through
        return None


def _string_to_sign(request: Request) -> bytes:
    headers = request.headers
    own = sorted((name, value) for name, value in headers.items() if name.startswith("x-fc-"))
    text = "\n".join(
        [
            request.method,
            headers.get("content-md5", ""),
            headers.get("content-type", ""),
            headers["date"],
            *(f"{name}:{value}" for name, value in own),
            unquote(request.target.partition("?")[0]),
        ]
    )
    return text.encode("utf-8", "replace")


def _md5_of(body: bytes) -> set[str]:
    """RFC 1864 has Base64 of the digest; the vendor's SDKs for other services send Base64 of its hexadecimal form."""
    digest = hashlib.md5(body, usedforsecurity=False)
    return {base64.b64encode(one).decode() for one in (digest.digest(), digest.hexdigest().encode())}
