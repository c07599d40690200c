"""Signatures of 3.0: ACS3-HMAC-SHA256 over method, path, query, headers and the digest of the body."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from local.cloud.fc.access import check_signature, check_skew, required
from local.cloud.fc.errors import FcError
from local.cloud.rpc.moments import epoch

if TYPE_CHECKING:
    from local.cloud.fc.access import Access
    from local.cloud.http import Request
    from local.cloud.rpc.nonces import Nonces

ALGORITHM = "ACS3-HMAC-SHA256"
VERSION = "2023-03-30"
ACTION = "InvokeFunction"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(?P<key_id>[^,]+),"
    r"\s*SignedHeaders=(?P<signed>[^,]+),\s*Signature=(?P<signature>[0-9a-f]+)"
)


def verify(request: Request, access: Access, nonces: Nonces, now: float) -> None:
    """Let `request` pass if it is signed, whole, of this quarter of an hour, and was not made before.

    Raises:
        FcError: with the service's code for what is wrong.
    """
    headers = request.headers
    claim = _AUTHORIZATION.fullmatch(required(headers, "authorization"))
    if claim is None:
        raise FcError("InvalidArgument", "the header authorization is not understood")
    for name, value in (("x-acs-version", VERSION), ("x-acs-action", ACTION)):
        if required(headers, name) != value:
            raise FcError("InvalidArgument", f"the header {name} is another than {value}")
    check_skew(epoch(required(headers, "x-acs-date"), "%Y-%m-%dT%H:%M:%SZ", "+0000"), now, "x-acs-date")
    signed = claim["signed"].split(";")
    _check_signed(headers, signed)
    digest = required(headers, "x-acs-content-sha256")
    if digest != hashlib.sha256(request.body).hexdigest():
        raise FcError("SignatureNotMatch", "x-acs-content-sha256 is not the digest of the body")
    secret = access.secret(claim["key_id"], headers.get("x-acs-security-token"))
    text = f"{ALGORITHM}\n{hashlib.sha256(_canonical(request, signed, digest)).hexdigest()}"
    check_signature(hmac.digest(secret.encode(), text.encode(), hashlib.sha256).hex(), claim["signature"])
    if not nonces.first_use(claim["key_id"], required(headers, "x-acs-signature-nonce"), now):
        raise FcError("SignatureNonceUsed")


def _check_signed(headers: dict[str, str], signed: list[str]) -> None:
    """Whatever of the protocol's own a request says must be signed."""
    demanded = {name for name in headers if name.startswith("x-acs-")} | {"host", "content-type"} & headers.keys()
    if not demanded <= set(signed) <= headers.keys() or signed != sorted(signed):
        raise FcError("SignatureNotMatch", "SignedHeaders lacks headers, or names some that are not there")


def _canonical(request: Request, signed: list[str], digest: str) -> bytes:
    path, _, query = request.target.partition("?")
    items = sorted(parse_qsl(query, keep_blank_values=True))
    lines = [
        request.method,
        path,
        "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in items),
        *(f"{name}:{request.headers[name].strip()}" for name in signed),
        "",
        ";".join(signed),
        digest,
    ]
    # The HTTP layer reads one character per byte, so this is what was on the wire.
    return "\n".join(lines).encode("latin-1", "replace")


def _encoded(text: str) -> str:
    return quote(text, safe="~")
