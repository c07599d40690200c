"""Rows through the SDK: few calls, every row's own answer, nothing overwritten that has moved."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

import pytest

from receipts.store import schema
from receipts.store.pending import REVISION
from receipts.store.rows import Answer, Write
from receipts.store.sdk import tablestore
from tests.store.support import READ, WRITE, ended, push

if TYPE_CHECKING:
    from receipts.store.pending import Columns
    from receipts.store.schema import Key, Table
    from tests.store.support import Store

ROW: Columns = {"state": "normal", REVISION: 1}


class Named(NamedTuple):
    """A pending row that is only a name."""

    table: Table
    identity: str
    reads: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """The key of that name."""
        return schema.key(self.table, self.identity)

    def merged(self, stored: Columns | None) -> Columns | None:
        """Nothing to write."""
        return stored


def number(identity: str) -> Named:
    """A row of `numbers`."""
    return Named(schema.NUMBERS, identity)


@pytest.mark.parametrize("calls", [1, 20, 100])
def test_budget_new_calls_cost_one_read_and_one_write(store: Store, calls: int) -> None:
    """Up to a hundred new calls, told by any number of receipts and messages, take two requests; again, one."""
    receipts = [ended(f"c{number}", out_id=f"order-{number}") for number in range(calls)]
    batch = [push("SecretReport", receipts, 1), push("SecretStartReport", receipts, 2)]
    with store.counted() as first:
        store.take_in(batch)
    assert first == {READ: 1, WRITE: 1}
    assert len(store.calls()) == calls
    with store.counted() as again:
        store.take_in(batch)
    assert again == {READ: 1}


def test_budget_large_batches_go_in_as_few_requests_as_the_limits_allow(store: Store) -> None:
    """450 rows are five reads of at most 100 and three writes of at most 200."""
    receipts = [{"secret_no": f"1700003{number:04d}", "status": 1} for number in range(450)]
    with store.counted() as calls:
        store.take_in([push("NumberManagementReport", receipts)])
    assert calls == {READ: 5, WRITE: 3}
    assert len(store.tables()["numbers"]) == 450


def test_budget_rows_of_every_table_share_their_requests(store: Store) -> None:
    """A batch that tells of calls, texts and numbers is still one read and one write."""
    with store.counted() as calls:
        store.take_in(
            [
                push("SecretReport", [ended("c1")], 1),
                push("SecretSmsIntercept", [{"id": 1}, {"id": 2}], 2),
                push("NumberManagementReport", [{"secret_no": "17000000002"}], 3),
                push("SmartLogisticsReport", [{"mailNo": "m"}], 4),
                push("SecretAsrReport", [{"callId": "c1"}], 5),
            ]
        )
    assert calls == {READ: 1, WRITE: 1}
    assert [len(rows) for rows in store.tables().values()] == [1, 2, 1, 1, 1, 0, 0, 0]


@pytest.mark.parametrize("character", ["杭", "📞"])
def test_big_rows_are_written_in_requests_within_4_mb(any_codec: Store, character: str) -> None:
    """Two rows of nearly 3 MB, in characters of any width, are taken: no request is over the limit."""
    any_codec.clear()
    content = character * (1_400_000 // len(character.encode()))
    any_codec.take_in([push("SecretSmsIntercept", [{"id": number, "sms_content": content} for number in range(2)])])
    tables = any_codec.drained()
    assert [row["content"] == content for row in tables["texts"]] == [True] * 2
    assert tables["dead_letters"] == []


def test_answers_stand_in_the_order_of_the_rows(any_codec: Store) -> None:
    """Rows of several tables, asked for in any order, some there and some not: each gets its own answer."""
    any_codec.clear()
    rng = random.Random(3)
    tables = (schema.NUMBERS, schema.TEXTS, schema.PARCELS)
    there = [Named(rng.choice(tables), f"n{number}") for number in range(30)]
    writes = [Write(item, {"is": item.identity, REVISION: 1}, None) for item in there]
    assert {result.answer for result in any_codec.rows.write(writes)} == {Answer.DONE}
    asked = [*there, *(Named(rng.choice(tables), f"gone{number}") for number in range(30))]
    rng.shuffle(asked)
    for item, found in zip(asked, any_codec.rows.read(asked), strict=True):
        assert found.answer is Answer.DONE
        assert (found.columns or {}).get("is") == (item.identity if item in there else None)


def test_a_row_is_written_only_if_it_has_not_moved(any_codec: Store) -> None:
    """New where one stands already, changed since it was read, gone meanwhile: conflicts, and nothing is lost."""
    any_codec.clear()
    rows = any_codec.rows
    list(rows.write([Write(number("moved"), {**ROW, REVISION: 2}, None)]))
    attempts = [
        Write(number("new"), ROW, None),
        Write(number("moved"), ROW, None),
        Write(number("gone"), ROW, {REVISION: 1}),
    ]
    answers = [result.answer for result in rows.write(attempts)]
    assert answers == [Answer.DONE, Answer.CONFLICT, Answer.CONFLICT]
    stale: Columns = {REVISION: 1}
    fresh: Columns = {REVISION: 2}
    assert [one.answer for one in rows.write([Write(number("moved"), {REVISION: 3}, stale)])] == [Answer.CONFLICT]
    assert [one.answer for one in rows.write([Write(number("moved"), {REVISION: 3}, fresh)])] == [Answer.DONE]
    assert {row["number_x"]: row[REVISION] for row in any_codec.tables()["numbers"]} == {"new": 1, "moved": 3}


def test_a_row_whose_revision_was_removed_meanwhile_is_a_conflict(store: Store) -> None:
    """The condition does not pass on a missing column, as the SDK's would by default."""
    row = tablestore.Row([("number_x", "bare")], [("note", "by hand")])
    store.client.put_row("numbers", row, tablestore.Condition("IGNORE"))
    (result,) = store.rows.write([Write(number("bare"), ROW, {REVISION: 1})])
    assert result.answer is Answer.CONFLICT


def test_a_row_that_somebody_wrote_by_hand_is_taken_over(store: Store) -> None:
    """A row without facts and revision becomes a row of receipts, instead of a conflict for ever."""
    row = tablestore.Row([("number_x", "17000000002")], [("note", "by hand")])
    store.client.put_row("numbers", row, tablestore.Condition("IGNORE"))
    store.take_in([push("NumberManagementReport", [{"secret_no": "17000000002", "status": 1}])])
    (stored,) = store.tables()["numbers"]
    assert stored["state"] == "created"


def test_law_poison_halves_find_the_row_that_the_server_refuses(any_codec: Store) -> None:
    """A value of more than 2 MB spoils the request that holds it: that row alone is refused, whatever its place."""
    for place in (0, 3, 7):
        any_codec.clear()
        writes = [Write(number(f"n{at}"), {"x": "y" * (2_100_000 if at == place else 1)}, None) for at in range(8)]
        answers = [result.answer for result in any_codec.rows.write(writes)]
        assert answers == [Answer.NEVER if at == place else Answer.DONE for at in range(8)]
        assert len(any_codec.tables()["numbers"]) == 7
