"""Law 1, Order, over the store: a made-up day of Huawei's in any order, split and number of times is the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.story.huawei import huawei_day
from tests.huawei.made_up import AT, X, envelope
from tests.store.support import push

if TYPE_CHECKING:
    from random import Random

    from receipts.journal.envelope import Envelope
    from tests.store.support import Store

DAY = huawei_day(7, calls=16)
# Some of the notifications came twice: as they were journalled at two times, each of them is itself.
PUSHES = [envelope(body, AT + 1000 * number) for number, body in enumerate(DAY.notifications)]


def _taken_in(store: Store, pushes: list[Envelope], batch: int) -> None:
    for start in range(0, len(pushes), batch):
        store.take_in(pushes[start : start + batch])


def test_a_day_comes_to_what_was_made_up(any_codec: Store) -> None:
    """Every call, text and number of the day, with both codecs of the SDK; and no dead letter."""
    any_codec.clear()
    _taken_in(any_codec, PUSHES, 16)
    tables = any_codec.tables()
    calls = {row["call_id"]: row for row in tables["calls"]}
    assert calls.keys() == DAY.calls.keys()
    for call_id, columns in DAY.calls.items():
        assert {name: calls[call_id].get(name) for name in columns} == columns
    assert {row["text_id"].removeprefix("huawei:") for row in tables["texts"]} == DAY.texts
    assert {row["number_x"]: row["state"] for row in tables["numbers"]} == DAY.numbers
    assert {row["recording_id"] for row in tables["recordings"]} == {one.recording_id for one in DAY.recordings}
    assert tables["dead_letters"] == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rng=st.randoms(use_true_random=False), batch=st.integers(min_value=1, max_value=40))
def test_law_order_of_a_day(server_with_tables: Store, rng: Random, batch: int) -> None:
    """Shuffled, some twice, in batches of any size: every column of every row is the same."""
    store = server_with_tables
    store.clear()
    _taken_in(store, PUSHES, 50)
    reference = store.drained()
    again = PUSHES + rng.sample(PUSHES, len(PUSHES) // 3)
    rng.shuffle(again)
    _taken_in(store, again, batch)
    assert store.tables() == reference


def test_law_poison_a_number_of_the_other_vendor(store: Store) -> None:
    """A row of `numbers` is one vendor's: what the other one tells of the same number is a letter that says why."""
    store.take_in([push("NumberManagementReport", [{"secret_no": X, "status": 1}], 1)])
    store.take_in([envelope({"eventType": "numStatus", "numInfo": [{"number": X, "status": "5"}]})])
    (letter,) = store.tables()["dead_letters"]
    assert (letter["reason"], letter["type"]) == ("invalid", "numStatus")
    assert "not known here" in letter["error"]
