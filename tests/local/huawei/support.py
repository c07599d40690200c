"""What the tests of Huawei's side share: an application, and questions to the API as its customers sign them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.local.support import Answer, send

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud.huawei import HuaweiServer

APP_KEY, SECRET = "a1DemoAppKey0000000000000001", "demoSecret0123456789ABCDEF"
NONCE, CREATED = "66c92b11ff8a425fb8d4ccfe0ed9ed1f", "2026-11-22T02:30:24Z"
NAME, DOMAIN = "26112210300612007961340.wav", "ostor.example.com"
AUTHORIZATION = 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'
_nonces = itertools.count()


def token(  # noqa: PLR0913 - what it is made of
    app_key: str = APP_KEY,
    secret: str = SECRET,
    *,
    nonce: str | None = None,
    created: str | None = None,
    digest: str | None = None,
    left_out: str = "",
) -> str:
    """The value of `X-AKSK`, signed now with a new nonce if not said otherwise; `left_out` names what is not in it."""
    nonce = nonce or f"nonce{next(_nonces)}"
    created = created or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    made = hmac.new(secret.encode(), (nonce + created).encode(), hashlib.sha256).digest()
    told = {
        "Username": app_key,
        "PasswordDigest": digest or base64.b64encode(made).decode(),
        "Nonce": nonce,
        "Created": created,
    }
    return "UsernameToken " + ",".join(f'{name}="{value}"' for name, value in told.items() if name != left_out)


def ask(
    server: HuaweiServer,
    x_aksk: str | None = None,
    authorization: str = AUTHORIZATION,
    *,
    asked: Mapping[str, str] | None = None,
    target: str = "/rest/provision/voice/record/v1.0",
) -> Answer:
    """Ask for the link to the recording; a header that is empty is not sent."""
    headers = {"Authorization": authorization, "X-AKSK": token() if x_aksk is None else x_aksk}
    query = urlencode({"fileName": NAME, "recordDomain": DOMAIN} if asked is None else asked)
    return send(server, "GET", f"{target}?{query}", b"", {name: value for name, value in headers.items() if value})
