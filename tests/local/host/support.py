"""The types of the fixtures, a queue trigger, and a queue in memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol

from local.host.queue_source import HeldMessage, QueueUnavailableError
from template.functions import QueueTrigger
from template.strategies import BACKOFF

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local.host.host import Host
    from template.functions import Function


QUEUE_TRIGGER = QueueTrigger(
    name="receipts",
    queue="receipts",
    region="cn-hangzhou",
    base64_decode=True,
    streaming=True,
    raw_data=False,
    go_on_after_errors=True,
    retry_strategy=BACKOFF,
    batch_count=100,
    batch_seconds=1,
    dead_letters=None,
    enabled=True,
)


class MakeFunction(Protocol):
    """Writes `source` as index.py of a new folder and returns the function; fields by keyword."""

    def __call__(self, source: str, name: str = "f", **fields: Any) -> Function:
        """Make it."""


class StartHost(Protocol):
    """Starts a host of functions; options as Host's."""

    def __call__(self, *functions: Function, **options: Any) -> Host:
        """Start it."""


class Eventually(Protocol):
    """Waits until a condition holds, at most 10 s."""

    def __call__(self, look: Callable[[], Any]) -> Any:
        """Wait."""


class MemoryQueue:
    """A queue source in memory, with outages on demand. `log` tells what was asked of it."""

    def __init__(self, *bodies: str, visible_seconds: float = 30.0) -> None:
        self.waiting = list(bodies)
        self.held: dict[str, str] = {}
        self.sent: list[tuple[str, str]] = []
        self.log: list[tuple[str, int]] = []
        self.outages: dict[str, int] = {}
        self.lost_on_hold = False
        self.closed = False
        self._visible_seconds = visible_seconds
        self._handles = 0

    def receive(self, limit: int, wait_seconds: int) -> list[HeldMessage]:
        """At most `limit`; never waits."""
        self._ask("receive", limit)
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return [self._held(body, self._visible_seconds) for body in taken]

    def delete(self, messages: Sequence[HeldMessage]) -> None:
        """Only with the newest handle."""
        self._ask("delete", len(messages))
        for message in messages:
            self.held.pop(message.handle, None)

    def hold(self, message: HeldMessage, seconds: int) -> HeldMessage | None:
        """A new handle; one second is a release."""
        self._ask("hold", seconds)
        body = self.held.pop(message.handle)
        if self.lost_on_hold:
            return None
        if seconds == 1:
            self.waiting.append(body)
            return message
        return self._held(body, seconds)

    def send(self, queue: str, body: str) -> None:
        """Into another queue."""
        self._ask("send", 1)
        self.sent.append((queue, body))

    def close(self) -> None:
        """Remember it."""
        self.closed = True

    def _ask(self, operation: str, size: int) -> None:
        if self.outages.get(operation):
            self.outages[operation] -= 1
            raise QueueUnavailableError("ServiceUnavailable")
        self.log.append((operation, size))

    def _held(self, body: str, seconds: float) -> HeldMessage:
        self._handles += 1
        handle = str(self._handles)
        self.held[handle] = body
        return HeldMessage(f"id-{handle}", body, handle, int((time.time() + seconds) * 1000), 1700000000000)
