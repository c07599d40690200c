"""`decide` as the platform loads it, beside a store and a queue on loopback."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.golden.huawei import APP_KEY, APP_SECRET, signature
from local.golden.shapes import http_event
from receipts.journal import envelope
from tests.functions.loading import Context
from tests.store.conftest import server_with_tables, store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.store.support import Store

__all__ = ["server_with_tables", "store"]

INDEX = Path(__file__).resolve().parents[3] / "functions" / "decide" / "index.py"
CREATED = "2026-11-20T10:00:00Z"
X, A, B = "+8617000000002", "+8613900000001", "+8613700000003"
SESSION = "1201_612_4294967295_20261120071540@node1.example.com"


def call(**fields: Any) -> dict[str, Any]:
    """A call to X that waits."""
    info = {"timestamp": "2026-11-20 07:15:40", "sessionId": SESSION, "caller": A, "called": X, "notifyMode": "Block"}
    return {"eventType": "callin", "statusInfo": info | fields}


def text(**fields: Any) -> dict[str, Any]:
    """A text to X that waits."""
    event = {
        "smsIdentifier": "sms-1",
        "notificationMode": "Block",
        "calling": A,
        "virtualNumber": X,
        "event": "TextSMS",
    }
    return {"appKey": APP_KEY, "smsEvent": event | {"smsContent": "我到楼下了", "sendResult": 0} | fields}


def request(body: Any, path: str = "/", headers: dict[str, str] | None = None, **fields: Any) -> bytes:
    """An event of the HTTP trigger, signed unless `headers` are given; a body that is no text becomes JSON."""
    written = body if isinstance(body, str | bytes) else json.dumps(body)
    signed = signature("a1", CREATED) if headers is None else headers
    return json.dumps(http_event(path, written, 1, headers=signed) | fields).encode()


class Decide:
    """The function's module, loaded anew, and what it works with."""

    def __init__(self, store: Store) -> None:
        spec = importlib.util.spec_from_file_location("decide_index", INDEX)
        assert spec is not None
        assert spec.loader is not None
        self.module: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        self.store = store
        self._seen = len(store.mns.peek_all("receipts"))

    def response(self, event: bytes) -> dict[str, Any]:
        """What the handler returns."""
        response: dict[str, Any] = self.module.handler(event, Context())
        return response

    def answer(self, body: Any) -> Any:
        """The answer to a question, which is always given."""
        response = self.response(request(body))
        assert response["statusCode"] == 200
        assert response["headers"]["Content-Type"].startswith("application/json")
        return json.loads(response["body"])

    def journal(self) -> list[envelope.Envelope]:
        """What came onto the queue since this was asked last."""
        bodies = self.store.mns.peek_all("receipts")
        new, self._seen = bodies[self._seen :], len(bodies)
        return [envelope.opened(body) for body in new]

    def decision(self) -> dict[str, Any]:
        """The newest decision on the queue."""
        told: dict[str, Any] = json.loads(self.journal()[-1].body)
        assert told["eventType"] == "decision"
        return told

    def close(self) -> None:
        """Close every connection."""
        if self.module._instance.made:
            self.module._instance.service.journal.close()
            self.module._instance.service.clients.close()


@pytest.fixture
def deciding(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Decide]]:
    """Makes the function with settings; by default nothing is kept, and there is time."""
    made: list[Decide] = []

    def make(**settings: str) -> Decide:
        environment = store.environment(
            HUAWEI_APPS=json.dumps({APP_KEY: APP_SECRET}), HUAWEI_MAX_AGE_HOURS="87648", DECIDE_CACHE_SECONDS="0"
        )
        for name, value in {**environment, "DECIDE_BUDGET_MS": "5000", **settings}.items():
            monkeypatch.setenv(name, value)
        made.append(Decide(store))
        made[-1].module.initialize(Context())
        return made[-1]

    yield make
    store.server.faults.clear()
    store.mns.faults.clear()
    for one in made:
        one.close()


@pytest.fixture
def decide(deciding: Callable[..., Decide]) -> Decide:
    """The function."""
    return deciding()
