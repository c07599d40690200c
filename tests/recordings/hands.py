"""Several functions at work in one world: each hand has clients of its own, as a function has."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from receipts.aliyun.record_links import RecordLinks
from receipts.fetching.network import SystemNetwork
from receipts.journal.queue import Queue
from receipts.recordings import jobs
from receipts.recordings.archive import ArchiveTools, Outcome, archive
from receipts.recordings.attempt import Means
from receipts.recordings.bucket import RecordingBucket
from receipts.recordings.jobs import Jobs
from receipts.recordings.policy import policy
from receipts.recordings.settings import ArchiveSettings, LinkSettings
from receipts.store.rows import Rows
from tests.recordings.support import LEASE_SECONDS, LIMITS, REGION
from tests.store.support import Clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from receipts.fetching.limits import Limits
    from tests.recordings.support import World

GONE = "isv.RECORD_DELETED"


class Attempt(NamedTuple):
    """What came of one job, and between which moments it was done (epoch milliseconds)."""

    recording_id: str
    outcome: Outcome
    began: int
    ended: int


class Hand:
    """One function's clients; close them in the end.

    Args:
        world: what it works in.
        limits: of a download.
        hosts: the allow list; None for the world's file host.
    """

    def __init__(self, world: World, limits: Limits = LIMITS, hosts: str | None = None) -> None:
        self._world = world
        self._tables = world.store.connect()
        self._queue = Queue(world.mns.endpoint, "recordings", time.time)
        self._links = RecordLinks(LinkSettings(world.pls.endpoint, REGION, (GONE,)), world.store.keys)
        self._bucket = RecordingBucket(world.settings, world.store.keys)
        listed = ArchiveSettings(world.files.endpoint if hosts is None else hosts, "127.0.0.0/8", 1 << 30, 20.0)
        self.tools = ArchiveTools(
            rows=Rows(self._tables, ""),
            jobs=Jobs(self._queue, world.store.keys, world.clock, time.monotonic),
            means=Means({"aliyun": self._links}, policy(listed), limits, SystemNetwork(), self._bucket),
            patience=Clock().patience,
            clock=world.clock.milliseconds,
            lease_seconds=LEASE_SECONDS,
            owner=lambda: uuid.uuid4().hex,
        )

    def archive(self, recording_id: str) -> Attempt:
        """Do one job."""
        began = self._world.clock.milliseconds()
        outcome = archive(recording_id, self.tools)
        return Attempt(recording_id, outcome, began, self._world.clock.milliseconds())

    def close(self) -> None:
        """Close the connections."""
        self._tables.connection.pool.clear()
        self._queue.close()
        self._links.close()
        self._bucket.close()


class Crew:
    """Hands that work at the same time."""

    def __init__(self, hands: list[Hand], pool: ThreadPoolExecutor, world: World) -> None:
        self._free, self._pool, self._world = list(hands), pool, world

    def archive(self, recording_ids: Iterable[str]) -> list[Attempt]:
        """Do the jobs, as many at a time as there are hands."""
        return list(self._pool.map(self._one, recording_ids))

    def work(self) -> Iterator[Attempt]:
        """Every job that is due now, and those that come of them at once."""
        while messages := self._world.received():
            yield from self.archive(jobs.recording_id(message.body) for message in messages)
            for message in messages:
                self._world.delete(message)

    def _one(self, recording_id: str) -> Attempt:
        hand = self._free.pop()
        try:
            return hand.archive(recording_id)
        finally:
            self._free.append(hand)


@contextmanager
def crew(world: World, size: int, limits: Limits = LIMITS) -> Iterator[Crew]:
    """So many hands."""
    with ExitStack() as running:
        hands = [Hand(world, limits) for _ in range(size)]
        for hand in hands:
            running.callback(hand.close)
        yield Crew(hands, running.enter_context(ThreadPoolExecutor(size)), world)
