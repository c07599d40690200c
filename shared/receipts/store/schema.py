"""The tables, their keys and their secondary indexes. `docs/data-model.md` tells what the columns mean."""

from __future__ import annotations

import hashlib
from typing import Literal, NamedTuple

ColumnType = Literal["STRING", "INTEGER"]
Key = tuple[tuple[str, str], ...]
"""The primary key of a row: column names and values, in order."""

SHARD = "shard"
SHARD_DIGITS = 4


class Index(NamedTuple):
    """A global secondary index: its own key columns first; the table's key follows by itself."""

    name: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]


class Table(NamedTuple):
    """A table: key columns (all STRING), the columns that indexes know of, and the indexes."""

    name: str
    keys: tuple[str, ...]
    defined: dict[str, ColumnType]
    indexes: tuple[Index, ...] = ()


_LISTED = ("vendor", "status", "outcome", "started_at", "ended_at", "talk_seconds")

CALLS = Table(
    name="calls",
    keys=(SHARD, "call_id"),
    defined={
        "order_id": "STRING",
        "binding_id": "STRING",
        "number_x": "STRING",
        "ended_day": "STRING",
        "vendor": "STRING",
        "status": "STRING",
        "outcome": "STRING",
        "started_at": "INTEGER",
        "ended_at": "INTEGER",
        "open_since_at": "INTEGER",
        "talk_seconds": "INTEGER",
    },
    indexes=(
        Index("calls_by_order", ("order_id",), _LISTED),
        Index("calls_by_binding", ("binding_id",), _LISTED),
        Index(
            "calls_by_number", ("number_x", "started_at"), ("vendor", "status", "outcome", "ended_at", "talk_seconds")
        ),
        Index("calls_by_day", ("ended_day", "ended_at"), ("vendor", "status", "outcome", "started_at", "talk_seconds")),
        # Of the calls that have not ended alone: the others have no such column.
        Index("calls_open", ("open_since_at",), ("vendor", "status")),
    ),
)
TEXTS = Table("texts", (SHARD, "text_id"), {})
NUMBERS = Table("numbers", ("number_x",), {})
TRANSCRIPTS = Table("transcripts", (SHARD, "call_id"), {})
PARCELS = Table("parcels", (SHARD, "mail_no"), {})
RECORDINGS = Table(
    name="recordings",
    keys=(SHARD, "recording_id"),
    defined={
        "state": "STRING",
        "next_attempt_at": "INTEGER",
        "deadline_at": "INTEGER",
        "called_at": "INTEGER",
        "vendor": "STRING",
        "call_id": "STRING",
        "attempts": "INTEGER",
    },
    indexes=(
        Index("recordings_by_attempt", ("state", "next_attempt_at"), ("vendor", "call_id", "deadline_at", "attempts")),
        Index("recordings_by_deadline", ("state", "deadline_at"), ("vendor", "call_id", "next_attempt_at", "attempts")),
        Index("recordings_by_call_time", ("state", "called_at"), ("vendor",)),
    ),
)
DEAD_LETTERS = Table("dead_letters", ("day", "letter_id"), {})
# What `decide` answers with: written by the operator, never by a receipt. All rows of a privacy number stand together.
BINDINGS = Table("bindings", ("number_x", "party"), {})

TABLES = (CALLS, TEXTS, NUMBERS, TRANSCRIPTS, PARCELS, RECORDINGS, DEAD_LETTERS, BINDINGS)
BY_NAME = {table.name: table for table in TABLES}


def key(table: Table, identity: str) -> Key:
    """The key of the row about `identity`; a shard of its own spreads rows over the table's partitions."""
    if table.keys[0] != SHARD:
        return ((table.keys[0], identity),)
    return ((SHARD, shard(identity)), (table.keys[1], identity))


def shard(identity: str) -> str:
    """The first 4 hex digits of the MD5 of the second key column."""
    return hashlib.md5(identity.encode(), usedforsecurity=False).hexdigest()[:SHARD_DIGITS]
