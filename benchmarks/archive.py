"""B5: how fast `archive` copies recordings of 1 MB to 1 GB, and how much memory it takes."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import sink
from benchmarks.budget import Budget, Measured
from benchmarks.loopback import cloud, in_fresh_process, ready, served
from benchmarks.rounds import log_thrown_away
from benchmarks.streaming import Streaming
from local.cloud.files import FileHost
from local.cloud.pls import PlsServer
from local.golden.shapes import cloud_event
from local.stack import KEY
from receipts import credentials
from receipts.fetching.download import opened
from receipts.recordings import jobs
from receipts.recordings.announcement import Announcement
from receipts.recordings.copying import PART_BYTES, copied
from receipts.recordings.rows import pending
from receipts.recordings.settings import RecordingRules
from receipts.settings import BucketSettings
from receipts.store.joining import join_into

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from multiprocessing.connection import Connection

MB = 1 << 20
# Megabytes, and how often they are copied each way.
ROUNDS = {1: 60, 16: 15, 128: 5, 1024: 3}
PEAKS = (1, 16, 256, 1024)
POOL = "FC100000000000001"
FLOOR = "the same bytes streamed from the same source to the same sink, through the same SDK in the same parts"
THROUGHPUT = Budget(
    "B5a",
    "`archive` copies a recording from a link into the bucket, guarded and compared end to end, bytes per second; the "
    "worst of the sizes",
    f"{FLOOR}, nothing checked",
    bound=0.7,
    at_most=False,
)
MEMORY = Budget(
    "B5b",
    "`archive` does the whole job for 16 MB to 1 GB, greatest resident memory",
    "the same for 1 MB",
    bound=24,
    at_most=True,
    unit="MB",
)
HOW_FAST = (
    "Wall clock, unlike elsewhere. One process copies in turn, from a file host in a second process to a sink in a "
    "third that answers as OSS does and keeps nothing: the loopback OSS of `local/` is so slow that every copy would "
    "look alike. {rounds}; of each the fastest counts, as whatever else the machine does can only add to it. The "
    "floor is http.client and `oss2` with its own checksum switched off, one PutObject up to {part} MB and parts of "
    "that size beyond. Not in the promise, as it does not grow with the recording: what the whole job does around the "
    "copy (row read and written twice, link asked for), which is the difference between `whole job` and `copy`."
)
HOW_LARGE = (
    "Each size in a fresh process, which loads `archive` and does one job; the kernel's high-water mark of resident "
    "memory (VmHWM), reset after loading."
)


class Spent(NamedTuple):
    """Seconds of one copy."""

    wall: float
    cpu: float


class Size(NamedTuple):
    """The least of each way to copy so many megabytes."""

    megabytes: int
    job: Spent
    copy: Spent
    floor: Spent

    @property
    def ratio(self) -> float:
        """How fast the copy is for the floor's speed."""
        return self.floor.wall / self.copy.wall


def measure() -> Iterator[Measured]:
    """Measure B5a and B5b."""
    with prepared() as (environment, links, called_at):
        sizes = in_fresh_process(_sizes, environment, links, called_at)
        peaks = {size: in_fresh_process(_peak, environment, size, called_at) for size in PEAKS}
    rounds = ", ".join(f"{times} times {size} MB" for size, times in ROUNDS.items())
    yield Measured(
        THROUGHPUT,
        min(size.ratio for size in sizes),
        tuple(row for size in sizes for row in _told(size)),
        HOW_FAST.format(rounds=rounds, part=PART_BYTES // MB),
    )
    figures = tuple((f"{size} MB", f"{peak:.1f} MB") for size, peak in peaks.items())
    yield Measured(MEMORY, max(peaks.values()) - peaks[PEAKS[0]], figures, HOW_LARGE)


@contextlib.contextmanager
def prepared() -> Iterator[tuple[dict[str, str], dict[int, str], int]]:
    """Servers in processes of their own: the settings that lead there, a link by megabytes, and when the calls were."""
    called_at = round(time.time()) * 1000
    with (
        cloud() as services,
        served(sink.serve) as bucket,
        served(partial(_serve_files, called_at)) as (api, links),
    ):
        environment = {
            **services.environment(),
            "OSS_ENDPOINT": bucket,
            "PLS_ENDPOINT": api,
            "RECORDING_HOSTS": links[1].rpartition("/")[0],
            "RECORDING_NETWORKS": "127.0.0.0/8",
        }
        yield environment, links, called_at


def cpu_of_a_job(environment: Mapping[str, str], called_at: int, megabytes: int) -> float:
    """CPU seconds of the whole job for a recording, the least of many; for a process of its own."""
    archive = Archive(environment)
    calls = _calls(megabytes)
    archive.announce(calls, called_at)
    return min(_spent(archive.job, call).cpu for call in calls)


def _told(size: Size) -> Iterator[tuple[str, str]]:
    name, unit = f"{size.megabytes} MB", size.megabytes
    yield f"{name}: copy, floor", f"{unit / size.copy.wall:,.0f} MB/s, {unit / size.floor.wall:,.0f} MB/s"
    yield f"{name}: ratio, of CPU", f"{size.ratio:.2f} x, {size.floor.cpu / size.copy.cpu:.2f} x"
    yield f"{name}: whole job, copy", f"{size.job.wall * 1000:,.1f} ms, {size.copy.wall * 1000:,.1f} ms"


def _serve_files(called_at: int, parent: Connection) -> None:
    """The vendor: a file of each size, and a recording for each job."""
    with FileHost() as files, PlsServer(key=KEY, link=files.url) as pls:
        for size in {*ROUNDS, *PEAKS}:
            files.put(f"{size}.mp3", size * MB)
            for call_id in (*_calls(size), f"{size}-peak"):
                pls.recordings.add(call_id, called_at, POOL, f"{size}.mp3")
        ready(parent, (pls.endpoint, {size: files.url(f"{size}.mp3") for size in ROUNDS}))


def _calls(size: int) -> list[str]:
    """The calls whose recordings have so many megabytes: one for each round, one more to warm up."""
    return [f"{size}-{number}" for number in range(ROUNDS.get(size, 0) + 1)]


class Archive:
    """The function, loaded and ready."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        os.environ.update(environment)
        self._function: Any = importlib.import_module("functions.archive.index")
        self._context = SimpleNamespace(request_id="1-6b0f0000-000000000001")
        self._function.initialize(self._context)
        self.desk = self._function._instance.service.desk  # noqa: SLF001 - what it works with as deployed

    def announce(self, calls: list[str], called_at: int) -> None:
        """Have a row for each call's recording."""
        told = [
            Announcement(
                f"aliyun:{call}:call", f"aliyun:{call}", "aliyun", called_at, called_at, True, "call",
                {"kind": "call", "call_id": call, "call_time": called_at, "pool_key": POOL},
            )
            for call in calls
        ]  # fmt: skip
        join_into(self.desk.rows, pending(told, RecordingRules.read(os.environ)), self.desk.patience())

    def job(self, call: str) -> None:
        """Do the whole job, as the queue trigger asks for it."""
        message = cloud_event(jobs.written(f"aliyun:{call}:call").decode("ascii"), 1, queue="recordings")
        with log_thrown_away():
            done = self._function.handler(json.dumps([message]).encode(), self._context)
        if done != {"archived": 1}:
            raise RuntimeError(f"not archived: {done}")

    def copy(self, url: str, stem: str) -> None:
        """Only the copy."""
        means = self.desk.means
        with opened(url, means.policy, means.limits, means.network) as download:
            copied(download, means.bucket, stem)


def _sizes(environment: Mapping[str, str], links: Mapping[int, str], called_at: int) -> list[Size]:
    archive = Archive(environment)
    streaming = Streaming(BucketSettings.read(os.environ), credentials.of(None, os.environ), PART_BYTES)
    sizes = []
    for size, url in links.items():
        calls = _calls(size)
        archive.announce(calls, called_at)
        rounds = [
            (_spent(archive.job, call), _spent(archive.copy, url, call), _spent(streaming.copy, url, call))
            for call in calls
        ]
        sizes.append(Size(size, *(_least(way) for way in zip(*rounds[1:], strict=True))))
    return sizes


def _spent(action: Callable[..., object], *arguments: str) -> Spent:
    wall, cpu = time.perf_counter(), time.process_time()
    action(*arguments)
    return Spent(time.perf_counter() - wall, time.process_time() - cpu)


def _least(rounds: tuple[Spent, ...]) -> Spent:
    return Spent(min(one.wall for one in rounds), min(one.cpu for one in rounds))


def _peak(environment: Mapping[str, str], size: int, called_at: int) -> float:
    """The most megabytes held while one recording of `size` megabytes is archived."""
    archive = Archive(environment)
    call = f"{size}-peak"
    archive.announce([call], called_at)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    archive.job(call)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
