"""Whose turn it is among the queues, for all who drain them together."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from receipts.alicom.tokens import Queue


class Turns:
    """The queues of one poll. Thread-safe.

    Nobody waits for messages while there is a queue that was not found empty. After that each queue is waited for
    once, by one who drains; whoever finds none left to wait for stands by, as there may come more than one can take.

    Args:
        queues: all of them.
        wait_seconds: how long each is waited for.
    """

    def __init__(self, queues: Sequence[Queue], wait_seconds: int) -> None:
        self._places = {queue: place for place, queue in enumerate(queues)}
        self._open = set(queues)
        self._quiet: deque[Queue] = deque()
        self._waited: set[Queue] = set()
        self._left: set[Queue] = set()
        self._wait = wait_seconds
        self._changed = threading.Condition()

    def next(self, last: Queue, *, waiting: bool) -> tuple[Queue, int] | None:
        """The queue to look at, and for how many seconds to wait for it.

        Whoever gets a queue has to say what came of it, by one of the other methods.

        Args:
            last: where the caller looked before: who goes round by itself meets the receipts of a call together, as
                they lie at the same depth of the queues.
            waiting: whether the caller has time to wait, or to stand by.

        Returns:
            None when there is none: all are empty or left alone, or the caller does not wait.
        """
        with self._changed:
            while not self._open:
                if not waiting or not (self._quiet or self._waited):
                    return None
                if self._quiet:
                    queue = self._quiet.popleft()
                    self._waited.add(queue)
                    return queue, self._wait
                self._changed.wait()
            place = self._places[last]
            return min(self._open, key=lambda queue: (self._places[queue] <= place, self._places[queue])), 0

    def gave(self, queue: Queue) -> None:
        """There were messages in it, and there may be more."""
        with self._changed:
            if self._shut(queue):
                self._open.add(queue)
                self._changed.notify_all()

    def gave_nothing(self, queue: Queue, waited: int) -> None:
        """It was empty: it is waited for later, or that was done."""
        with self._changed:
            if waited:
                self._waited.discard(queue)
            elif queue in self._open:
                self._open.remove(queue)
                if self._wait:
                    self._quiet.append(queue)
            self._changed.notify_all()

    def leave(self, queue: Queue) -> bool:
        """It is in trouble: not again in this poll. Whether this is told for the first time."""
        with self._changed:
            first = queue not in self._left
            self._left.add(queue)
            self._shut(queue)
            self._open.discard(queue)
            self._changed.notify_all()
            return first

    def stop(self) -> None:
        """No queue is looked at any more."""
        with self._changed:
            self._quiet.clear()
            self._open.clear()
            self._waited.clear()
            self._changed.notify_all()

    def _shut(self, queue: Queue) -> bool:
        """Take it from those that were found empty; whether it was one of them."""
        if queue in self._quiet:
            self._quiet.remove(queue)
            return True
        found = queue in self._waited
        self._waited.discard(queue)
        return found
