"""What the tests of the object store share: the vendor's SDK, and requests signed by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
from contextlib import contextmanager
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import oss2
import pytest

from tests.local.support import KEY, Answer, send

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from local.cloud.access import AccessKey
    from local.cloud.oss import OssServer

BUCKET = "recordings"
REGION = "cn-shanghai"
VERSIONS = [oss2.AUTH_VERSION_1, oss2.AUTH_VERSION_4]
KB = 1 << 10
MB = 1 << 20


@contextmanager
def client_of(
    server: OssServer,
    version: str = oss2.AUTH_VERSION_4,
    *,
    key: AccessKey = KEY,
    token: str = "",
    bucket: str = BUCKET,
) -> Iterator[Any]:
    """The SDK's bucket on `server`, with signatures of this version."""
    auth = oss2.StsAuth(*key, token, version) if token else oss2.make_auth(*key, version)
    session = _Session()
    try:
        yield oss2.Bucket(auth, server.endpoint, bucket, session=session, region=REGION, connect_timeout=10)
    finally:
        session.close()


class _Session(oss2.Session):  # type: ignore[misc] # the SDK has no types
    """The SDK's own, which leaves the connection of every answer open that is not read to its end, as of a HEAD."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: list[Any] = []

    def do_request(self, req: Any, timeout: Any) -> Any:
        """As the SDK does it."""
        answer = super().do_request(req, timeout)
        self._answers.append(answer.response)
        return answer

    def close(self) -> None:
        """Close everything."""
        for answer in self._answers:
            answer.close()
        self.session.close()


def refused(code: str, status: int | None = None) -> AbstractContextManager[Any]:
    """Around a call of the SDK that the service must refuse with this code."""

    def check(error: Any) -> bool:
        return bool(error.code == code and status in (None, error.status) and error.request_id)

    return pytest.raises(oss2.exceptions.ServerError, check=check)


def ask(
    server: OssServer,
    method: str,
    target: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request signed by hand, with version 1, for a target whose query is all sub-resources, sorted."""
    signed = {"Date": formatdate(usegmt=True), **(headers or {})}
    signed["Authorization"] = f"OSS {KEY.key_id}:{signature_v1(method, target, signed)}"
    return send(server, method, target, body, signed)


def signature_v1(method: str, target: str, headers: Mapping[str, str], key: AccessKey = KEY) -> str:
    """The signature of a request with these headers."""
    lower = {name.lower(): value for name, value in headers.items()}
    own = "".join(f"{name}:{value}\n" for name, value in sorted(lower.items()) if name.startswith("x-oss-"))
    path, _, query = target.partition("?")
    resource = unquote(path) + (f"?{unquote(query)}" if query else "")
    head = [method, lower.get("content-md5", ""), lower.get("content-type", ""), lower["date"]]
    text = "\n".join([*head, own + resource])
    return base64.b64encode(hmac.digest(key.secret.encode(), text.encode(), hashlib.sha1)).decode()


def md5(body: bytes) -> Any:
    """The digest by which the service knows a body: a checksum, no secret."""
    return hashlib.md5(body, usedforsecurity=False)
