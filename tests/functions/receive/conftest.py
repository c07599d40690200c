"""`receive` as the platform loads it, beside a real queue server."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from local.cloud.mns import MnsServer
from receipts.journal import envelope
from tests.store.buckets import environment_of, with_bucket
from tests.store.support import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.cloud.oss import OssServer

INDEX = Path(__file__).resolve().parents[3] / "functions" / "receive" / "index.py"
TOKENS = ("first-token-of-the-tests", "second-token-of-the-tests")
QUEUE_XML = b'<?xml version="1.0"?><Queue xmlns="http://mns.aliyuncs.com/doc/v1/"></Queue>'


class Context:
    """The platform's context, as far as `receive` looks at it."""

    request_id = "1-test-request"


def http_event(path: str, body: str = "[]", method: str = "POST", **fields: Any) -> bytes:
    """An event of the HTTP trigger; `path` is taken as it is, percent signs included."""
    event = {
        "version": "v1",
        "rawPath": path,
        "headers": {"Content-Type": "application/json"},
        "queryParameters": {},
        "body": body,
        "isBase64Encoded": False,
        "requestContext": {"requestId": "", "http": {"method": method, "path": path}},
        **fields,
    }
    return json.dumps(event).encode()


def push_event(body: str = "[]", message_type: str = "SecretReport", token: str = TOKENS[0], **fields: Any) -> bytes:
    """A push with a right token."""
    return http_event(f"/aliyun/{quote(token)}/{quote(message_type)}", body, **fields)


@dataclass
class Receive:
    """The function's module, loaded anew, the queue it sends to, and the bucket."""

    module: Any
    mns: MnsServer
    oss: OssServer
    environment: dict[str, str] = field(default_factory=dict)

    def answer(self, event: bytes) -> dict[str, Any]:
        """What the handler returns."""
        answer: dict[str, Any] = self.module.handler(event, Context())
        return answer

    def status(self, event: bytes) -> int:
        """The status the handler answers."""
        return int(self.answer(event)["statusCode"])

    def journal(self) -> list[envelope.Envelope]:
        """What the queue holds, oldest first."""
        return [envelope.opened(body) for body in self.mns.peek_all("receipts")]


def load() -> Any:
    """The module of the function, without what an earlier load of it left."""
    spec = importlib.util.spec_from_file_location("receive_index", INDEX)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def mns() -> Iterator[MnsServer]:
    """A queue server for the module's tests."""
    with MnsServer(key=KEY) as server:
        yield server


@pytest.fixture(scope="module")
def oss() -> Iterator[OssServer]:
    """An object store with an empty bucket, for the module's tests."""
    with with_bucket() as server:
        yield server


@pytest.fixture
def receive(mns: MnsServer, oss: OssServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receive]:
    """The function with an empty queue and no faults."""
    from mns.account import Account  # noqa: PLC0415 - only here
    from mns.queue import QueueMeta  # noqa: PLC0415 - only here

    account = Account(mns.endpoint, KEY.key_id, KEY.secret)
    account.get_queue("receipts").create(QueueMeta())
    settings = {
        "ALIYUN_PUSH_TOKENS": ",".join(TOKENS),
        "MNS_ENDPOINT": mns.endpoint,
        **environment_of(oss),
        "ACK_BUDGET_MS": "450",
        "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY.key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY.secret,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    function = Receive(load(), mns, oss, settings)
    yield function
    mns.faults.clear()
    mns.faults.calls.clear()
    oss.faults.clear()
    if function.module._instance.made:
        function.module._instance.service.journal.close()
    account.get_queue("receipts").delete()
    account.mns_client.close_connection()
