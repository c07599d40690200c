"""The rule book as a table for people, or as lines for machines."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from ops import output
from ops.bindings.binding import NUMBER_X, OF_CALLS, OF_TEXTS, PARTY
from ops.reading import patience
from receipts.masking import mask, masked
from receipts.store import schema
from receipts.store.scanning import Range, pages
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import Console
    from rich.table import Table

    from ops.reading import Store
    from receipts.store.pending import Columns

NUMBERS = (NUMBER_X, PARTY, "callee", "display_number", "text_receiver")


def rows(store: Store, number_x: str | None, limit: int) -> list[Columns]:
    """The rows of a privacy number, or of all, by number and party. Raises StoreUnavailable, StoreMisconfigured."""
    return list(islice(_rows(store, number_x), limit))


def hidden(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its numbers masked, and long numbers in what else it says."""
    return {
        name: mask(str(value))
        if name in NUMBERS and value != "*"
        else masked(value)
        if isinstance(value, str)
        else value
        for name, value in row.items()
    }


def as_table(found: list[Columns], to: Console, *, reveal: bool) -> Table:
    """A row per row."""
    table = output.table("number X", "party", "calls", "texts")
    for row in found:
        shown = dict(row) if reveal else hidden(row)
        table.add_row(
            output.text(shown[NUMBER_X]),
            output.text(shown[PARTY]),
            output.text(_said(shown, OF_CALLS, "callee")),
            output.text(_said(shown, OF_TEXTS, "text_receiver")),
        )
    table.leading = 0 if to.width >= output.WIDE else 1
    return table


def _said(row: Mapping[str, Any], columns: tuple[str, ...], whom: str) -> str:
    """`connect → 139****0001, max_minutes 30`: what a row says of calls, or of texts."""
    what, *rest = columns
    if what not in row:
        return ""
    where = f" → {row[whom]}" if whom in row else ""
    more = [f"{name} {row[name]}" for name in rest if name in row and name != whom]
    return ", ".join([f"{row[what]}{where}", *more])


def _rows(store: Store, number_x: str | None) -> Iterator[Columns]:
    low, high = tablestore.INF_MIN, tablestore.INF_MAX
    start: Any = [(NUMBER_X, number_x or low), (PARTY, low)]
    end: Any = [(NUMBER_X, number_x or high), (PARTY, high)]
    for page in pages(store.client, store.prefix + schema.BINDINGS.name, Range(start, end), patience()):
        yield from page
