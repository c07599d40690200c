"""Secondary indexes: what is in them, and that they follow their table in the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tablestore import (
    INF_MAX,
    INF_MIN,
    BatchGetRowRequest,
    BatchWriteRowRequest,
    Condition,
    PutRowItem,
    Row,
    SecondaryIndexMeta,
    TableInBatchGetRowItem,
    TableInBatchWriteRowItem,
)

if TYPE_CHECKING:
    from tests.local.tablestore.conftest import Refusal

IGNORE = Condition("IGNORE")
ORDER = ["order_id", "shard", "call_id"]
NUMBER = ["number_x", "started_at", "shard", "call_id"]


def key(call_id: str) -> list[tuple[str, str]]:
    """The key of a call."""
    return [("shard", "00"), ("call_id", call_id)]


def entries(client: Any, index: str, columns: list[str]) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Every entry of an index: key values and attributes."""
    low, high = [(name, INF_MIN) for name in columns], [(name, INF_MAX) for name in columns]
    _, following, rows, _ = client.get_range(index, "FORWARD", low, high, max_version=1)
    assert following is None
    assert all([name for name, _ in row.primary_key] == columns for row in rows)
    return [
        (tuple(value for _, value in row.primary_key), {name: value for name, value, _ in row.attribute_columns})
        for row in rows
    ]


def test_an_entry_has_the_declared_columns_only(client: Any, calls: str) -> None:
    """The key is the declared columns and then the rest of the table's key; other columns stay out."""
    cells = [("order_id", "o1"), ("note", "hi"), ("number_x", "17000000002"), ("started_at", 5), ("extra", 1)]
    client.put_row(calls, Row(key("c1"), cells), IGNORE)
    assert entries(client, "calls_by_order", ORDER) == [(("o1", "00", "c1"), {"note": "hi"})]
    assert entries(client, "calls_by_number", NUMBER) == [(("17000000002", 5, "00", "c1"), {})]


def test_a_row_without_a_key_column_is_not_in_the_index(client: Any, calls: str) -> None:
    """All of an index's key columns are needed."""
    client.put_row(calls, Row(key("c1"), [("number_x", "17000000002")]), IGNORE)
    assert entries(client, "calls_by_order", ORDER) == []
    assert entries(client, "calls_by_number", NUMBER) == []


def test_entries_enter_move_and_leave(client: Any, calls: str) -> None:
    """Each update of a row shows in the index at once, and no old entry stays behind."""
    client.put_row(calls, Row(key("c1"), [("note", "a")]), IGNORE)
    client.update_row(calls, Row(key("c1"), {"PUT": [("order_id", "o2")]}), IGNORE)
    assert entries(client, "calls_by_order", ORDER) == [(("o2", "00", "c1"), {"note": "a"})]
    client.update_row(calls, Row(key("c1"), {"PUT": [("order_id", "o1"), ("note", "b")]}), IGNORE)
    assert entries(client, "calls_by_order", ORDER) == [(("o1", "00", "c1"), {"note": "b"})]
    client.update_row(calls, Row(key("c1"), {"PUT": [("note", "c")]}), IGNORE)
    assert entries(client, "calls_by_order", ORDER) == [(("o1", "00", "c1"), {"note": "c"})]
    client.update_row(calls, Row(key("c1"), {"DELETE_ALL": ["order_id"]}), IGNORE)
    assert entries(client, "calls_by_order", ORDER) == []


def test_put_and_delete_clear_the_old_entry(client: Any, calls: str) -> None:
    """A put that lacks the column, and a delete, take the row out of the index."""
    for _ in range(2):
        client.put_row(calls, Row(key("c1"), [("order_id", "o1")]), IGNORE)
        assert len(entries(client, "calls_by_order", ORDER)) == 1
        client.put_row(calls, Row(key("c1"), []), IGNORE)
        assert entries(client, "calls_by_order", ORDER) == []
    client.put_row(calls, Row(key("c1"), [("order_id", "o1")]), IGNORE)
    client.delete_row(calls, Row(key("c1")), IGNORE)
    assert entries(client, "calls_by_order", ORDER) == []


def test_index_order_and_ranges(client: Any, calls: str) -> None:
    """A range on an index is ordered by its key: integers by value, both directions, with paging."""
    request = BatchWriteRowRequest()
    times = [30, -1, 2**63 - 1, 9, -(2**63), 100]
    request.add(
        TableInBatchWriteRowItem(
            calls,
            [PutRowItem(Row(key(f"c{at}"), [("number_x", "17000000002"), ("started_at", at)]), IGNORE) for at in times],
        )
    )
    assert client.batch_write_row(request).is_all_succeed()
    rest = [("shard", INF_MIN), ("call_id", INF_MIN)]
    low = [("number_x", "17000000002"), ("started_at", INF_MIN), *rest]
    high = [("number_x", "17000000002"), ("started_at", INF_MAX), *rest]
    _, following, rows, _ = client.get_range("calls_by_number", "FORWARD", low, high, limit=4, max_version=1)
    assert [row.primary_key[1][1] for row in rows] == sorted(times)[:4]
    _, following, rest_rows, _ = client.get_range("calls_by_number", "FORWARD", following, high, max_version=1)
    assert [row.primary_key[1][1] for row in rest_rows] == sorted(times)[4:]
    _, following, rows, _ = client.get_range("calls_by_number", "BACKWARD", high, low, max_version=1)
    assert [row.primary_key[1][1] for row in rows] == sorted(times, reverse=True)


def test_single_entries(client: Any, calls: str) -> None:
    """GetRow and BatchGetRow work on an index as on a table."""
    client.put_row(calls, Row(key("c1"), [("order_id", "o1"), ("note", "hi")]), IGNORE)
    entry = [("order_id", "o1"), *key("c1")]
    _, row, _ = client.get_row("calls_by_order", entry, max_version=1)
    assert row.primary_key == entry
    assert [(name, value) for name, value, _ in row.attribute_columns] == [("note", "hi")]
    request = BatchGetRowRequest()
    request.add(TableInBatchGetRowItem("calls_by_order", [entry, [("order_id", "o2"), *key("c1")]], [], None, 1))
    first, second = client.batch_get_row(request).get_result_by_table("calls_by_order")
    assert first.row.primary_key == entry
    assert second.row is None


def test_an_index_is_read_only(client: Any, calls: str, refusal: Refusal) -> None:
    """Writes go to the table; an index refuses them."""
    with refusal("OTSParameterInvalid", 400):
        client.put_row("calls_by_order", Row([("order_id", "o1"), *key("c1")], []), IGNORE)


@pytest.mark.parametrize("cell", [("order_id", 5), ("started_at", "5"), ("order_id", "x" * 1025)])
def test_a_value_that_an_index_cannot_hold_is_refused(
    client: Any, calls: str, refusal: Refusal, cell: tuple[str, Any]
) -> None:
    """A key column of an index has its defined type and at most 1 KB; the row is left as it was."""
    with refusal("OTSParameterInvalid", 400):
        client.put_row(calls, Row(key("c1"), [cell]), IGNORE)
    client.put_row(calls, Row(key("c1"), [("order_id", "x" * 1024)]), IGNORE)
    with refusal("OTSParameterInvalid", 400):
        client.update_row(calls, Row(key("c1"), {"PUT": [cell]}), IGNORE)
    request = BatchWriteRowRequest()
    items = [PutRowItem(Row(key("c1"), [cell]), IGNORE), PutRowItem(Row(key("c2"), []), IGNORE)]
    request.add(TableInBatchWriteRowItem(calls, items))
    bad, good = client.batch_write_row(request).table_of_put[calls]
    assert (bad.is_ok, bad.error_code, good.is_ok) == (False, "OTSParameterInvalid", True)
    assert [entry for entry, _ in entries(client, "calls_by_order", ORDER)] == [("x" * 1024, "00", "c1")]


@pytest.mark.parametrize("with_base", [True, False])
def test_an_index_that_comes_later(client: Any, calls: str, with_base: bool) -> None:  # noqa: FBT001
    """With the base data it holds the rows that are there; without, those that are written from then on."""
    client.put_row(calls, Row(key("c1"), [("note", "a")]), IGNORE)
    client.create_secondary_index(calls, SecondaryIndexMeta("by_note", ["note"], ["order_id"]), with_base)
    client.put_row(calls, Row(key("c2"), [("note", "b"), ("order_id", "o")]), IGNORE)
    expected: list[Any] = [(("a", "00", "c1"), {})] if with_base else []
    expected.append((("b", "00", "c2"), {"order_id": "o"}))
    assert entries(client, "by_note", ["note", "shard", "call_id"]) == expected
    client.delete_row(calls, Row(key("c1")), IGNORE)
    assert len(entries(client, "by_note", ["note", "shard", "call_id"])) == 1


def test_an_index_on_a_key_column(client: Any, calls: str) -> None:
    """A key column of the table may lead an index; it is not repeated."""
    client.create_secondary_index(calls, SecondaryIndexMeta("by_call", ["call_id", "note"], []), False)
    client.put_row(calls, Row(key("c1"), [("note", "n")]), IGNORE)
    assert entries(client, "by_call", ["call_id", "note", "shard"]) == [(("c1", "n", "00"), {})]
