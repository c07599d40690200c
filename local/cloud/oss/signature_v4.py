"""Signatures of version 4: HMAC-SHA256 with a key for one day, region and product, over every parameter."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote_from_bytes

from local.cloud.oss.errors import OssError
from local.cloud.oss.signature import (
    LONGEST_SKEW,
    Claim,
    check_skew,
    expired,
    header_bytes,
    own_headers,
    target_bytes,
)

if TYPE_CHECKING:
    from local.cloud.oss.call import Call

SCHEME = "OSS4-HMAC-SHA256"
URL_PARAMETER = "x-oss-signature-version"
_CREDENTIAL = re.compile(r"(?P<key_id>[^/]+)/(?P<scope>(?P<day>[0-9]{8})/[^/]+/oss/aliyun_v4_request)")
_SECONDS = re.compile(r"[0-9]{1,6}")
_LONGEST_LIFE = 7 * 24 * 3600
_DATE = "%Y%m%dT%H%M%SZ"
_ALWAYS = ("content-md5", "content-type")


class _Proof(NamedTuple):
    """The parts of a version 4 signature, from the headers or from the URL."""

    credential: str
    date: str
    additional: str
    signature: str


def from_headers(call: Call, now: float) -> Claim:
    """What the `Authorization` header claims.

    Raises:
        OssError: InvalidArgument, AccessDenied or RequestTimeTooSkewed.
    """
    text = call.headers["authorization"].removeprefix(SCHEME)
    fields = dict(part.strip().partition("=")[::2] for part in text.split(","))
    credential, additional, signature = (
        fields.get(name, "") for name in ("Credential", "AdditionalHeaders", "Signature")
    )
    date = call.headers.get("x-oss-date", "")
    check_skew(_seconds(date), now)
    return _claim(call, _Proof(credential, date, additional, signature))


def from_url(call: Call, now: float) -> Claim:
    """What the parameters of a signed URL claim.

    Raises:
        OssError: InvalidArgument; AccessDenied outside the time for which it was made.
    """
    credential, date, additional, signature, life = (
        call.parameters.get(f"x-oss-{name}", "")
        for name in ("credential", "date", "additional-headers", "signature", "expires")
    )
    sent_at = _seconds(date)
    if sent_at is None or not _SECONDS.fullmatch(life) or not 1 <= int(life) <= _LONGEST_LIFE:
        raise OssError("InvalidArgument", "x-oss-date or x-oss-expires is not valid.")
    if not sent_at - LONGEST_SKEW <= now <= sent_at + int(life):
        raise expired()
    return _claim(call, _Proof(credential, date, additional, signature))


def _claim(call: Call, proof: _Proof) -> Claim:
    credential = _CREDENTIAL.fullmatch(proof.credential)
    if credential is None or credential["day"] != proof.date[:8] or not proof.signature:
        raise OssError("InvalidArgument", "The credential or the signature is not valid.")
    request = hashlib.sha256(_canonical_request(call, proof.additional)).hexdigest()
    text = "\n".join([SCHEME, proof.date, credential["scope"], request]).encode("utf-8", "replace")

    def sign(secret: bytes) -> str:
        key = b"aliyun_v4" + secret
        for part in credential["scope"].split("/"):
            key = hmac.digest(key, part.encode("utf-8", "replace"), hashlib.sha256)
        return hmac.digest(key, text, hashlib.sha256).hex()

    return Claim(credential["key_id"], proof.signature, sign)


def _canonical_request(call: Call, additional: str) -> bytes:
    names = sorted(filter(None, additional.lower().split(";")))
    path = f"/{call.bucket}/{call.key}" if call.bucket else "/"
    headers = "".join(f"{name}:{value}\n" for name, value in own_headers(call, *_ALWAYS, *names))
    return b"\n".join(
        [
            call.request.method.encode(),
            _encoded(path, "/"),
            _canonical_query(call),
            header_bytes(headers),
            header_bytes(";".join(names)),
            header_bytes(call.headers.get("x-oss-content-sha256", "UNSIGNED-PAYLOAD")),
        ]
    )


def _canonical_query(call: Call) -> bytes:
    items = sorted((_encoded(name), _encoded(value)) for name, value in call.items if name != "x-oss-signature")
    return b"&".join(name + b"=" + value if value else name for name, value in items)


def _encoded(text: str, safe: str = "") -> bytes:
    return quote_from_bytes(target_bytes(text), safe=safe).encode()


def _seconds(date: str) -> float | None:
    try:
        return datetime.strptime(date, _DATE).replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return None
