"""The check of a request's signature, and who may present which key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING, NamedTuple, Protocol

from local.cloud.mns.errors import MnsError

if TYPE_CHECKING:
    from local.cloud.http import Request
    from local.cloud.ram import Identities

_LONGEST_SKEW = 15 * 60
_SCHEME = "MNS "


class Keyring(Protocol):
    """The keys that an account of queues accepts."""

    def secret(self, key_id: str, security_token: str | None) -> str:
        """The secret that `key_id` signs with; `security_token` is what came with it, if anything.

        Raises:
            MnsError: AccessIDAuthError when this pair is not accepted.
        """


class AccountKeys(NamedTuple):
    """The keys of one account."""

    identities: Identities

    def secret(self, key_id: str, security_token: str | None) -> str:
        """See `Keyring`."""
        key = self.identities.key(key_id, security_token)
        if key is None:
            raise MnsError("AccessIDAuthError")
        return key.secret


def verify(request: Request, keys: Keyring, now: float) -> str:
    """Let `request` pass if it is signed, whole and of this quarter of an hour.

    Args:
        request: the request as it came.
        keys: who may ask.
        now: epoch seconds by the wall clock, which is what clients stamp their requests with.

    Returns:
        The id of the key that it is signed with.

    Raises:
        MnsError: with the service's code for what is wrong.
    """
    headers = request.headers
    key_id, signature = _authorization(headers.get("authorization"))
    date = headers.get("x-mns-date") or headers.get("date")
    _check_date(date, now)
    if "x-mns-version" not in headers:
        raise MnsError("MissingVersionHeader")
    secret = keys.secret(key_id, headers.get("security-token"))
    digest = hmac.digest(secret.encode(), _string_to_sign(request, date or ""), hashlib.sha1)
    if not hmac.compare_digest(base64.b64encode(digest), signature.encode()):
        raise MnsError("SignatureDoesNotMatch")
    if (claimed := headers.get("content-md5")) and not _is_md5_of(request.body, claimed):
        raise MnsError("InvalidDegist")
    return key_id


def _authorization(header: str | None) -> tuple[str, str]:
    if header is None:
        raise MnsError("MissingAuthorizationHeader")
    key_id, colon, signature = header.removeprefix(_SCHEME).partition(":")
    if not (header.startswith(_SCHEME) and key_id and colon and signature):
        raise MnsError("InvalidAuthorizationHeader")
    return key_id, signature


def _check_date(date: str | None, now: float) -> None:
    if not date:
        raise MnsError("MissingDateHeader")
    try:
        parts = parsedate_tz(date)
        sent_at = mktime_tz(parts) if parts and date.endswith("GMT") else None
    except (ValueError, OverflowError, IndexError, TypeError):  # what the email package lets through
        sent_at = None
    if sent_at is None:
        raise MnsError("InvalidDateHeader")
    if abs(now - sent_at) > _LONGEST_SKEW:
        raise MnsError("TimeExpired")


def _string_to_sign(request: Request, date: str) -> bytes:
    headers = request.headers
    own = sorted((name, value) for name, value in headers.items() if name.startswith("x-mns-"))
    text = "\n".join(
        [
            request.method,
            headers.get("content-md5", ""),
            headers.get("content-type", ""),
            date,
            *(f"{name}:{value.strip()}" for name, value in own),
            # As it came, percent signs and all: two spellings of one address have two signatures.
            request.target,
        ]
    )
    # The HTTP layer reads one character per byte, so this is what was on the wire.
    return text.encode("latin-1", "replace")


def _is_md5_of(body: bytes, claimed: str) -> bool:
    """The vendor's SDKs send Base64 of the hexadecimal digest, RFC 1864 asks for Base64 of the digest."""
    digest = hashlib.md5(body, usedforsecurity=False)
    try:
        sent = base64.b64decode(claimed, validate=True)
    except (binascii.Error, ValueError):
        return False
    return sent in (digest.digest(), digest.hexdigest().encode())
