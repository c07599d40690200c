"""`ingest` as the platform loads it, beside a real store."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.store.conftest import server_with_tables, store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.support import Store

__all__ = ["server_with_tables", "store"]

ROOT = Path(__file__).resolve().parents[3]
INDEX = ROOT / "functions" / "ingest" / "index.py"
EVENTS = ROOT / "events"


class Context:
    """The platform's context, as far as `ingest` looks at it."""

    request_id = "1-test-request"

    def __init__(self, **credentials: str) -> None:
        if credentials:
            self.credentials = Keys(**credentials)


@dataclass
class Keys:
    """A key pair in the context."""

    access_key_id: str
    access_key_secret: str
    security_token: str = ""


@dataclass
class Ingest:
    """The function's module, loaded anew, and the store it writes to."""

    module: Any
    store: Store

    def take(self, event: bytes, context: Any = None) -> dict[str, int]:
        """What the handler returns."""
        counts: dict[str, int] = self.module.handler(event, context or Context())
        return counts

    def golden(self, name: str) -> dict[str, int]:
        """What the handler returns for a golden event."""
        return self.take((EVENTS / "ingest" / f"{name}.json").read_bytes())

    @property
    def client(self) -> Any:
        """The store's client that the function has made."""
        return self.module._instance.service.stores.rows._client


@pytest.fixture
def ingest(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ingest]:
    """The function beside an empty store."""
    for name, value in store.environment(STORE_BUDGET_SECONDS="1").items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("ingest_index", INDEX)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = Ingest(module, store)
    yield function
    if module._instance.made:
        module._instance.service.bucket.close()
        function.client.connection.pool.clear()
        module._instance.service.stores.jobs._queue.close()
