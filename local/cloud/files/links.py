"""Links that are signed and run out, as the vendor's bucket gives them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.access import AccessKey

_BUCKET = "secret-axb-record-files"
_SECONDS = re.compile(r"[0-9]{1,12}")


class Refusal(Exception):
    """Why a link leads nowhere.

    Attributes:
        status: the HTTP status.
        code: the bucket's error code.
        message: what it says.
        more: further elements of the error.
    """

    def __init__(self, status: int, code: str, message: str, **more: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.more = status, code, message, more


class Links:
    """Makes links and tells good ones from others.

    Args:
        key: what they are signed with.
        clock: epoch seconds.
    """

    def __init__(self, key: AccessKey, clock: Callable[[], float]) -> None:
        self._key = key
        self._clock = clock

    def target(self, name: str, life_seconds: float) -> str:
        """Path and query of a link to the file `name` that is good from now on for so many seconds."""
        expires = str(int(self._clock() + life_seconds))
        query = {"Expires": expires, "OSSAccessKeyId": self._key.key_id, "Signature": self._signature(name, expires)}
        return f"/{quote(name)}?{urlencode(query)}"

    def check(self, method: str, name: str, query: str) -> None:
        """Let a request pass that has a good link.

        Raises:
            Refusal: 403; it was not signed here, not for this method and file, or it has run out.
        """
        given = dict(parse_qsl(query))
        expires, signature = given.get("Expires", ""), given.get("Signature", "")
        if not (signature and _SECONDS.fullmatch(expires)):
            raise Refusal(403, "AccessDenied", "You have no right to access this object because of bucket acl.")
        if given.get("OSSAccessKeyId") != self._key.key_id:
            raise Refusal(
                403, "InvalidAccessKeyId", "The OSS Access Key Id you provided does not exist in our records."
            )
        now = self._clock()
        if now > int(expires):
            raise Refusal(
                403, "AccessDenied", "Request has expired.", Expires=_stamp(int(expires)), ServerTime=_stamp(now)
            )
        if not hmac.compare_digest(self._signature(name, expires, method).encode(), signature.encode()):
            raise Refusal(
                403,
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. "
                "Check your key and signing method.",
            )

    def _signature(self, name: str, expires: str, method: str = "GET") -> str:
        text = f"{method}\n\n\n{expires}\n/{_BUCKET}/{name}"
        return base64.b64encode(hmac.digest(self._key.secret.encode(), text.encode(), hashlib.sha1)).decode()


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
