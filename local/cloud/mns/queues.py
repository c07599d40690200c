"""The queues of one account, by name."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from local.cloud.mns.attributes import QueueAttributes
from local.cloud.mns.errors import MnsError
from local.cloud.mns.queue import Ledger, Queue

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Callable

# The table of error codes says 256 characters and a letter in front; the newer pages on limits and on
# CreateQueue say 120 and a letter or a digit.
_LONGEST_NAME = 120
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


class Queues:
    """Makes, finds and deletes queues; safe for any number of threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._queues: dict[str, Queue] = {}
        self._lock = threading.Lock()

    def create(self, name: str, wanted: ET.Element) -> bool:
        """Make a queue as a `Queue` element asks for; False if there is one just like that.

        Raises:
            MnsError: QueueAlreadyExist if there is one with other attributes; a bad name or attribute.
        """
        if len(name) > _LONGEST_NAME:
            raise MnsError("QueueNameLengthError")
        if not _NAME.fullmatch(name):
            raise MnsError("InvalidQueueName")
        return self.add(name, QueueAttributes().changed_by(wanted))

    def add(self, name: str, attributes: QueueAttributes, ledger: Ledger | None = None) -> bool:
        """Make a queue with these attributes, and with a book that is kept on it; False if there is one already.

        Raises:
            MnsError: QueueAlreadyExist if there is one with other attributes.
        """
        with self._lock:
            present = self._queues.get(name)
            if present is None:
                self._queues[name] = Queue(name, attributes, self._clock, ledger)
                return True
            if present.attributes != attributes:
                raise MnsError("QueueAlreadyExist")
            return False

    def get(self, name: str) -> Queue:
        """The queue called `name`; MnsError QueueNotExist if there is none."""
        with self._lock:
            queue = self._queues.get(name)
        if queue is None:
            raise MnsError("QueueNotExist")
        return queue

    def delete(self, name: str) -> None:
        """Delete a queue and its messages; MnsError QueueNotExist if there is none."""
        with self._lock:
            queue = self._queues.pop(name, None)
        if queue is None:
            raise MnsError("QueueNotExist")
        queue.wake(deleted=True)

    def named(self, prefix: str) -> list[Queue]:
        """The queues whose names begin with `prefix`, in the order of their names."""
        with self._lock:
            return [queue for name, queue in sorted(self._queues.items()) if name.startswith(prefix)]

    def wake(self, *, stopping: bool = False) -> None:
        """Let every long poll look again, or end."""
        for queue in self.named(""):
            queue.wake(stopping=stopping)
