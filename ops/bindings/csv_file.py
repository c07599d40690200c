"""Reads a CSV file of rules, whole, before anything is written."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

from ops.bindings.binding import COLUMNS, NUMBER_X, PARTY, Binding, binding_of
from ops.problems import Problem
from receipts.deciding.rules import BadRule

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES = 64 * 1024 * 1024


class Wrong(NamedTuple):
    """What is wrong in a line of the file (the first is 1), without any value; `column` may be empty."""

    line: int
    column: str
    what: str


class Read(NamedTuple):
    """What a file says: its rows, or what is wrong with it."""

    bindings: list[Binding]
    wrong: list[Wrong]


def read(path: Path, *, insist: bool) -> Read:
    """The rules of a file in UTF-8, its columns named in the first line.

    Raises:
        Problem: it is no such file.
    """
    rows = _rows(_text(path))
    header = _header(rows)
    bindings: dict[tuple[str, str], tuple[int, Binding]] = {}
    wrong: list[Wrong] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            wrong.append(Wrong(line, "", f"has {len(cells)} cells, and the first line {len(header)}"))
            continue
        try:
            made = binding_of(dict(zip(header, cells, strict=True)), insist=insist)
        except BadRule as error:
            wrong += [Wrong(line, column, what) for column, what in error.problems]
            continue
        before = bindings.setdefault((made.number_x, made.party), (line, made))[0]
        if before != line:
            wrong.append(Wrong(line, "", f"is about the same number_x and party as line {before}"))
    return Read([made for _, made in bindings.values()], wrong)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Problem(f"The file is larger than {MOST_BYTES >> 20} MB: split it.")
        # Excel puts a mark before UTF-8.
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("The file is not UTF-8: in Excel, save it as `CSV UTF-8`.") from None
    except OSError as error:
        columns = ", ".join(COLUMNS)
        raise Problem(
            f"The file cannot be read: {error.strerror}. Name a CSV file whose first line has some of {columns}."
        ) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, with the line that it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise Problem(f"Line {line} is not CSV: look at its quotes.") from None


def _header(rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    header = [cell.strip().lower() for cell in next(rows, (1, []))[1]]
    for place, name in enumerate(header, 1):
        if name not in COLUMNS:
            # It may be a number, if the file has no header.
            raise Problem(f"Line 1, column {place}: not a column's name. They are {', '.join(COLUMNS)}.")
        if header.index(name) < place - 1:
            raise Problem(f"Line 1, column {place}: {name} stands there twice.")
    for name in (NUMBER_X, PARTY):
        if name not in header:
            raise Problem(f"Line 1: the column {name} is missing.")
    return header
