"""How the commands write: tables for people that fit into 80 columns, one line per row through a pipe."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Through a pipe nothing is folded: a line is a row, to be searched.
PIPED_WIDTH = 1000
# From here on a row stands in one line.
WIDE = 150
# The longest message type of a vendor has 26 characters.
BRIEF = 40


def console() -> Console:
    """Standard output, as wide as the terminal; COLUMNS says otherwise."""
    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(width=PIPED_WIDTH if piped else None, highlight=False)


def aside() -> Console:
    """Standard error: progress and remarks, which are no result."""
    return Console(stderr=True, highlight=False)


def table(*columns: str, right: Iterable[str] = ()) -> Table:
    """A table without lines; `right`: the columns of numbers."""
    made = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return made


def stacked(to: Console, *parts: str) -> Text:
    """The parts of one cell: one under the other where there is little room."""
    return text(("\n" if to.width < WIDE else " ").join(part for part in parts if part))


def text(value: object, style: str = "") -> Text:
    """A value from outside as it is: neither markup nor a terminal's control codes."""
    return Text(printable(str(value)), style=style)


def brief(value: object) -> str:
    """A word from outside for the cell of a table: its beginning, if it is longer than any that means something."""
    whole = str(value)
    return whole if len(whole) <= BRIEF else f"{whole[: BRIEF - 1]}…"


def printable(value: str) -> str:
    """The text with everything but characters, line ends and tabs written out as an escape."""
    return "".join(each if each.isprintable() or each in "\n\t" else ascii(each)[1:-1] for each in value)


def moment(milliseconds: Any) -> str:
    """Epoch milliseconds on this machine's clock; empty for none."""
    return "" if milliseconds is None else f"{_local(milliseconds):%Y-%m-%d %H:%M:%S}"


def short_moment(milliseconds: Any) -> str:
    """The same without year and seconds."""
    return "" if milliseconds is None else f"{_local(milliseconds):%m-%d %H:%M}"


def zone() -> str:
    """What clock the moments are on, such as `UTC+08:00`."""
    offset = f"{datetime.now().astimezone():%z}"
    return f"UTC{offset[:3]}:{offset[3:]}"


def _local(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000).astimezone()


def json_line(row: Mapping[str, Any]) -> None:
    """One line for machines."""
    # Half a character, which no output takes, as the escape that JSON has for it.
    print(json.dumps(row, ensure_ascii=False, default=_binary).encode("utf-8", "backslashreplace").decode())


def _binary(value: object) -> str:
    """Bytes in JSON, as well as can be."""
    return bytes(value).decode("utf-8", "backslashreplace") if isinstance(value, bytes | bytearray) else str(value)
