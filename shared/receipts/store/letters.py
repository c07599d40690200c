"""Dead letters as rows: one per content, which counts how often it was seen."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from receipts.joining.facts import revision
from receipts.store import schema
from receipts.store.pending import REVISION
from receipts.times import DAY_MS, china_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from receipts.domain.letter import Letter
    from receipts.store.patience import Patience
    from receipts.store.pending import Columns
    from receipts.store.rows import Rows
    from receipts.store.schema import Key, Table

# So many sightings are told apart; a letter seen this often says "at least".
MOST_SIGHTINGS = 100
MOST_BODY_BYTES = 1_500_000
# TableStore takes 2 MB per value.
MOST_PACKED_BYTES = 1_900_000
OPEN, REPLAYED = "open", "replayed"


class PendingLetter(NamedTuple):
    """A letter to be joined into its row: the union of its sightings."""

    letter: Letter
    day: str
    sightings: dict[str, int]

    @property
    def table(self) -> Table:
        """The table of dead letters."""
        return schema.DEAD_LETTERS

    @property
    def key(self) -> Key:
        """Day and content hash."""
        return (("day", self.day), ("letter_id", self.letter.letter_id))

    @property
    def reads(self) -> tuple[str, ...]:
        """All columns: what an operator added stays."""
        return ()

    def merged(self, stored: Columns | None) -> Columns | None:
        """The row with these sightings added; one that was replayed and is seen again is open again."""
        stored = stored or {}
        before: dict[str, int] = json.loads(str(stored.get("sightings", "{}")))
        # A sighting that is known stays as it is: a redelivery changes nothing.
        union = {**self.sightings, **before}
        sightings = {name: union[name] for name in sorted(union)[:MOST_SIGHTINGS]}
        if sightings == before and stored:
            return None
        text = json.dumps(sightings, separators=(",", ":"))
        body, encoding = (self.letter.object_key, "oss") if self.letter.object_key else _written(self.letter.body)
        return {
            **stored,
            "reason": self.letter.reason,
            "vendor": self.letter.vendor,
            "type": self.letter.type,
            "body": body,
            "body_encoding": encoding,
            "error": self.letter.error,
            "state": OPEN,
            "seen": len(sightings),
            "first_seen_at": min(sightings.values()),
            "last_seen_at": max(sightings.values()),
            "sightings": text,
            REVISION: revision(text),
        }


def pending(rows: Rows, letters: Iterable[Letter], patience: Patience) -> list[PendingLetter]:
    """The letters, folded by content, each on the day under which it is already kept, else on its own.

    A vendor sends the same bytes again within minutes: over midnight, they belong to the letter of the day before.
    """
    by_content: dict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        by_content[letter.letter_id].append(letter)
    folded = [_folded(same) for same in by_content.values()]
    nearby = [item._replace(day=day) for item in folded for day in _days_around(item.letter.at)]
    kept = {(item.day, item.letter.letter_id) for item in _stored(rows, nearby, patience)}
    return [
        item._replace(
            day=next((day for day in _days_around(item.letter.at) if (day, item.letter.letter_id) in kept), item.day)
        )
        for item in folded
    ]


def fits(body: bytes) -> bool:
    """Whether a row can hold the body."""
    return len(body) <= MOST_BODY_BYTES or len(zlib.compress(body)) <= MOST_PACKED_BYTES


def _folded(same: list[Letter]) -> PendingLetter:
    first = min(same, key=lambda letter: (letter.at, letter.sighting))
    return PendingLetter(first, china_day(first.at), {letter.sighting: letter.at for letter in same})


def _days_around(at: int) -> list[str]:
    return [china_day(at + offset) for offset in (-DAY_MS, 0, DAY_MS)]


def _stored(rows: Rows, items: list[PendingLetter], patience: Patience) -> list[PendingLetter]:
    """Those of the letters that have a row. Raises StoreUnavailable."""
    found = rows.read_all(items, patience)
    return [item for item, one in zip(items, found, strict=True) if one.columns is not None]


def _written(body: bytes) -> tuple[str | bytearray, str]:
    """The column `body` and how it is written: `utf-8` (STRING), `binary`, or `zlib` for what is too long."""
    if len(body) > MOST_BODY_BYTES:
        return bytearray(zlib.compress(body)), "zlib"
    try:
        return body.decode(), "utf-8"
    except UnicodeDecodeError:
        return bytearray(body), "binary"
