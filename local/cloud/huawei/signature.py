"""The two forms of Huawei's credentials in a header, made for pushes and checked of questions to the API."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from typing import TYPE_CHECKING

from local.cloud.huawei.errors import INVALID_APP_KEY, INVALID_REQUEST, TIME_LIMIT, WRONG_DIGEST, HuaweiError
from local.cloud.rpc.moments import epoch
from local.cloud.rpc.nonces import Nonces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FORM = "%Y-%m-%dT%H:%M:%SZ"
# How far the time of signing may be off is not published: wide enough for any clock, too narrow for another zone's.
MOST_SECONDS_OFF = 15 * 60
_PAIR = re.compile(r'(\w+)\s*=\s*"([^"]*)"')
_NONCE = re.compile(r"[0-9A-Za-z]{1,128}")
_AUTHORIZATION = (
    ("realm", "1023007", "SDP", "1023009"),
    ("profile", "1023008", "UsernameToken", "1023010"),
    ("type", "1023012", "Appkey", "1023011"),
)
_TOKEN = (("Username", "1023034"), ("Nonce", "1023035"), ("Created", "1023036"), ("PasswordDigest", "1023037"))


def aksk(secret: str, nonce: str, created: str) -> str:
    """The digest of today's form: HMAC-SHA256 of nonce and time under the secret, in Base64."""
    digest = hmac.digest(secret.encode(), f"{nonce}{created}".encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()


def wsse(secret: str, nonce: str, created: str) -> str:
    """The digest of the older form: SHA-256 of nonce, time and secret, in Base64."""
    return base64.b64encode(hashlib.sha256(f"{nonce}{created}{secret}".encode()).digest()).decode()


FORMS = {"AKSK": aksk, "WSSE": wsse}


def signed(form: str, app_key: str, secret: str, nonce: str, now: float) -> dict[str, str]:
    """The headers of a push at `now` (epoch seconds), named in lower case as in the documents' samples.

    Args:
        form: `AKSK` or `WSSE`.
        app_key: the application's key.
        secret: its secret.
        nonce: up to 128 letters and digits.
        now: when it is signed.
    """
    created = time.strftime(FORM, time.gmtime(now))
    told = {
        "Username": app_key,
        "PasswordDigest": FORMS[form](secret, nonce, created),
        "Nonce": nonce,
        "Created": created,
    }
    pairs = ", ".join(f'{name}="{value}"' for name, value in told.items())
    return {
        "authorization": f'{form} realm="SDP",profile="UsernameToken",type="Appkey"',
        f"x-{form.lower()}": f"UsernameToken {pairs}",
    }


class Gate:
    """Lets requests in that are signed with the secret of an application.

    Args:
        apps: the secret of each application by its key.
        clock: epoch seconds that the time of signing is held against.
    """

    def __init__(self, apps: Mapping[str, str], clock: Callable[[], float]) -> None:
        self._apps = apps
        self._clock = clock
        self._nonces = Nonces()

    def admitted(self, headers: Mapping[str, str]) -> str:
        """The app key of who asks. Raises HuaweiError with what is missing or wrong, the first of it."""
        _check_authorization(headers.get("authorization", ""))
        told = _pairs(headers.get("x-aksk", ""), "1023033")
        for name, missing in _TOKEN:
            if not told.get(name):
                raise HuaweiError(missing)
        app_key, nonce, created = told["Username"], told["Nonce"], told["Created"]
        secret = self._apps.get(app_key)
        if secret is None:
            raise HuaweiError(INVALID_APP_KEY)
        moment, now = epoch(created, FORM, "+0000"), self._clock()
        if moment is None or not _NONCE.fullmatch(nonce):
            raise HuaweiError(INVALID_REQUEST)
        if abs(now - moment) > MOST_SECONDS_OFF:
            raise HuaweiError(TIME_LIMIT)
        if not hmac.compare_digest(aksk(secret, nonce, created).encode(), told["PasswordDigest"].encode()):
            raise HuaweiError(WRONG_DIGEST)
        if not self._nonces.first_use(app_key, nonce, now):
            raise HuaweiError(INVALID_REQUEST)
        return app_key


def _check_authorization(header: str) -> None:
    told = _pairs(header, "1023006")
    for name, missing, wanted, wrong in _AUTHORIZATION:
        if name not in told:
            raise HuaweiError(missing)
        if told[name] != wanted:
            raise HuaweiError(wrong)


def _pairs(header: str, missing: str) -> dict[str, str]:
    if not header:
        raise HuaweiError(missing)
    return dict(_PAIR.findall(header))
