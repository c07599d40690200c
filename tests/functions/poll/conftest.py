"""`poll` as the platform loads it, beside the vendor's queues and a store."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from receipts.instance import Instance
from tests.functions.loading import Context
from tests.poll.conftest import vendor
from tests.store.conftest import server_with_tables, store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.alicom.tokens import Queue
    from tests.poll.support import Vendor

__all__ = ["server_with_tables", "store", "vendor"]

INDEX = Path(__file__).resolve().parents[3] / "functions" / "poll" / "index.py"
TICK = b'{"triggerTime": "2026-11-20T10:00:00Z", "triggerName": "every-minute", "payload": ""}'


class Poll:
    """The function's module, loaded anew, and what it works on."""

    def __init__(self, module: Any, vendor: Vendor, patch: pytest.MonkeyPatch) -> None:
        self.module, self.vendor, self._patch = module, vendor, patch

    def __call__(self, *queues: Queue, context: Any = None) -> dict[str, int]:
        """What the handler of a new instance returns, told to poll those queues."""
        self.set(ALICOM_QUEUES=",".join(f"{queue.message_type}:{queue.name}" for queue in queues))
        self.close()
        return self.tick(context)

    def tick(self, context: Any = None) -> dict[str, int]:
        """What the handler of the same instance returns."""
        counts: dict[str, int] = self.module.handler(TICK, context or Context())
        return counts

    def set(self, **settings: str) -> None:
        """Set what the next instance is told."""
        for name, value in settings.items():
            self._patch.setenv(name, value)

    def close(self) -> None:
        """End the instance."""
        if self.module._instance.made:
            self.module._instance.service.tokens.close()
        self.module._instance = Instance()


@pytest.fixture
def poll(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Poll]:
    """The function beside a vendor with no queue; the tokens' clock is the wall's."""
    spec = importlib.util.spec_from_file_location("poll_index", INDEX)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    poll = Poll(module, vendor, monkeypatch)
    poll.set(
        **vendor.store.environment(STORE_BUDGET_SECONDS="1"),
        ALICOM_ENDPOINT=vendor.alicom.mns_endpoint,
        ALICOM_API_ENDPOINT=vendor.alicom.endpoint,
        POLL_WAIT_SECONDS="0",
        POLL_CONSUMERS="2",
    )
    yield poll
    poll.close()
