"""One run: a fresh process that loads `ingest` and is handed event after event, watched between them."""

from __future__ import annotations

import gc
import importlib
import os
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.loopback import FRESH
from benchmarks.million import events
from benchmarks.rounds import cpu_of, log_thrown_away

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection

# Receipts between two samples.
STEP = 10_000


class Sample(NamedTuple):
    """What a run came to so far.

    Attributes:
        receipts: stored since the first event.
        cpu: seconds that the handler took for them.
        wall: seconds since then, with waiting for the store and for events.
        megabytes: resident memory now.
        peak: the most that it ever was.
        files: open files and sockets now.
        objects: what the cycle collector knows of now.
    """

    receipts: int
    cpu: float
    wall: float
    megabytes: float
    peak: float
    files: int
    objects: int


def run(environment: Mapping[str, str], receipts: int, first: int) -> Iterator[Sample]:
    """Store so many receipts, in events from number `first` on, and tell every so often what it took.

    Raises:
        RuntimeError: the process ended before it had stored them.
    """
    ours, theirs = FRESH.Pipe(duplex=False)
    # Not a daemon: it starts the process that makes the events.
    process = FRESH.Process(target=_stored, args=(dict(environment), receipts, first, theirs))
    process.start()
    theirs.close()
    sample = None
    try:
        while sample is None or sample.receipts < receipts:
            sample = ours.recv()
            yield sample
        process.join()
    except EOFError:
        process.join()
        raise RuntimeError(f"the process that stores receipts ended with {process.exitcode}") from None
    finally:
        ours.close()
        # Alive only if nobody wants the rest; the process that makes the events ends with the one that reads them.
        process.terminate()
        process.join()


def _stored(environment: Mapping[str, str], receipts: int, first: int, to: Connection) -> None:
    os.environ.update(environment)
    ingest: Any = importlib.import_module("functions.ingest.index")
    context = SimpleNamespace(request_id="1-6b0f0000-000000000001")
    ingest.initialize(context)
    source, theirs = FRESH.Pipe(duplex=False)
    # One event more than is counted: the first one, which warms up.
    maker = FRESH.Process(target=events.send, args=(receipts + STEP, first, theirs), daemon=True)
    maker.start()
    theirs.close()
    with log_thrown_away():
        source.recv()
        ingest.handler(source.recv_bytes(), context)
        done, cpu, told, started = 0, 0.0, 0, time.monotonic()
        while done < receipts:
            held = source.recv()
            event = source.recv_bytes()
            cpu += cpu_of(partial(ingest.handler, event, context))
            done += held
            if done // STEP > told or done >= receipts:
                told = done // STEP
                to.send(_sample(done, cpu, time.monotonic() - started))
    maker.terminate()
    maker.join()
    source.close()


def _sample(done: int, cpu: float, wall: float) -> Sample:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    megabytes, peak = (
        next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name)) for name in ("VmRSS", "VmHWM")
    )
    files = len(list(Path("/proc/self/fd").iterdir()))
    return Sample(done, cpu, wall, megabytes, peak, files, len(gc.get_objects()))
