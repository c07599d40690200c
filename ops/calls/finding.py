"""The calls of an order, a binding or a privacy number, through the secondary indexes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ops import output
from ops.calls.rows import hidden, short_id
from ops.reading import looked_up, lookup, patience
from receipts.domain.call import Call
from receipts.store import schema
from receipts.store.scanning import Range, pages
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.table import Table

    from ops.reading import Store
    from receipts.store.pending import Columns

INDEXES = {index.keys[0]: index for index in schema.CALLS.indexes}
# Everything but the receipts, and what no reader needs.
READS = tuple(Call.model_fields)


class Question(NamedTuple):
    """Which calls: those whose `column` is `value`, begun from `since` up to and without `until` (epoch ms)."""

    column: str
    value: str
    since: int | None
    until: int | None
    limit: int


def found(store: Store, question: Question) -> list[dict[str, Any]]:
    """The calls as they now are, newest first, without facts. Raises StoreUnavailable, StoreMisconfigured."""
    timed = "started_at" in INDEXES[question.column].keys
    rows = _by_time(store, question) if timed else iter(_sorted(_all(store, question), question))
    ids = [str(row["call_id"]) for row in islice(rows, question.limit)]
    # The index follows the table a moment later, and knows no parties.
    calls = looked_up(store.rows, [lookup(schema.CALLS, call_id, READS) for call_id in ids])
    return [{name: value for name, value in call.items() if name != schema.SHARD} for call in calls if call]


def as_table(calls: list[dict[str, Any]], to: Console, *, reveal: bool) -> Table:
    """A row per call."""
    table = output.table("started", "call", "came to", "caller, callee", "number X")
    for call in calls:
        shown = call if reveal else hidden(call)
        talk = f" {call['talk_seconds']} s" if call.get("talk_seconds") else ""
        table.add_row(
            output.text(output.moment(call.get("started_at"))[:16]),
            output.text(short_id(call["call_id"])),
            output.text(f"{call.get('outcome') or call.get('status', '')}{talk}"),
            output.stacked(to, *parties(shown)),
            output.text(shown.get("number_x", "")),
        )
    return table


def parties(call: dict[str, Any]) -> tuple[str, str]:
    """Who called, and after an arrow who was called; A and B where nobody says which."""
    caller, callee = call.get("caller"), call.get("callee")
    if caller or callee:
        return str(caller or "?"), f"→ {callee or '?'}"
    return f"A {call.get('number_a', '?')}", f"B {call.get('number_b', '?')}"


def _by_time(store: Store, question: Question) -> Iterator[Columns]:
    """From an index that is in order of time: no more is read than is wanted."""
    low, high = tablestore.INF_MIN, tablestore.INF_MAX
    first = [(question.column, question.value)]
    rest = high if question.until is None else low
    until = high if question.until is None else question.until
    since = low if question.since is None else question.since
    start = [*first, ("started_at", until), *((key, rest) for key in schema.CALLS.keys)]
    end = [*first, ("started_at", since), *((key, low) for key in schema.CALLS.keys)]
    return _rows(store, question, Range(start, end, backward=True))


def _all(store: Store, question: Question) -> Iterator[Columns]:
    """All calls of one order or binding: an index that is in no order of time."""
    start: Any = [(question.column, question.value), *((key, tablestore.INF_MIN) for key in schema.CALLS.keys)]
    end: Any = [(question.column, question.value), *((key, tablestore.INF_MAX) for key in schema.CALLS.keys)]
    return _rows(store, question, Range(start, end))


def _sorted(rows: Iterator[Columns], question: Question) -> list[Columns]:
    asked_for_time = question.since is not None or question.until is not None
    within = [
        row
        for row in rows
        if not asked_for_time
        or ("started_at" in row and (question.since or 0) <= int(row["started_at"]) < (question.until or 10**15))
    ]
    return sorted(within, key=lambda row: int(row.get("started_at", row.get("ended_at", 0))), reverse=True)


def _rows(store: Store, question: Question, wanted: Range) -> Iterator[Columns]:
    name = store.prefix + INDEXES[question.column].name
    return (row for page in pages(store.client, name, wanted, patience()) for row in page)
