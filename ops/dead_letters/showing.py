"""One letter, whole: what is known of it, and its body, masked unless that is asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ops import output
from ops.masks import masked_body
from receipts.masking import masked
from receipts.store.letters import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from ops.dead_letters.choosing import Name
    from receipts.store.pending import Columns

MOST_SIGHTINGS = 10
FIRST = ("state", "reason", "error", "vendor", "type")
TIMES = ("first_seen_at", "last_seen_at", "replayed_at")
LEFT_OUT = ("day", "letter_id", "body", "sightings", "revision", "seen")


def show(name: Name, letter: Columns, body: bytes, to: Console, *, reveal: bool) -> None:
    """Write the letter."""
    to.print(output.text(f"dead letter {name}", "bold"))
    table = output.table("", "")
    table.show_header = False
    for field, value in _fields(letter, len(body), reveal=reveal):
        table.add_row(output.text(field, "dim"), output.text(value))
    to.print(table)
    to.print()
    if reveal:
        to.print(output.text(body.decode("utf-8", "backslashreplace")), soft_wrap=True)
    else:
        to.print(output.text("the body, masked (--reveal shows it, --raw writes its bytes):", "dim"))
        to.print(output.text(masked_body(body)), soft_wrap=True)
    if letter.get("state") == OPEN:
        to.print()
        to.print(output.text(f"Once its cause is mended: receipts dead-letters replay {name}"), soft_wrap=True)


def _fields(letter: Columns, size: int, *, reveal: bool) -> Iterator[tuple[str, str]]:
    seen = str if reveal else lambda value: masked(str(value))
    for name in FIRST:
        yield name, seen(letter.get(name, ""))
    yield "bytes", f"{size} ({letter.get('body_encoding')!s})"
    yield "seen", _times(int(letter.get("seen", 0)))
    for name in TIMES:
        if name in letter:
            yield name, f"{output.moment(letter[name])} {output.zone()}"
    sightings = sorted(json.loads(str(letter.get("sightings", "{}"))).values())
    if len(sightings) > 1:
        more = f" and {len(sightings) - MOST_SIGHTINGS} more" if len(sightings) > MOST_SIGHTINGS else ""
        yield "sightings", ", ".join(map(output.moment, sightings[:MOST_SIGHTINGS])) + more
    # What an operator has added, and what a later version may.
    for name in sorted(letter.keys() - {*FIRST, *TIMES, *LEFT_OUT, "body_encoding"}):
        yield name, seen(letter[name])


def _times(seen: int) -> str:
    return "once" if seen == 1 else f"{seen} times"
