"""The user's side: rows read with the vendor's SDK, and held against what the story promises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts.store import schema
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.story import Expectation
    from receipts.store.schema import Table

Row = dict[str, Any]


class Tables(NamedTuple):
    """Every row of every table, keys among the columns."""

    calls: list[Row]
    texts: list[Row]
    numbers: list[Row]
    transcripts: list[Row]
    parcels: list[Row]
    recordings: list[Row]
    dead_letters: list[Row]
    bindings: list[Row]


def read_all(client: Any, prefix: str = "") -> Tables:
    """All the tables."""
    return Tables(*(list(rows_of(client, table, prefix)) for table in schema.TABLES))


def rows_of(client: Any, table: Table, prefix: str = "") -> Iterator[Row]:
    """All rows of a table, page by page."""
    start: Any = [(key, tablestore.INF_MIN) for key in table.keys]
    end = [(key, tablestore.INF_MAX) for key in table.keys]
    while start:
        _, start, rows, _ = client.get_range(
            prefix + table.name, tablestore.Direction.FORWARD, start, end, max_version=1
        )
        for row in rows:
            yield {name: value for name, value, *_ in (*row.primary_key, *row.attribute_columns)}


def missing(tables: Tables, expected: Expectation) -> list[str]:
    """What the story promises and the tables do not hold; empty when all is well."""
    calls = {row["call_id"]: row for row in tables.calls}
    problems = [f"call {call_id} is missing" for call_id in expected.calls.keys() - calls.keys()]
    problems += [f"call {call_id} is nobody's" for call_id in calls.keys() - expected.calls.keys()]
    for call_id, columns in expected.calls.items():
        row = calls.get(call_id, {})
        problems += [f"call {call_id}: {name} is not as told" for name in columns if row.get(name) != columns[name]]
        # A receipt that tells nothing new changes no column but this.
        lost = expected.told[call_id] - json.loads(row.get("facts", "{}")).keys()
        problems += [f"call {call_id}: {message_type} is lost" for message_type in sorted(lost)]
    problems += _difference("text", {row["text_id"].partition(":")[2] for row in tables.texts}, expected.texts)
    problems += _difference("transcript", {row["call_id"] for row in tables.transcripts}, expected.transcripts)
    problems += _states("number", {row["number_x"]: row.get("state") for row in tables.numbers}, expected.numbers)
    problems += _states("parcel", {row["mail_no"]: row.get("status") for row in tables.parcels}, expected.parcels)
    reasons = [row["reason"] for row in tables.dead_letters]
    problems += [
        f"{reasons.count(reason)} dead letters {reason} instead of {count}"
        for reason, count in expected.dead_letters.items()
        if reasons.count(reason) != count
    ]
    return problems


def unarchived(tables: Tables, expected: Expectation) -> list[str]:
    """The recordings that the story promises and that are not archived; empty when all are."""
    archived = {row["recording_id"] for row in tables.recordings if row["state"] == "archived"}
    return _difference("archived recording", archived, expected.recordings)


def _difference(what: str, found: set[str], expected: frozenset[str]) -> list[str]:
    return [f"{len(found)} {what}s instead of {len(expected)}"] if found != expected else []


def _states(what: str, found: dict[str, Any], expected: dict[str, str]) -> list[str]:
    return [f"{what} states differ"] if found != expected else []
