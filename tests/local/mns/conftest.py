"""A running server of queues, an account of the vendor's SDK on it, and one queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from mns.queue import QueueMeta

from local.cloud.mns import MnsServer
from tests.local.mns.support import account_of
from tests.local.support import KEY, FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> FakeClock:
    """What the server's queues go by."""
    return FakeClock()


@pytest.fixture
def server(clock: FakeClock) -> Iterator[MnsServer]:
    """A server that stands at the fake clock's time."""
    with MnsServer(key=KEY, clock=clock) as server:
        yield server


@pytest.fixture
def account(server: MnsServer) -> Iterator[Any]:
    """The SDK's account."""
    with account_of(server) as account:
        yield account


@pytest.fixture
def queue(account: Any) -> Any:
    """The queue `receipts` with default attributes."""
    queue = account.get_queue("receipts")
    queue.create(QueueMeta())
    return queue
