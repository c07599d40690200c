"""CPU time of the functions' work, each measured in a process of its own, the services in others."""

from __future__ import annotations

import gc
import importlib
import json
import os
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from benchmarks import archive, workload
from benchmarks.cost import work
from benchmarks.loopback import Cloud, cloud, in_fresh_process
from benchmarks.naive import NaiveTable
from benchmarks.rounds import cpu_of, least_of_each, log_thrown_away
from receipts import credentials
from receipts.settings import StoreSettings
from receipts.store.client import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPEATS = 3
CONTEXT = SimpleNamespace(request_id="1-6b0f0000-000000000001")


def measured(say: Callable[[str], None]) -> dict[str, float]:
    """CPU milliseconds of one push, event, job or receipt, by `push of N`, `event MxN` and what it is called else."""
    found: dict[str, float] = {}
    with cloud() as services:
        for size in work.PUSHES:
            say(f"receive, pushes of {size}")
            found[push_name(size)] = in_fresh_process(_receive, services, size)
        say("one PutRow each")
        found["naive"] = in_fresh_process(_naive, services)
        for name in ("sweep", "poll"):
            say(name)
            found[name] = in_fresh_process(_tick, services, name)
    for kind in work.KINDS:
        say(f"ingest, {kind.messages} messages, pushes of {kind.per_push or '1 to 8'}")
        found[event_name(kind)] = _ingest(kind)
    say("archive")
    with archive.prepared() as (environment, _, called_at):
        found["archive"] = in_fresh_process(archive.cpu_of_a_job, environment, called_at, 1)
        found["archive 16 MB"] = in_fresh_process(archive.cpu_of_a_job, environment, called_at, 16)
    return {name: seconds * 1000 for name, seconds in found.items()}


def push_name(size: int) -> str:
    """What a push of so many receipts is called."""
    return f"push of {size}"


def event_name(kind: work.Kind) -> str:
    """What an event of that kind is called."""
    return f"event {kind.messages}x{kind.per_push}"


def _receive(services: Cloud, size: int) -> float:
    return (
        least_of_each([_each(services, "receive", work.pushes(size)) for _ in range(REPEATS)]) / work.PUSHES_OF_A_SIZE
    )


def _ingest(kind: work.Kind) -> float:
    """Each time into fresh tables: what is stored already costs less. An instance has 64 of them at the most."""
    runs = []
    with cloud() as services:
        for number in range(REPEATS):
            prefix = f"run{number}_"
            services.provision(prefix)
            runs.append(in_fresh_process(_ingested, services, kind, prefix))
    return least_of_each(runs) / len(runs[0])


def _ingested(services: Cloud, kind: work.Kind, prefix: str) -> list[float]:
    return _each(services, "ingest", [work.warm_up(), *(one.event for one in work.events(kind))], prefix)[1:]


def _each(services: Cloud, name: str, events: list[bytes], prefix: str = "") -> list[float]:
    """CPU seconds of each event."""
    os.environ.update(services.environment(prefix))
    function: Any = importlib.import_module(f"functions.{name}.index")
    function.initialize(CONTEXT)
    gc.freeze()
    with log_thrown_away():
        return [cpu_of(partial(function.handler, event, CONTEXT)) for event in events]


def _tick(services: Cloud, name: str) -> float:
    return min(_each(services, name, [b"{}"] * 20))


def _naive(services: Cloud) -> float:
    """A function that is invoked with a push of one receipt: parse the event and the body, put the row."""
    os.environ.update(services.environment())
    events = work.pushes(1)
    with opened(StoreSettings.read(os.environ), credentials.of(None, os.environ)) as store:
        table = NaiveTable(store, "naive_receipts")
        gc.freeze()
        runs = [[cpu_of(partial(_put, table, event)) for event in events] for _ in range(REPEATS)]
    return least_of_each(runs) / len(events)


def _put(table: NaiveTable, event: bytes) -> None:
    table.put(_told(event))


def _told(event: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    push = json.loads(event)
    message_type = push["rawPath"].rpartition("/")[2]
    yield from ((message_type, one) for one in workload.receipts_in(push["body"].encode()))
