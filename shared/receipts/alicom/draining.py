"""Drains the vendor's queues: receive, store, delete; many queues and several consumers at once.

A message is deleted only once it is stored. What could not be stored is left to come again, and nothing more is
received then: a queue whose messages are taken and not deleted is slowed down by the vendor.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, Protocol

from receipts.alicom.consumer import Consumer, KeyRefused, SourceUnavailable
from receipts.alicom.messages import envelope
from receipts.alicom.tokens import TokenRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from receipts.alicom.consumer import Received
    from receipts.alicom.tokens import Queue, Tokens
    from receipts.credentials import Credentials
    from receipts.errors import ReceiptsError
    from receipts.intake.pipeline import Summary
    from receipts.journal.envelope import Envelope

    T = TypeVar("T")


class Storer(Protocol):
    """One thread's way to the store."""

    def take(self, envelopes: Sequence[Envelope]) -> Summary:
        """Store a batch whole, dead letters included, or raise."""

    def close(self) -> None:
        """Close the connections."""


class Means(NamedTuple):
    """What draining works with.

    Attributes:
        endpoint: the vendor's MNS service.
        tokens: keys to its queues.
        storer: made anew for each thread.
        wait_seconds: how long an empty queue is waited for.
        consumers: how many threads at most.
        out_of_time: whether to receive nothing more.
        trouble: is told of a queue that is left alone for this time, and why.
    """

    endpoint: str
    tokens: Tokens
    storer: Callable[[], Storer]
    wait_seconds: int
    consumers: int
    out_of_time: Callable[[], bool]
    trouble: Callable[[Queue, ReceiptsError], None]


def drained(queues: Sequence[Queue], means: Means) -> Counter[str]:
    """Empty the queues, as far as the time allows.

    Returns:
        Counts: `messages` received and stored, `receipts`, `rows`, `recordings`, `letters` as `ingest` counts them,
        and `left`: stored, but not deleted, so that they come again.

    Raises:
        ReceiptsError: what the store raised first; messages that were not stored come again.
    """
    round_ = _Round(queues)
    with ThreadPoolExecutor(means.consumers, thread_name_prefix="consumer") as threads:
        workers = [threads.submit(_Worker(round_, means).work) for _ in range(means.consumers)]
    for worker in workers:
        worker.result()
    return round_.counts


class _Round:
    """What the workers share: whose turn it is, and what came of it all."""

    def __init__(self, queues: Sequence[Queue]) -> None:
        self._turn = deque(queues)
        self._lock = threading.Lock()
        self.counts: Counter[str] = Counter(messages=0, receipts=0, rows=0, recordings=0, letters=0, left=0)
        self.broken_off = False

    def next(self) -> Queue | None:
        """The queue whose turn it is; None when all are empty or left alone."""
        with self._lock:
            if not self._turn:
                return None
            self._turn.rotate(-1)
            return self._turn[-1]

    def done_with(self, queue: Queue) -> None:
        """It was empty, or is in trouble: not again in this round."""
        with self._lock:
            if queue in self._turn:
                self._turn.remove(queue)

    def add(self, counts: dict[str, int]) -> None:
        """Count."""
        with self._lock:
            self.counts.update(counts)


class _Worker:
    """One thread, with clients of its own."""

    def __init__(self, round_: _Round, means: Means) -> None:
        self._round, self._means = round_, means
        self._consumer: Consumer | None = None
        self._of: tuple[Queue, Credentials] | None = None

    def work(self) -> None:
        """Take turns until there is nothing left to do, or no time."""
        storer = self._means.storer()
        try:
            while (queue := self._round.next()) is not None and self._goes_on():
                self._drain(queue, storer)
        except BaseException:
            # Nobody takes any more of what cannot be stored.
            self._round.broken_off = True
            raise
        finally:
            storer.close()
            self._close()

    def _goes_on(self) -> bool:
        return not self._round.broken_off and not self._means.out_of_time()

    def _drain(self, queue: Queue, storer: Storer) -> None:
        """Stay with the queue for as long as it gives."""
        try:
            while self._goes_on():
                received = self._with_keys(queue, Consumer.receive)
                if not received:
                    self._round.done_with(queue)
                    return
                summary = storer.take([envelope(queue, one) for one in received])
                self._round.add({"messages": len(received), **summary._asdict()})
                self._delete(queue, received)
        except (TokenRefused, KeyRefused, SourceUnavailable) as error:
            # The other queues go on.
            self._means.trouble(queue, error)
            self._round.done_with(queue)

    def _delete(self, queue: Queue, received: list[Received]) -> None:
        handles = [one.handle for one in received]
        left = len(handles)
        try:
            left = self._with_keys(queue, lambda consumer: consumer.delete(handles))
        finally:
            if left:
                self._round.add({"left": left})

    def _with_keys(self, queue: Queue, ask: Callable[[Consumer], T]) -> T:
        """What the queue answers; once more with fresh keys, if it takes the present ones for none."""
        try:
            return ask(self._client(queue))
        except KeyRefused:
            if self._of is not None:
                self._means.tokens.drop(*self._of)
            return ask(self._client(queue))

    def _client(self, queue: Queue) -> Consumer:
        """The client of this queue, with keys that are good for a while."""
        keys = self._means.tokens.of(queue)
        if self._consumer is None or self._of != (queue, keys):
            self._close()
            self._consumer = Consumer(self._means.endpoint, queue, keys, self._means.wait_seconds)
            self._of = queue, keys
        return self._consumer

    def _close(self) -> None:
        if self._consumer is not None:
            self._consumer.close()
            self._consumer = None
