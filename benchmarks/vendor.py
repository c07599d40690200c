"""The vendor's queues in a process of their own, every answer of which takes its time."""

from __future__ import annotations

import contextlib
import time
from multiprocessing.managers import BaseManager
from typing import TYPE_CHECKING, Any

from benchmarks.loopback import FRESH
from local.cloud.alicom import AlicomServer
from local.cloud.faults import Fault
from local.stack import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DELETIONS = ("DeleteMessage", "BatchDeleteMessage")


class Vendor:
    """The servers: the queues, and the API that gives tokens for them.

    Args:
        delay: seconds that every request waits before it is carried out.
    """

    def __init__(self, delay: float) -> None:
        self._deleted_at = 0.0
        self._alicom = AlicomServer(key=KEY).start()
        for operation in DELETIONS:
            self._alicom.faults.plan(Fault(delay=delay, after=self._note), on=operation, times=None)
        self._alicom.faults.plan(Fault(delay=delay), times=None)

    def environment(self) -> dict[str, str]:
        """The settings that lead here: the addresses, and every queue of the vendor's."""
        return {
            "ALICOM_ENDPOINT": self._alicom.mns_endpoint,
            "ALICOM_API_ENDPOINT": self._alicom.endpoint,
            "ALICOM_QUEUES": ",".join(f"{kind}:{name}" for name, kind in self._alicom.queues.items()),
        }

    def fill(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Put a message for each (type, body) into the queue of its type."""
        for message_type, body in messages:
            self._alicom.send(message_type, body)

    def left(self) -> int:
        """How many messages are in the vendor's queues."""
        return sum(self._alicom.left(queue) for queue in self._alicom.queues)

    def deleted(self) -> int:
        """How many were deleted so far."""
        return sum(self._alicom.deletes(queue) for queue in self._alicom.queues)

    def handed_out(self) -> int:
        """How many were handed out so far; one that was handed out twice counts twice."""
        return sum(sum(self._alicom.handed_out(queue).values()) for queue in self._alicom.queues)

    def deleted_at(self) -> float:
        """When messages were last deleted, on the monotonic clock, which all processes of a machine share."""
        return self._deleted_at

    def _note(self) -> None:
        self._deleted_at = time.monotonic()


class _Manager(BaseManager):
    """Keeps the servers in its process, and answers for them."""


_Manager.register("Vendor", Vendor)


@contextlib.contextmanager
def vendor(delay: float) -> Iterator[Any]:
    """A `Vendor` in a process of its own, which ends with the block."""
    with _Manager(ctx=FRESH) as manager:
        yield manager.Vendor(delay)  # type: ignore[attr-defined]  # what `register` makes
