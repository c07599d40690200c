"""Signatures of requests to OSS: version 4, which is the only one that new buckets take. Standard library only.

The body is not signed (`UNSIGNED-PAYLOAD`, as the vendor's SDKs do): its `Content-MD5` is.
Source: Alibaba Cloud OSS, "Include a V4 signature in the Authorization header".
"""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from receipts.credentials import Credentials

SCHEME = "OSS4-HMAC-SHA256"
PAYLOAD = "UNSIGNED-PAYLOAD"
ALWAYS_SIGNED = ("content-md5", "content-type")


class Request(NamedTuple):
    """A request without parameters.

    Attributes:
        method: the HTTP method.
        path: `/<bucket>/<key>`, not quoted, even where the bucket stands in the host name.
        headers: those beside `host` and `content-length`, names in lower case.
    """

    method: str
    path: str
    headers: dict[str, str]


def signed(request: Request, credentials: Credentials, region: str, seconds: float) -> dict[str, str]:
    """The headers of a request, those of its signature added.

    Args:
        request: what is asked.
        credentials: the keys; a security token goes into the headers.
        region: the bucket's region id.
        seconds: the time of day in epoch seconds.
    """
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))
    headers = {**request.headers, "x-oss-date": moment, "x-oss-content-sha256": PAYLOAD}
    if credentials.token:
        headers["x-oss-security-token"] = credentials.token
    own = sorted((name, value) for name, value in headers.items() if name.startswith("x-oss-") or name in ALWAYS_SIGNED)
    lines = "".join(f"{name}:{value}\n" for name, value in own)
    # Nothing between the headers and the payload: no parameters before them, no further headers after.
    canonical = f"{request.method}\n{quote(request.path)}\n\n{lines}\n\n{PAYLOAD}"
    scope = f"{moment[:8]}/{region}/oss/aliyun_v4_request"
    text = f"{SCHEME}\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = b"aliyun_v4" + credentials.secret.encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    headers["authorization"] = f"{SCHEME} Credential={credentials.key_id}/{scope}, Signature={signature}"
    return headers
