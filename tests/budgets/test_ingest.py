"""B3 by counts: what a batch costs `ingest` in calls to the store, in parsing, and in what is read."""

from __future__ import annotations

import contextlib
import gc
import math
from collections import Counter
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from benchmarks import workload
from benchmarks.codec import Recorder
from local.cloud.mns import MnsServer
from local.cloud.oss import OssServer
from local.cloud.tablestore import TableStoreServer
from local.stack import BUCKET, INSTANCE, KEY, REGION, credentials_environment
from ops.provisioning.provision import provision
from ops.settings import OpsSettings
from receipts.store.client import opened
from receipts.store.pending import PendingFacts
from receipts.vendor.receipt import VendorReceipt
from tests.budgets.support import Context, calls_of, changed, loaded, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.codec import Exchange

CALLS = 60
READ_AT_ONCE, WRITTEN_AT_ONCE = 100, 200
PARSE: Any = VendorReceipt.read.__func__  # type: ignore[attr-defined]  # a class method's function
STEP = "        summary = take_in(pushes, letters, stores, patience)\n"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a store with its tables, and the settings that lead there."""
    tables = TableStoreServer(None, instance=INSTANCE, key=KEY)
    with tables, MnsServer(key=KEY) as queues, OssServer(key=KEY) as objects:
        settings = {
            **credentials_environment(),
            "TABLESTORE_ENDPOINT": tables.endpoint,
            "TABLESTORE_INSTANCE": INSTANCE,
            "MNS_ENDPOINT": queues.endpoint,
            "OSS_ENDPOINT": objects.endpoint,
            "OSS_BUCKET": BUCKET,
            "OSS_REGION": REGION,
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        there = OpsSettings.read(settings)
        for _ in provision(there):
            pass
        with opened(there.store, there.keys) as client:
            yield client


@contextlib.contextmanager
def collections() -> Iterator[list[str]]:
    """What the collector does meanwhile."""
    seen: list[str] = []

    def note(phase: str, _: dict[str, int]) -> None:
        seen.append(phase)

    gc.callbacks.append(note)
    try:
        yield seen
    finally:
        gc.callbacks.remove(note)


# A letter keeps what an operator added, a recording its progress.
WHOLE = ("dead_letters", "recordings")


def check(ingest: Any, store: Any) -> None:
    """Fails when a batch, or the same batch delivered again, takes more than it may."""
    batch = workload.batches()[0]
    recorder = Recorder(store)
    with mock.patch.object(ingest, "client", return_value=store):
        ingest.initialize(Context)
    with contextlib.closing(ingest._instance.service.stores.jobs):
        _check(ingest, batch, recorder)


def _check(ingest: Any, batch: workload.Batch, recorder: Recorder) -> None:
    with calls_of(read=PARSE) as calls, collections() as walks:
        told = ingest.handler(batch.event, Context)
    assert walks.count("start") <= 1, "the collector walks once at most, when the batch is done"
    assert told["rows"] > READ_AT_ONCE / 2
    rows = told["rows"] + told["recordings"]
    assert calls["read"] <= len(batch.receipts), "each receipt is parsed once"
    _check_requests(recorder.exchanges, told, writes=math.ceil(rows / WRITTEN_AT_ONCE) + bool(told["letters"]))
    recorder.exchanges.clear()
    with calls_of(read=PARSE) as calls:
        ingest.handler(batch.event, Context)
    assert calls["read"] <= 2 * len(batch.receipts), "and each stored one once"
    _check_requests(recorder.exchanges, told, writes=0)


def _check_requests(exchanges: list[Exchange], told: dict[str, int], writes: int) -> None:
    # Dead letters are looked up on three days each and then read like rows.
    reads = sum(
        math.ceil(rows / READ_AT_ONCE)
        for rows in (told["rows"] + told["recordings"], 3 * told["letters"], told["letters"])
    )
    asked = Counter(exchange.api for exchange in exchanges)
    assert set(asked) <= {"BatchGetRow", "BatchWriteRow"}
    assert asked["BatchGetRow"] <= reads
    assert asked["BatchWriteRow"] <= writes
    for exchange in exchanges:
        if exchange.api == "BatchGetRow":
            for table in exchange.arguments[0].items.values():
                asked_for = set(table.columns_to_get) - {name for name, _ in table.primary_keys[0]}
                assert table.table_name in WHOLE or asked_for == {"facts", "revision"}


def test_b3_a_batch_is_read_and_written_in_whole_batches(store: Any, tmp_path: Path) -> None:
    """A batch takes as few calls as the store's limits allow, parses nothing twice, and reads two columns."""
    check(loaded(source("ingest"), tmp_path), store)


@pytest.mark.parametrize(
    "spoiled",
    [
        "        summary = [take_in([push], [], stores, patience) for push in pushes][-1]\n",
        "        [take_in([push], [], stores, patience) for push in pushes]\n" + STEP,
        "        from receipts.intake.parsing import told_by; [list(told_by(push)) for push in pushes]\n" + STEP,
    ],
)
def test_b3_guard_notices_more_calls_or_parsing(store: Any, tmp_path: Path, spoiled: str) -> None:
    """The guard fails for a copy of `ingest` that stores push by push, or parses twice."""
    with pytest.raises(AssertionError):
        check(loaded(changed(source("ingest"), STEP, spoiled), tmp_path), store)


def test_b3_guard_notices_the_collector(store: Any, tmp_path: Path) -> None:
    """The guard fails for a copy of `ingest` in whose batches the collector walks about."""
    with pytest.raises(AssertionError, match="the collector"):
        check(loaded(changed(source("ingest"), "@collector.paused()\n", ""), tmp_path), store)


def test_b3_guard_notices_columns_that_nobody_needs(store: Any, tmp_path: Path) -> None:
    """The guard fails when whole rows are read."""
    with mock.patch.object(PendingFacts, "reads", ()), pytest.raises(AssertionError):
        check(loaded(source("ingest"), tmp_path), store)
