"""Law 1, Order: any order, duplication, batch split and form of the same receipts gives the same rows."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.cloud.faults import Fault
from local.demo.reading import Tables, missing
from local.story import story
from receipts.intake import pipeline
from receipts.intake.pipeline import store_told, take_in
from receipts.store.rows import Answer, Rows
from tests.laws.deliveries import RECEIPTS, UNITS, Receipt, one_by_one, shuffled, slices
from tests.store.support import WRITE, Clock, ended, push, started

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

    from receipts.journal.envelope import Envelope
    from receipts.store.rows import Result, Write
    from tests.store.support import Store

THREADS = 4


class Watched(Rows):
    """Rows that remember their conflicts."""

    def __init__(self, client: Any, conflicts: list[str]) -> None:
        super().__init__(client, "")
        self._conflicts = conflicts

    def write(self, writes: Sequence[Write]) -> Iterator[Result]:
        """As Rows."""
        for result in super().write(writes):
            self._conflicts += [result.code] * (result.answer is Answer.CONFLICT)
            yield result


def test_the_day_has_receipts_of_every_table_and_bad_ones() -> None:
    """The law is tried on all ten message types and on every kind of dead letter of the day."""
    assert len({unit.message_type for unit in RECEIPTS}) == 10
    assert len(UNITS) - len(RECEIPTS) >= 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(units=slices(), rng=st.randoms(use_true_random=False))
def test_law_order_of_any_slice_of_the_day(
    server_with_tables: Store, units: list[Receipt | Envelope], rng: random.Random
) -> None:
    """Shuffled, repeated, in several batches, as pushes and queue messages: every column of every row is the same."""
    store = server_with_tables
    store.clear()
    store.take_in(one_by_one(units))
    reference = store.drained()
    for batch in shuffled(units, rng):
        store.take_in(batch)
    assert store.tables() == reference


def test_law_order_of_a_whole_day(any_codec: Store) -> None:
    """A day as it arrives and the same day backwards, message by message, end alike and as the story promises."""
    any_codec.clear()
    day = story(7, calls=40)
    messages = [push(one.message_type, one.body, number) for number, one in enumerate(day.pushes)]
    for start in range(0, len(messages), 16):
        any_codec.take_in(messages[start : start + 16])
    tables = any_codec.tables()
    assert missing(Tables(**tables), day.expected) == []
    reference = any_codec.drained()
    for start in range(len(messages), 0, -5):
        any_codec.take_in(messages[max(0, start - 5) : start][::-1])
    assert any_codec.tables() == reference


def test_law_order_of_a_batch_that_is_stored_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """More receipts than are held at once end in the same rows, and are counted the same."""
    batch = one_by_one(UNITS)
    whole = store_told(batch, store.stores(), Clock().patience())
    reference = store.drained()
    monkeypatch.setattr(pipeline, "MOST_AT_ONCE", 3)
    with store.counted() as calls:
        parts = store_told(batch, store.stores(), Clock().patience())
    assert calls[WRITE] > 2
    assert store.tables() == reference
    assert (parts.receipts, parts.kept, parts.types, parts.oldest_at) == (
        whole.receipts, whole.kept, whole.types, whole.oldest_at,
    )  # fmt: skip


def test_law_order_does_not_depend_on_fields_that_a_type_does_not_have(store: Store) -> None:
    """A receipt with a field of another type, in another form, joins like any other: alone first, or together."""
    odd = [
        push("SecretStartReport", started("c1", release_time="soon"), 1),
        push("SecretStartReport", started("c1", call_time="2026-11-20 12:00:00"), 2),
        push(
            "SecretRecording", {"call_id": "c2", "phone_no": 13900000001, "secret_no": "1" * 1500, "call_type": [0]}, 3
        ),
        push("SecretReport", ended("c2"), 4),
    ]
    store.take_in(odd)
    reference = store.drained()
    for one in odd:
        store.take_in([one])
    assert store.tables() == reference
    assert reference["dead_letters"] == []


def test_law_order_of_concurrent_batches(store: Store) -> None:
    """Four workers with receipts of the same calls at once: conflicts happen, and the rows are the reference's."""
    store.take_in(one_by_one(UNITS))
    reference = store.drained()
    # Every worker has read before the first one writes.
    store.server.faults.plan(Fault(delay=0.1), on=WRITE, times=THREADS)
    rng = random.Random(4)
    batches = [one_by_one(rng.sample(UNITS, len(UNITS) * 3 // 4)) for _ in range(THREADS - 1)]
    batches.append(one_by_one(UNITS))
    failures: list[BaseException] = []
    conflicts: list[str] = []

    def work(batch: list[Envelope]) -> None:
        client, queue = store.connect(), store.queue()
        try:
            take_in(batch, [], store.stores(Watched(client, conflicts), queue), Clock().patience())
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)
        finally:
            client.connection.pool.clear()
            queue.close()

    threads = [threading.Thread(target=work, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(conflicts) > THREADS
    assert store.tables() == reference
