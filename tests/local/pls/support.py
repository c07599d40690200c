"""What the tests of the API share: the vendor's SDK, and requests signed by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

from tests.local import support as plain
from tests.local.support import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud.access import AccessKey
    from local.cloud.http import LoopbackServer
    from local.cloud.pls import PlsServer

ACTION = "QueryRecordFileDownloadUrl"
VERSION = "2017-05-25"
CALL_ID = "4a9f1c77d2e80b31"
CALL_TIME_MS = 1_795_154_703_000
CALL_TIME = "2026-11-20 14:05:03"
POOL_KEY = "FC100000099990001"
FILE = "1000450000123456_demo.mp3"
QUESTION = {"CallId": CALL_ID, "CallTime": CALL_TIME, "PoolKey": POOL_KEY}


def client_of(key: AccessKey = KEY, **options: Any) -> Any:
    """The SDK's client, which tries again as it thinks best."""
    return AcsClient(key.key_id, key.secret, "cn-hangzhou", **options)


def temporary_client(key: AccessKey, token: str) -> Any:
    """The SDK's client with a key that is good together with `token` only."""
    # Given a permanent key too, the SDK would use that one.
    return AcsClient(region_id="cn-hangzhou", credential=StsTokenCredential(key.key_id, key.secret, token))


def ask(  # noqa: PLR0913 - a request has that many sides
    server: PlsServer,
    question: Mapping[str, str] = QUESTION,
    *,
    action: str = ACTION,
    client: Any = None,
    method: str = "POST",
    form: bool = False,
) -> Any:
    """Ask for a link with the SDK; the parsed answer.

    Args:
        server: where to.
        question: the parameters of the API.
        action: the API.
        client: who asks, or None for the holder of `KEY`.
        method: GET or POST.
        form: whether the parameters go in the body instead of the address.
    """
    request = CommonRequest(server.endpoint.removeprefix("http://"), VERSION, action)
    request.set_protocol_type("http")
    request.set_method(method)
    for name, value in question.items():
        (request.add_body_params if form else request.add_query_param)(name, value)
    client = client or client_of()
    try:
        return json.loads(client.do_action_with_exception(request))
    finally:
        # Left to itself, the client closes its connections when the collector finds it: too late for some.
        client.session.close()


class Answer(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    content: Any

    @property
    def code(self) -> Any:
        """The code in the body."""
        return self.content["Code"]


def timestamp(offset: float = 0) -> str:
    """The time as `Timestamp` has it, `offset` seconds from now."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))


def signed(method: str, changes: Mapping[str, str | None] | None = None, key: AccessKey = KEY) -> dict[str, str]:
    """Every parameter of a good request, with its signature.

    Args:
        method: which is signed too.
        changes: other values, or None for a parameter that is left out.
        key: what to sign with.
    """
    parameters: dict[str, str | None] = {
        **QUESTION,
        "Action": ACTION,
        "Version": VERSION,
        "Format": "JSON",
        "AccessKeyId": key.key_id,
        "Timestamp": timestamp(),
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        **(changes or {}),
    }
    kept = {name: value for name, value in parameters.items() if value is not None}
    query = "&".join(f"{quote(name, safe='~')}={quote(kept[name], safe='~')}" for name in sorted(kept))
    text = f"{method}&%2F&{quote(query, safe='~')}"
    digest = hmac.new(f"{key.secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return {**kept, "Signature": base64.b64encode(digest).decode()}


def send(
    server: LoopbackServer,
    parameters: Mapping[str, str] | str,
    method: str = "GET",
    *,
    path: str = "/",
    body: tuple[str, bytes] = ("", b""),
) -> Answer:
    """Send one request with `parameters` in its address and a `body` of some content type."""
    query = parameters if isinstance(parameters, str) else urlencode(parameters)
    found = plain.send(server, method, f"{path}?{query}", body[1], {"Content-Type": body[0]})
    return Answer(found.status, found.headers, json.loads(found.body or b"null"))
