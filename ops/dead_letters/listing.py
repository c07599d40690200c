"""Letters as a table, or as lines for machines; no body."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ops import output
from ops.dead_letters.choosing import letters
from ops.dead_letters.letter import size_of
from receipts.masking import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console
    from rich.table import Table

    from ops.dead_letters.choosing import Choice
    from ops.reading import Store
    from receipts.store.pending import Columns

LEAST_DIGITS = 8
# Not for a list: the bytes, and what only serves to count.
LEFT_OUT = ("body", "sightings", "revision")
EXACT = ("day", "letter_id")
# Two names share a column where there is little room.
COLUMNS = ("day", "id"), ("reason",), ("vendor", "type"), ("error",), ("seen", "bytes"), ("first seen", "last seen")


def listed(store: Store, choice: Choice) -> list[dict[str, Any]]:
    """The letters of a choice without their bodies, but with `bytes`: newest day first, in it the last seen first."""
    found = (_listed(letter) for letter in letters(store, choice.days) if choice.takes(letter))
    return list(_newest_first(found))


def as_table(found: list[dict[str, Any]], to: Console) -> Table:
    """A row per letter."""
    wide = to.width >= output.WIDE
    headers = [name for names in COLUMNS for name in names] if wide else ["\n".join(names) for names in COLUMNS]
    table = output.table(*headers, right=("seen", "bytes", "seen\nbytes"))
    table.leading = 0 if wide else 1
    digits = short_id_digits(str(letter["letter_id"]) for letter in found)
    for letter in found:
        cells = _cells(letter, digits)
        groups = [[cells[name]] for names in COLUMNS for name in names] if wide else _grouped(cells)
        table.add_row(*(output.text("\n".join(group)) for group in groups))
    return table


def short_id_digits(ids: Iterable[str]) -> int:
    """How many digits tell these ids apart."""
    whole = set(ids)
    digits = LEAST_DIGITS
    while len({each[:digits] for each in whole}) < len(whole):
        digits += 1
    return digits


def _listed(letter: Columns) -> dict[str, Any]:
    """The type is what stood in a path, and a note is anybody's: neither need be free of numbers."""
    told = {name: value for name, value in letter.items() if name not in LEFT_OUT}
    shown = {
        name: masked(value) if name not in EXACT and isinstance(value, str) else value for name, value in told.items()
    }
    return shown | {"bytes": size_of(letter)}


def _newest_first(found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for _, same_day in groupby(found, key=itemgetter("day")):
        yield from sorted(same_day, key=lambda letter: int(letter.get("last_seen_at", 0)), reverse=True)


def _cells(letter: dict[str, Any], digits: int) -> dict[str, str]:
    size = letter["bytes"]
    cells = {
        "id": letter["letter_id"][:digits],
        "first seen": output.short_moment(letter.get("first_seen_at")),
        "last seen": output.short_moment(letter.get("last_seen_at")),
        "bytes": "in OSS" if size is None else size,
        # What stood in the path of a push: of any length.
        "type": output.brief(letter.get("type", "")),
    }
    told = {name: letter.get(name, "") for names in COLUMNS for name in names if name not in cells}
    return {name: str(value) for name, value in (told | cells).items()}


def _grouped(cells: dict[str, str]) -> list[list[str]]:
    return [[cells[name] for name in names] for names in COLUMNS]
