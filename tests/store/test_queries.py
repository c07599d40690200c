"""The questions the table of calls was made for: each is one GetRange on a secondary index."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from local.cloud.tablestore import limits
from receipts.store import schema
from receipts.store.sdk import tablestore
from tests.store.support import ended, push, started

if TYPE_CHECKING:
    from tests.store.support import Row, Store

CHINA = timezone(timedelta(hours=8))
LOW, HIGH = tablestore.INF_MIN, tablestore.INF_MAX


def ms(moment: str) -> int:
    """A moment in China as epoch milliseconds."""
    return int(datetime.fromisoformat(moment).replace(tzinfo=CHINA).timestamp()) * 1000


def asked(store: Store, index: str, *first: tuple[str, Any, Any]) -> list[Row]:
    """One GetRange: the index keys named have a value from, and up to without, these; the rest have any."""
    keys = next(item.keys for item in schema.CALLS.indexes if item.name == index)
    low: list[tuple[str, Any]] = [(name, value) for name, value, _ in first]
    high: list[tuple[str, Any]] = [(name, value) for name, _, value in first]
    rest = [name for name in (*keys, *schema.CALLS.keys) if name not in dict(low)]
    # With one value for all of a key, everything behind it has any.
    open_end = HIGH if first[-1][1] == first[-1][2] else LOW
    low += [(name, LOW) for name in rest]
    high += [(name, open_end) for name in rest]
    with store.counted() as calls:
        _, following, rows, _ = store.client.get_range(index, tablestore.Direction.FORWARD, low, high, max_version=1)
    assert (following, dict(calls)) == (None, {"GetRange": 1})
    return [{name: value for name, value, *_ in (*row.primary_key, *row.attribute_columns)} for row in rows]


def ids(rows: list[Row]) -> list[str]:
    """The vendor's ids of the calls found, in order."""
    return [row["call_id"].removeprefix("aliyun:") for row in rows]


def call(call_id: str, at: str, **fields: Any) -> dict[str, Any]:
    """A call of a minute."""
    end = (datetime.fromisoformat(at) + timedelta(minutes=1)).strftime("%Y-%m-%d %H:%M:%S")
    return ended(call_id, call_time=at, ring_time=at, start_time=at, release_time=end, **fields)


def filled(store: Store) -> None:
    """Five calls of two orders, two bindings and two numbers over a midnight, and one that goes on."""
    one, two = {"out_id": "order-1", "sub_id": 1}, {"out_id": "order-2", "sub_id": 2, "secret_no": "17000000009"}
    store.take_in(
        [
            push(
                "SecretReport",
                [
                    call("c1", "2026-11-20 09:00:00", **one),
                    call("c2", "2026-11-20 10:00:00", **two),
                    call("c3", "2026-11-20 23:58:59", **one),
                    call("c4", "2026-11-20 23:59:00", **one),
                    call("c5", "2026-11-21 09:00:00", **two),
                ],
            ),
            push("SecretStartReport", [started("c6", call_time="2026-11-21 09:30:00", out_id="order-1")], 2),
        ]
    )


def test_calls_of_an_order(store: Store) -> None:
    """Support asks for an order: its calls, with what a list shows, and nobody else's."""
    filled(store)
    rows = asked(store, "calls_by_order", ("order_id", "order-1", "order-1"))
    assert set(ids(rows)) == {"c1", "c3", "c4", "c6"}
    shown = {row["call_id"]: row for row in rows}
    assert shown["aliyun:c1"].items() >= {"vendor": "aliyun", "status": "ended", "outcome": "answered"}.items()
    assert shown["aliyun:c1"]["talk_seconds"] == 60
    assert shown["aliyun:c6"]["status"] == "initiated"
    assert "ended_at" not in shown["aliyun:c6"]


def test_calls_of_a_binding(store: Store) -> None:
    """The calls under one binding."""
    filled(store)
    assert set(ids(asked(store, "calls_by_binding", ("binding_id", "2", "2")))) == {"c2", "c5"}


def test_calls_of_a_number_in_a_period(store: Store) -> None:
    """A privacy number is used again by others: its calls from one moment up to another, in order of time."""
    filled(store)
    number = ("number_x", "17000000002", "17000000002")
    day = ("started_at", ms("2026-11-20T09:00:00"), ms("2026-11-21T00:00:00"))
    assert ids(asked(store, "calls_by_number", number, day)) == ["c1", "c3", "c4"]
    later = ("started_at", ms("2026-11-20T09:00:01"), ms("2026-11-20T23:59:00"))
    assert ids(asked(store, "calls_by_number", number, later)) == ["c3"]


def test_calls_that_ended_on_a_day(store: Store) -> None:
    """Billing asks for a day in China, by the moment a call ended: one that ends at midnight is of the new day."""
    filled(store)
    rows = asked(store, "calls_by_day", ("ended_day", "20261120", "20261120"))
    assert ids(rows) == ["c1", "c2", "c3"]
    assert [row["ended_at"] for row in rows] == sorted(row["ended_at"] for row in rows)
    assert ids(asked(store, "calls_by_day", ("ended_day", "20261121", "20261121"))) == ["c4", "c5"]
    hour = ("ended_at", ms("2026-11-20T09:30:00"), ms("2026-11-20T10:30:00"))
    assert ids(asked(store, "calls_by_day", ("ended_day", "20261120", "20261120"), hour)) == ["c2"]


def test_an_index_follows_the_row(store: Store) -> None:
    """A later receipt that says more moves the call in the indexes; it never stands there twice."""
    store.take_in([push("SecretStartReport", [started("c1", out_id="order-1")])])
    assert asked(store, "calls_by_day", ("ended_day", "20261120", "20261120")) == []
    store.take_in([push("SecretReport", [ended("c1", out_id="order-2")], 2)])
    assert ids(asked(store, "calls_by_day", ("ended_day", "20261120", "20261120"))) == ["c1"]
    assert ids(asked(store, "calls_by_order", ("order_id", "order-2", "order-2"))) == ["c1"]
    assert ids(asked(store, "calls_by_order", ("order_id", "order-1", "order-1"))) == []


def test_the_schema_is_within_the_limits_of_an_index() -> None:
    """At most five indexes per table, four columns and the table's key in their keys, every column of them defined."""
    for table in schema.TABLES:
        assert len(table.indexes) <= 5
        assert len(table.defined) <= 32
        for index in table.indexes:
            assert len(index.keys) <= 4
            assert {*index.keys, *index.columns} <= table.defined.keys()
    assert limits.MAX_KEY_BYTES == 1024
