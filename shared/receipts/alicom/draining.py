"""Drains the vendor's queues: receive, store, delete; many queues and several consumers at once.

A consumer takes batches of several queues before it stores them all in one pass: that is fewer requests to the store,
and the receipts of a call, which lie in as many queues as it has types, meet in it.

A message is deleted only once it is stored. What could not be stored is left to come again, and nothing more is
received then: a queue whose messages are taken and not deleted is slowed down by the vendor.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from receipts.alicom.clients import Clients
from receipts.alicom.consumer import Consumer, KeyRefused, SourceUnavailable
from receipts.alicom.messages import envelope
from receipts.alicom.tokens import TokenRefused
from receipts.alicom.turns import Turns
from receipts.intake.pipeline import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from receipts.alicom.consumer import Received
    from receipts.alicom.tokens import Queue, Tokens
    from receipts.errors import ReceiptsError
    from receipts.intake.pipeline import Summary
    from receipts.journal.envelope import Envelope

    Batch = tuple[Queue, list[Received]]

# Of 16 messages, stored in one pass: 96 rows, where one read takes 100, and what 50 consumers hold is below the 5,000
# messages at which the vendor slows a receiver down that does not delete.
MOST_BATCHES = 6


class Storer(Protocol):
    """One thread's way to the store."""

    def take(self, envelopes: Sequence[Envelope]) -> Summary:
        """Store a batch whole, dead letters included, or raise."""

    def close(self) -> None:
        """Close the connections."""


class Drained(NamedTuple):
    """What a round came to.

    Attributes:
        summary: what was stored, as `ingest` counts it.
        counts: `messages` received and stored; `left`: stored, but not deleted, so that they come again; `alone`:
            queues that were left alone; `out_of_time`: consumers that had to stop before the queues were empty.
    """

    summary: Summary
    counts: Counter[str]


class Means(NamedTuple):
    """What draining works with.

    Attributes:
        endpoint: the vendor's MNS service.
        tokens: keys to its queues.
        storer: makes one for each thread.
        wait_seconds: how long an empty queue is waited for, once no queue has anything.
        consumers: how many threads at most.
        out_of_time: whether to receive nothing more.
        trouble: called with a queue that is left alone this time, and why.
    """

    endpoint: str
    tokens: Tokens
    storer: Callable[[], Storer]
    wait_seconds: int
    consumers: int
    out_of_time: Callable[[], bool]
    trouble: Callable[[Queue, ReceiptsError], None]


def drained(queues: Sequence[Queue], means: Means) -> Drained:
    """Empty the queues, of which there is one at least, as far as the time allows.

    Raises:
        ReceiptsError: what the store raised to one of the consumers; messages that were not stored come again.
    """
    round_ = _Round(queues, means.wait_seconds)
    with ThreadPoolExecutor(means.consumers, thread_name_prefix="consumer") as threads:
        # Each begins with another queue, so that one that does not answer holds up few of them.
        lasts = [queues[(number - 1) % len(queues)] for number in range(means.consumers)]
        workers = [threads.submit(_Worker(round_, means, last).work) for last in lasts]
    for worker in workers:
        worker.result()
    return Drained(round_.summary, round_.counts)


class _Round:
    """What the workers share."""

    def __init__(self, queues: Sequence[Queue], wait_seconds: int) -> None:
        self.turns = Turns(queues, wait_seconds)
        self.counts: Counter[str] = Counter(messages=0, left=0, alone=0, out_of_time=0)
        self.summary = NOTHING
        self._lock = threading.Lock()

    def add(self, **counts: int) -> None:
        """Count."""
        with self._lock:
            self.counts.update(counts)

    def stored(self, messages: int, summary: Summary) -> None:
        """Count what one worker has stored in a pass."""
        with self._lock:
            self.counts["messages"] += messages
            self.summary = self.summary.plus(summary)


class _Worker:
    """One thread, with clients of its own."""

    def __init__(self, round_: _Round, means: Means, last: Queue) -> None:
        self._round, self._means, self._last = round_, means, last
        self._clients = Clients(means.endpoint, means.tokens, means.wait_seconds)

    def work(self) -> None:
        """Receive, store and delete until there is nothing left to do, or no time."""
        storer = self._means.storer()
        try:
            while batches := self._received():
                summary = storer.take([envelope(queue, one) for queue, received in batches for one in received])
                self._round.stored(sum(len(received) for _, received in batches), summary)
                self._delete(batches)
        except BaseException:
            # Nobody takes any more of what cannot be stored.
            self._round.turns.stop()
            raise
        finally:
            storer.close()
            self._clients.close()

    def _received(self) -> list[Batch]:
        """What is to be stored in one pass: batches of several queues, or of one; none when this is the end."""
        batches: list[Batch] = []
        turns = self._round.turns
        while len(batches) < MOST_BATCHES and (turn := turns.next(self._last, waiting=not batches)) is not None:
            if self._means.out_of_time():
                self._round.add(out_of_time=1)
                turns.stop()
                break
            self._last = queue = turn[0]
            if received := self._looked_at(*turn):
                batches.append((queue, received))
        return batches

    def _looked_at(self, queue: Queue, wait_seconds: int) -> list[Received]:
        received: list[Received] = []
        with self._leaving_alone(queue):
            received = self._clients.ask(queue, partial(Consumer.receive, wait_seconds=wait_seconds))
            if received:
                self._round.turns.gave(queue)
            else:
                self._round.turns.gave_nothing(queue, wait_seconds)
        return received

    def _delete(self, batches: list[Batch]) -> None:
        """Delete what is stored, but for what is in a queue that does not answer any more."""
        in_trouble: set[Queue] = set()
        for queue, received in batches:
            left = len(received)
            if queue not in in_trouble:
                in_trouble.add(queue)
                with self._leaving_alone(queue):
                    handles = [one.handle for one in received]
                    left = self._clients.ask(queue, partial(Consumer.delete, handles=handles))
                    in_trouble.remove(queue)
            if left:
                self._round.add(left=left)

    @contextmanager
    def _leaving_alone(self, queue: Queue) -> Iterator[None]:
        """In trouble with one queue, tell of it and leave it for this time; the others go on."""
        try:
            yield
        except (TokenRefused, KeyRefused, SourceUnavailable) as error:
            if self._round.turns.leave(queue):
                self._round.add(alone=1)
                self._means.trouble(queue, error)
