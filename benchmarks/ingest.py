"""B3: how many receipts `ingest` stores per second of CPU, against one PutRow each and against the SDK's codec."""

from __future__ import annotations

import gc
import importlib
import os
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from benchmarks import workload
from benchmarks.budget import Budget, Measured
from benchmarks.codec import Recorder
from benchmarks.loopback import Cloud, cloud, in_fresh_process
from benchmarks.naive import NaiveTable
from benchmarks.rounds import cpu_of, least_of_each, log_thrown_away
from receipts import credentials
from receipts.settings import StoreSettings
from receipts.store.client import client
from receipts.store.sdk import NATIVE_ENCODER_AVAILABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.workload import Batch

REPEATS = 3
OURS = (
    "`ingest` stores a busy hour (1,870 calls, pushes of 1 to 8 receipts, 85 or so to an event, those of a call in the "
    "same event), receipts per CPU-s"
)
AGAINST_ROWS = Budget(
    "B3a", OURS, "one PutRow per receipt, its fields as they came, same SDK client", bound=4.0, at_most=False
)
AGAINST_CODEC = Budget(
    "B3b",
    OURS,
    "the SDK encoding the same requests and decoding the same answers, nothing else",
    bound=0.5,
    at_most=False,
)
HOW = (
    "One process does all three in turn for each batch, against the loopback TableStore in another; CPU is user + "
    "system time of the process. The hour is stored three times, each into fresh tables; as the work is the same "
    "every time and whatever else the machine does can only add to it, the least CPU of each batch counts, summed. "
    "The PutRows are not made to wait, checked for what is stored already or joined, and parsing the receipts is not "
    "counted for them. With the whole day shuffled no two receipts of a call meet in an event, so that each costs a "
    "row read and written: the worst case, for which nothing is promised. Codec of this Python: {codec}."
)


class Spent(NamedTuple):
    """CPU seconds per batch, in the order of the batches."""

    ingest: list[float]
    rows: list[float]
    codec: list[float]


def measure() -> Iterator[Measured]:
    """Measure B3a and B3b, and both again with the worst case for joining, for which nothing is promised."""
    usual, worst = _rates(workload.batches), _rates(workload.shuffled)
    codec = "native" if NATIVE_ENCODER_AVAILABLE else "python"
    for budget, floor, words in ((AGAINST_ROWS, "rows", "one PutRow each"), (AGAINST_CODEC, "codec", f"{codec} codec")):
        figures = (
            ("ingest", f"{usual['ingest']:,.0f}/s"),
            (words, f"{usual[floor]:,.0f}/s"),
            ("whole day shuffled", f"{worst['ingest'] / worst[floor]:.2f} x"),
        )
        yield Measured(budget, usual["ingest"] / usual[floor], figures, HOW.format(codec=codec))


def _rates(batches: Callable[[], list[Batch]]) -> dict[str, float]:
    """Receipts per CPU second of each of the three."""
    repeats = []
    for _ in range(REPEATS):
        # A cloud for each: an instance takes 64 tables and indexes.
        with cloud() as services:
            repeats.append(_repeat(services, "hour_", batches))
    receipts = sum(len(batch.receipts) for batch in batches())
    return {part: receipts / least_of_each([getattr(one, part) for one in repeats]) for part in Spent._fields}


def _repeat(services: Cloud, prefix: str, batches: Callable[[], list[Batch]]) -> Spent:
    services.provision(prefix)
    return in_fresh_process(_spent, services, prefix, batches)


def _spent(services: Cloud, prefix: str, made: Callable[[], list[Batch]]) -> Spent:
    os.environ.update(services.environment(prefix))
    ingest = importlib.import_module("functions.ingest.index")
    context = SimpleNamespace(request_id="1-6b0f0000-000000000001")
    recorded = _client()
    with mock.patch.object(ingest, "client", return_value=recorded):
        ingest.initialize(context)
    recorder, naive = Recorder(recorded), NaiveTable(_client(), f"{prefix}naive")
    spent, batches = Spent([], [], []), made()
    # The garbage collector must not walk over what only the benchmark holds.
    gc.freeze()
    with log_thrown_away():
        for batch in batches:
            recorder.exchanges.clear()
            spent.ingest.append(cpu_of(partial(ingest.handler, batch.event, context)))
            spent.rows.append(cpu_of(partial(naive.put, batch.receipts)))
            spent.codec.append(cpu_of(partial(recorder.replay, recorder.exchanges)))
    return spent


def _client() -> Any:
    return client(StoreSettings.read(os.environ), credentials.of(None, os.environ))
