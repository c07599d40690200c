"""The two ways the SDK signs a request (V2, and V4 with a region), and how an answer is signed in turn."""

from __future__ import annotations

import base64
import calendar
import hashlib
import hmac
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from local.cloud.tablestore.errors import RefusedError, auth_failed, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud.access import AccessKey
    from local.cloud.http import Request
    from local.cloud.ram import Identities

MAX_SKEW_SECONDS = 15 * 60
_REQUIRED = ("x-ots-date", "x-ots-apiversion", "x-ots-accesskeyid", "x-ots-instancename", "x-ots-contentmd5")
_V2, _V4 = "x-ots-signature", "x-ots-signaturev4"
_DATE = "%Y-%m-%dT%H:%M:%S"


def verify(request: Request, keys: Identities, instance: str, now: float) -> AccessKey:
    """Prove that the request is fresh, whole, for this instance, and signed with a key of the account: which.

    Raises:
        RefusedError: OTSMethodNotAllowed unless it is a POST; OTSParameterInvalid if a header is missing or
            not a date; otherwise OTSAuthFailed.
    """
    if request.method != "POST":
        raise RefusedError(405, "OTSMethodNotAllowed", "Only POST method for requests is supported.")
    headers = request.headers
    for name in _REQUIRED:
        if name not in headers:
            raise invalid(f"Missing header: '{name}'.")
    if abs(_seconds(headers["x-ots-date"]) - now) > MAX_SKEW_SECONDS:
        raise auth_failed(f"Mismatch between system time and x-ots-date: {headers['x-ots-date']}.")
    if headers["x-ots-contentmd5"] != content_md5(request.body):
        raise auth_failed("Mismatch between MD5 value of request body and x-ots-contentmd5 in header.")
    key = claimed(request, keys)
    if key is None:
        raise auth_failed("The AccessKeyID does not exist.")
    if headers["x-ots-instancename"] != instance:
        raise auth_failed("The instance is not found.")
    _check_signature(request, key)
    return key


def claimed(request: Request, keys: Identities) -> AccessKey | None:
    """The key that the request says it is signed with, if there is one of that id and token."""
    return keys.key(request.headers.get("x-ots-accesskeyid", ""), request.headers.get("x-ots-ststoken"))


def _check_signature(request: Request, key: AccessKey) -> None:
    name = _V4 if _V4 in request.headers else _V2
    if name not in request.headers:
        raise invalid(f"Missing header: '{_V2}'.")
    text = f"{path(request)}\nPOST\n\n{_canonical(request.headers)}\n"
    if name == _V4:
        text, method = text + "ots", "sha256"
    else:
        method = "sha1"
    expected = _mac(signing_key(request, key), text, method)
    if not hmac.compare_digest(expected, request.headers[name].encode("latin-1")):
        raise auth_failed("Signature mismatch.")


def authorization(request: Request, key: AccessKey, headers: Mapping[str, str]) -> str:
    """The `Authorization` of an answer with these headers, which the SDK verifies."""
    signature = _mac(signing_key(request, key), f"{_canonical(headers)}\n{path(request)}", "sha1")
    return f"OTS {key.key_id}:{signature.decode()}"


def signing_key(request: Request, key: AccessKey) -> bytes:
    """The secret itself for V2; for V4 the key derived from it for a day and a region."""
    if _V4 not in request.headers:
        return key.secret.encode()
    return _derived(key.secret, request.headers.get("x-ots-signdate", ""), request.headers.get("x-ots-signregion", ""))


def content_md5(body: bytes) -> str:
    """The body's digest as the header has it."""
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()


def path(request: Request) -> str:
    """The request's path without a query."""
    return request.target.partition("?")[0]


@lru_cache(maxsize=64)
def _derived(secret: str, date: str, region: str) -> bytes:
    derived = f"aliyun_v4{secret}".encode()
    for part in (date, region, "ots", "aliyun_v4_request"):
        derived = hmac.digest(derived, part.encode("latin-1"), "sha256")
    # The SDK signs with the text of the Base64, not with the bytes.
    return base64.b64encode(derived)


def _canonical(headers: Mapping[str, str]) -> str:
    return "\n".join(
        sorted(
            f"{name}:{value.strip()}"
            for name, value in headers.items()
            if name.startswith("x-ots-") and name not in (_V2, _V4)
        )
    )


def _mac(key: bytes, text: str, method: str) -> bytes:
    return base64.b64encode(hmac.digest(key, text.encode("latin-1"), method))


@lru_cache(maxsize=64)
def _seconds(date: str) -> int:
    try:
        return calendar.timegm(time.strptime(date.partition(".")[0], _DATE))
    except ValueError:
        raise invalid(f"Invalid date format: {date}.") from None
