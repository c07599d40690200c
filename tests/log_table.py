"""The tables of docs/operations.md that say what the functions log: what code and queries are held against."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.documents import ROOT, SPAN, name_of, read, section, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


LAYER = ROOT / "shared"
# It writes lines under names that it is given.
GIVEN_NAMES = LAYER / "receipts" / "reporting.py"


def logged() -> set[tuple[str, str, str]]:
    """Function, event and level of each line that the code can write: a function's own, and that of what it imports."""
    return {
        (index.parent.name, event, level)
        for index in (ROOT / "functions").glob("*/index.py")
        for path in code_of(index) - {GIVEN_NAMES}
        for event, level in lines_in(path)
    }


def code_of(index: Path) -> set[Path]:
    """The file and every module of the layer that it imports, by whatever way, at the top or inside a function."""
    found: set[Path] = set()
    new = [index]
    while new:
        path = new.pop()
        if path not in found:
            found.add(path)
            new += _imported(path)
    return found


def _imported(path: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        files = (LAYER / f"{name.replace('.', '/')}.py" for name in names)
        yield from (file for file in files if file.is_file())


def lines_in(path: Path) -> Iterator[tuple[str, str]]:
    """Event and level of each line that a file can write; its name must stand there in so many letters."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(attr="info" | "warning" as level), args=[event, *_]):
                pass
            case ast.Call(func=ast.Name(id="Line"), args=[ast.Constant(value="info" | "warning" as level), event, *_]):
                pass
            case ast.Call(func=ast.Name(id="broken_off"), args=[_, event, *_]):
                level = "warning"
            case _:
                continue
        assert isinstance(event, ast.Constant), f"{path}:{node.lineno}"
        yield str(event.value), level
