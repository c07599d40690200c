"""The tables of docs/operations.md that say what the functions log: what code and queries are held against."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from tests.test_docs import SPAN, name_of, read, section, tables

PAGE = "docs/operations.md"
COMMON = frozenset({"level", "function", "event", "request_id"})
# The platform's limit for a line, in bytes.
MOST_BYTES = 32 * 1024


class Line(NamedTuple):
    """What the table says of an event.

    Attributes:
        one_per: what it is the result of; empty: it comes beside one.
        fields: all that it may have.
        rare: those of them that are not always there.
    """

    one_per: str
    fields: frozenset[str]
    rare: frozenset[str]


@cache
def lines() -> dict[tuple[str, str, str], Line]:
    """By function, event and level."""
    table, _ = tables(section(read(PAGE), "Log lines"))
    found = {(name_of(row[0]), name_of(row[1]), row[2]): _line(row[3], row[4]) for row in table}
    assert len(found) == len(table), "an event is there twice"
    return found


def _line(one_per: str, told: str) -> Line:
    rare = frozenset(re.findall(r"`(\w+)`\?", told))
    return Line(one_per.strip("–"), frozenset(SPAN.findall(told)), rare)


@cache
def fields() -> dict[str, str]:
    """Each field with its type."""
    _, table = tables(section(read(PAGE), "Log lines"))
    return {name_of(row[0]): row[1] for row in table}


PYTHON: dict[str, tuple[type, ...]] = {"text": (str, bool), "long": (int,), "json": (dict,)}


def wrong_with(line: dict[str, Any], written: str) -> list[str]:
    """What is not as the tables say; nothing if all is well."""
    told = lines().get((line["function"], line["event"], line["level"]))
    if told is None:
        return [f"no such event: {line['function']} {line['event']} {line['level']}"]
    odd = (line.keys() ^ (told.fields | COMMON)) - told.rare
    wrong = [f"{line['event']}: {sorted(odd)}"] if odd else []
    wrong += [
        f"{line['event']}: {name} is {type(value).__name__}"
        for name, value in line.items()
        if value is not None and not isinstance(value, PYTHON[fields().get(name, "text")])
    ]
    return wrong + [f"{line['event']}: {len(written)} bytes"] * (len(written.encode()) >= MOST_BYTES)
