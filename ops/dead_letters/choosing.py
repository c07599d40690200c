"""Which letters are meant: by day, reason, vendor, type and state, or by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ops.problems import Problem
from ops.reading import patience
from receipts.store import schema
from receipts.store.scanning import Range, pages
from receipts.store.sdk import tablestore
from receipts.times import DAY_MS, SECOND_MS, china_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.reading import Store
    from receipts.store.pending import Columns

DAYS_SHOWN = 7
ANY = "any"
MOST_CANDIDATES = 5
_NAME = re.compile(r"(?:(\d{8})/)?([0-9a-f]{4,32})")


class Name(NamedTuple):
    """A letter: the key of its row."""

    day: str
    letter_id: str

    def __str__(self) -> str:
        return f"{self.day}/{self.letter_id}"


class Days(NamedTuple):
    """From one day in China (`yyyymmdd`) to another, both included; None has no end."""

    first: str | None = None
    last: str | None = None


class Choice(NamedTuple):
    """What letters have in common; None: whatever it is."""

    days: Days
    reason: str | None = None
    vendor: str | None = None
    type: str | None = None
    state: str = ANY

    def takes(self, letter: Columns) -> bool:
        """Whether the letter is one of them; names are compared without regard to case."""
        wanted = {"reason": self.reason, "vendor": self.vendor, "type": self.type}
        if self.state != ANY:
            wanted["state"] = self.state
        return all(
            value is None or str(letter.get(name, "")).lower() == value.lower() for name, value in wanted.items()
        )


def last_days(now: float) -> Days:
    """The days that are looked at unless others are asked for; `now` in epoch seconds."""
    return Days(first=china_day(round(now * SECOND_MS) - (DAYS_SHOWN - 1) * DAY_MS))


def letters(store: Store, days: Days, columns: list[str] | None = None) -> Iterator[Columns]:
    """The letters of these days, newest day first, with their keys. Raises StoreUnavailable, StoreMisconfigured."""
    low, high = tablestore.INF_MIN, tablestore.INF_MAX
    start: Any = [("day", days.last or high), ("letter_id", high)]
    end: Any = [("day", days.first or low), ("letter_id", low)]
    names = None if columns is None else ["letter_id", *columns]
    wanted = Range(start, end, backward=True, columns=names)
    for page in pages(store.client, store.prefix + schema.DEAD_LETTERS.name, wanted, patience()):
        yield from page


def chosen(store: Store, choice: Choice) -> list[Name]:
    """The names of the letters of a choice, oldest day first. Raises StoreUnavailable, StoreMisconfigured."""
    columns = ["reason", "vendor", "type", "state"]
    found = [_name(letter) for letter in letters(store, choice.days, columns) if choice.takes(letter)]
    return found[::-1]


def named(store: Store, words: Sequence[str]) -> list[Name]:
    """The letter of each word: an id or the beginning of one, perhaps with `day/` before it; each letter once.

    Raises:
        Problem: a word is no name, names no letter, or several.
        StoreUnavailable, StoreMisconfigured: the letters cannot be read.
    """
    parsed = [_parsed(word) for word in words]
    days = [day for day, _ in parsed]
    # Only the whole table tells on which day a letter is.
    between = Days(min(filter(None, days)), max(filter(None, days))) if all(days) else Days()
    found: list[list[Name]] = [[] for _ in parsed]
    for letter in letters(store, between, []):
        name = _name(letter)
        for place, (day, begin) in enumerate(parsed):
            if name.letter_id.startswith(begin) and day in (None, name.day):
                found[place].append(name)
    return list(dict.fromkeys(_only(word, names) for word, names in zip(words, found, strict=True)))


def _parsed(word: str) -> tuple[str | None, str]:
    form = _NAME.fullmatch(word.strip().lower())
    if form is None:
        raise Problem("A letter is named by its id or the first 4 digits of it or more, as `dead-letters list` shows.")
    return form[1], form[2]


def _only(word: str, names: list[Name]) -> Name:
    if not names:
        raise Problem(f"There is no dead letter {word}: `receipts dead-letters list --all --state any` lists them all.")
    if len(names) > 1:
        some = ", ".join(map(str, names[:MOST_CANDIDATES]))
        more = f" and {len(names) - MOST_CANDIDATES} more" if len(names) > MOST_CANDIDATES else ""
        raise Problem(f"Several letters begin with {word}: name one of {some}{more}.")
    return names[0]


def _name(letter: Columns) -> Name:
    return Name(str(letter["day"]), str(letter["letter_id"]))
