"""Runs of ten thousand receipts and of a million, and what the second costs and holds more than the first."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.budget import Budget, Measured
from benchmarks.loopback import Cloud, ready, served
from benchmarks.million.events import ONE_IN_SO_MANY_COMES_LATER
from benchmarks.million.recent import MOST_ROWS, RecentRows
from benchmarks.million.run import STEP, run
from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer
from local.cloud.mns import MnsServer
from local.cloud.mns.attributes import QueueAttributes
from local.cloud.mns.queues import Queues
from local.cloud.oss import OssServer
from local.cloud.ram import identities_of
from local.cloud.tablestore.instance import Instance
from local.cloud.tablestore.store import Store
from local.stack import INSTANCE, KEY
from receipts.settings import RECORDINGS_QUEUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from benchmarks.million.run import Sample

FEW, MILLION = 10_000, 1_000_000
# Events are numbered: no two runs tell of the same call.
RUNS_APART = 1_000_000
# The shortest that a queue may have: jobs are asked for and nobody takes them.
RETENTION_SECONDS = 60
COST = Budget(
    "B6a",
    "`ingest` stores {receipts:,} receipts in one process, CPU per receipt",
    f"the same with {FEW:,} receipts, in a fresh process before and another one after it",
    bound=1.2,
    at_most=True,
)
MEMORY = Budget(
    "B6b",
    "the same process, greatest resident memory of its life",
    f"what it was after its first {FEW:,} receipts",
    bound=16,
    at_most=True,
    unit="MB",
)
HOW = (
    "Events as in B3 (85 calls, pushes of 1 to 8 receipts, all types, a few dead letters), made by a process of their "
    "own about new calls each time; one push in {late} comes with the next event, so that rows are joined that an "
    "earlier batch stored. The store is a further process, which answers the SDK as the loopback TableStore does but "
    "keeps only the {rows:,} rows written last: it stays as fast as it was. CPU is user + system time while the "
    "handler works, the first event left out. Memory (VmRSS, and VmHWM for the greatest), open files and the objects "
    "that Python's collector knows of are read after every {step:,} receipts, between two events."
)


def measure(receipts: int, say: Callable[[str], None]) -> Iterator[Measured]:
    """Measure B6a and B6b.

    Args:
        receipts: how many the long run stores, more than a few.
        say: called with the progress.
    """
    with served(_serve) as endpoints:
        services = Cloud(*endpoints)
        services.provision()
        environment = services.environment()
        say(f"{FEW:,} receipts")
        few = [_last(run(environment, FEW, first=1))]
        long = _told(run(environment, receipts, first=RUNS_APART), receipts, say)
        say(f"{FEW:,} receipts")
        few.append(_last(run(environment, FEW, first=2 * RUNS_APART)))
    floor = sum(one.cpu for one in few) / sum(one.receipts for one in few)
    ratio = long[-1].cpu / long[-1].receipts / floor
    how = HOW.format(late=ONE_IN_SO_MANY_COMES_LATER, rows=MOST_ROWS, step=STEP)
    cost = COST._replace(ours=COST.ours.format(receipts=receipts))
    yield Measured(cost, ratio, _cost(few, long), how)
    growth = long[-1].peak - long[0].peak
    yield Measured(MEMORY, growth, _memory(long), "The run of B6a. Read from /proc, so on Linux only.")


def _last(samples: Iterator[Sample]) -> Sample:
    return list(samples)[-1]


def _told(samples: Iterator[Sample], receipts: int, say: Callable[[str], None]) -> list[Sample]:
    """The samples; what is done and how long the rest will take is said on the way."""
    started, done = time.monotonic(), []
    for sample in samples:
        done.append(sample)
        if len(done) * 20 % max(20, receipts // STEP) < 20:
            passed = time.monotonic() - started
            left = passed / sample.receipts * max(0, receipts - sample.receipts)
            say(f"{sample.receipts:,} of {receipts:,} receipts, {sample.megabytes:.0f} MB, {left:,.0f} s left")
    return done


def _cost(few: Sequence[Sample], long: Sequence[Sample]) -> tuple[tuple[str, str], ...]:
    """CPU per receipt: of the short runs, of the long one at some points of it, and at its end."""
    short = ", ".join(f"{one.cpu / one.receipts * 1e6:.0f} µs" for one in few)
    points = [
        (f"CPU per receipt, {first.receipts:,} to {last.receipts:,}", _between(first, last))
        for first, last in _stretches(long)
    ]
    end = long[-1]
    return (
        (f"CPU per receipt, runs of {FEW:,}", short),
        (f"CPU per receipt, {end.receipts:,}", f"{end.cpu / end.receipts * 1e6:.0f} µs"),
        *points,
        ("wall clock", f"{end.wall:,.0f} s, {end.receipts / end.wall:,.0f} receipts/s with the store's time"),
    )


def _between(first: Sample, last: Sample) -> str:
    return f"{(last.cpu - first.cpu) / (last.receipts - first.receipts) * 1e6:.0f} µs"


def _stretches(long: Sequence[Sample]) -> list[tuple[Sample, Sample]]:
    """Five stretches of the run, one after the other."""
    marks = [long[round(part * (len(long) - 1) / 5)] for part in range(6)]
    return [pair for pair in pairwise(marks) if pair[0].receipts < pair[1].receipts]


def _memory(long: Sequence[Sample]) -> tuple[tuple[str, str], ...]:
    """Memory, open files and objects at 1 %, 10 %, 50 % and the end."""
    shown = {round(part * (len(long) - 1)) for part in (0.0, 0.1, 0.5, 1.0)}
    return tuple((f"after {long[at].receipts:,} receipts", _held(long[at])) for at in sorted(shown))


def _held(sample: Sample) -> str:
    memory = f"{sample.megabytes:.1f} MB, at most {sample.peak:.1f} MB"
    return f"{memory}, {sample.files} open files, {sample.objects:,} objects"


def _serve(parent: Connection) -> None:
    """The queue service, a store that forgets, and a bucket, of which nothing is asked."""
    clock = time.time
    queues = Queues(clock)
    queues.add(str(RECORDINGS_QUEUE.default), QueueAttributes(message_retention_period=RETENTION_SECONDS))
    instance = Instance(Store(None), clock)
    tables = LoopbackServer(RecentRows(instance, INSTANCE, identities_of(KEY), clock), Faults())
    with MnsServer(key=KEY, queues=queues) as mns, tables, OssServer(key=KEY) as objects:
        ready(parent, (mns.endpoint, tables.endpoint, objects.endpoint))
