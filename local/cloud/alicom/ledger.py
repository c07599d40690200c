"""The book that is kept on a queue: what was handed out how often, and what became of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from local.cloud.alicom.neglect import Neglect, Thresholds

if TYPE_CHECKING:
    from local.cloud.mns.message import Message


class QueueLedger:
    """See `local.cloud.mns.queue.Ledger`; safe for any number of threads."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._lock = threading.Lock()
        self._neglect = Neglect(thresholds)
        self._handed_out: dict[str, int] = {}
        self._deletes = 0

    def handed_out(self, message: Message, now: int) -> None:
        """Count it."""
        with self._lock:
            self._handed_out[message.message_id] = message.dequeue_count
            self._neglect.received(now, first=message.dequeue_count == 1)

    def deleted(self, message: Message, now: int) -> None:  # noqa: ARG002 - the protocol's
        """Count it."""
        with self._lock:
            self._deletes += 1
            self._neglect.deleted(now)

    def expired(self, message: Message) -> None:
        """Count it, if it was handed out before."""
        with self._lock:
            if message.dequeue_count:
                self._neglect.expired()

    def admits(self, now: int) -> bool:
        """Whether a request to receive that comes at `now` (epoch milliseconds) is served."""
        with self._lock:
            return self._neglect.admits(now)

    def counts(self) -> dict[str, int]:
        """How often each message was handed out, by its id; those that are gone too."""
        with self._lock:
            return dict(self._handed_out)

    @property
    def deletes(self) -> int:
        """How many messages were deleted."""
        return self._deletes
