"""Whether a push was signed with the secret of a known application: `X-AKSK`, or the older `X-WSSE`.

Both headers hold `UsernameToken Username="<app key>",PasswordDigest="…",Nonce="…",Created="<time>"`, and differ in how
the digest is made of nonce, time and secret. Source: Huawei Cloud PrivateNumber, "call event notification", 2026.

What a digest does not prove, and what follows:

- It does not cover the body, so it says who sends and nothing of what is sent: serve HTTPS.
- It holds for whoever has seen it. `Created` bounds for how long, widely, because it may be the time of the first try
  and the last retry comes some ten and a half hours later. Nor is a nonce remembered: a retry may carry the one of the
  first try, and refusing it would lose the receipt for ever, while a receipt that comes a second time changes nothing.
- Where both headers are there, one that is right is enough: each of them takes the secret, and who does not have it
  may leave either away anyhow, so asking for both would keep nobody out.

`Authorization` only names the scheme; it is not looked at.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from receipts.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    _DigestOf = Callable[[bytes, bytes], bytes]

UNAUTHORIZED, FORBIDDEN = 401, 403
# The documented values come to some 300 characters.
MOST_HEADER_CHARACTERS = 1024
FIELDS = ("username", "passworddigest", "nonce", "created")
_FIELD = re.compile(r'(\w+)\s*=\s*"([^"]*)"', re.ASCII)
# Nothing shorter or longer, as nonce and time are signed without a border between them: this one cannot be moved.
_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z")


def verify(headers: Mapping[str, str], apps: Mapping[str, bytes], now: float, max_age_seconds: float) -> None:
    """Raise unless the headers prove that their sender knows the secret of an application.

    Args:
        headers: those of the push, names in lower case.
        apps: app key -> secret.
        now: epoch seconds.
        max_age_seconds: by how much the signed time may differ from `now`, either way.

    Raises:
        Refusal: 401 if neither header is there, 403 if none of those that are there proves anything. Its words are
            the same for an app key that is not known and for a wrong digest, and repeat nothing of the headers.
    """
    if not apps:
        raise Refusal(FORBIDDEN, "HUAWEI_APPS is not set: nothing of Huawei's is taken in")
    problems = [
        _problem(headers[name], digest_of, apps, now, max_age_seconds)
        for name, digest_of in (("x-aksk", _aksk), ("x-wsse", _wsse))
        if name in headers
    ]
    if not problems:
        raise Refusal(UNAUTHORIZED, "neither X-AKSK nor X-WSSE is there")
    if all(problems):
        raise Refusal(FORBIDDEN, str(problems[0]))


def signer(headers: Mapping[str, str], apps: Mapping[str, bytes]) -> str:
    """The app key that a push names, if it is one of `apps`, else empty: whose it is, not whether that is proved."""
    for name in ("x-aksk", "x-wsse"):
        header = headers.get(name, "")[:MOST_HEADER_CHARACTERS]
        told = {field.lower(): value for field, value in _FIELD.findall(header)}
        if told.get("username") in apps:
            return str(told["username"])
    return ""


def _problem(
    header: str, digest_of: _DigestOf, apps: Mapping[str, bytes], now: float, max_age_seconds: float
) -> str | None:
    """Why one header proves nothing; None if it does."""
    told = {}
    if len(header) <= MOST_HEADER_CHARACTERS:
        told = {name.lower(): value for name, value in _FIELD.findall(header)}
    if not all(told.get(name) for name in FIELDS):
        return "the signature lacks one of Username, PasswordDigest, Nonce, Created, or is too long"
    key, given, nonce, created = (told[name] for name in FIELDS)
    # The same work for an app key that is not there, so that the time taken does not tell it from one that is.
    secret = apps.get(key) or next(iter(apps.values()))
    digest = digest_of(secret, (nonce + created).encode("utf-8", "surrogatepass"))
    right = hmac.compare_digest(digest, given.encode("utf-8", "surrogatepass"))
    if not right or key not in apps:
        return "the signature is not made with an app key and its secret in HUAWEI_APPS"
    moment = _moment(created)
    if moment is None or abs(now - moment) > max_age_seconds:
        return "the time in the signature is not within HUAWEI_MAX_AGE_HOURS of now"
    return None


def _aksk(secret: bytes, signed: bytes) -> bytes:
    return base64.b64encode(hmac.digest(secret, signed, "sha256"))


def _wsse(secret: bytes, signed: bytes) -> bytes:
    return base64.b64encode(hashlib.sha256(signed + secret).digest())


def _moment(created: str) -> float | None:
    """Epoch seconds of `yyyy-MM-ddTHH:mm:ssZ`, which is UTC; None for anything else."""
    found = _TIME.fullmatch(created)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone.utc).timestamp()
    except ValueError:
        return None
