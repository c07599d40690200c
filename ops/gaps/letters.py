"""Open dead letters by vendor, type and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ops.dead_letters.choosing import Days, letters
from receipts.masking import masked
from receipts.times import china_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.gaps.window import Window
    from ops.reading import Store

OPEN = "open"
COLUMNS = ["vendor", "type", "reason", "state", "first_seen_at", "last_seen_at"]
# A type is what stood in a path: anybody with the token can make up many.
MOST_GROUPS = 200
OTHER = ("", "other types", "")
SHOWN_DIGITS = 8


class Letters(NamedTuple):
    """Open letters that are alike: how many, when (epoch ms), and the name of the newest, as `show` takes it."""

    vendor: str
    type: str
    reason: str
    open: int
    first_seen_at: int
    last_seen_at: int
    newest: str


def looked_at(store: Store, window: Window, moved: Callable[[], None]) -> list[Letters]:
    """Group those of the window's days, the largest group first. Raises StoreUnavailable, StoreMisconfigured."""
    groups: dict[tuple[str, str, str], Letters] = {}
    # The day of a letter is the one of its first sighting, in China.
    days = Days(china_day(window.since), china_day(window.until))
    for letter in letters(store, days, COLUMNS):
        if letter.get("state") != OPEN:
            continue
        vendor, kind, reason = (masked(str(letter.get(name, ""))) for name in ("vendor", "type", "reason"))
        group = vendor, kind, reason
        if group not in groups and len(groups) >= MOST_GROUPS:
            group = OTHER
        name = f"{letter['day']}/{str(letter['letter_id'])[:SHOWN_DIGITS]}"
        first, last = int(letter.get("first_seen_at", 0)), int(letter.get("last_seen_at", 0))
        before = groups.get(group, Letters(*group, 0, first, 0, name))
        groups[group] = before._replace(
            open=before.open + 1,
            first_seen_at=min(before.first_seen_at, first),
            last_seen_at=max(before.last_seen_at, last),
            newest=name if last > before.last_seen_at else before.newest,
        )
        moved()
    return sorted(groups.values(), key=lambda group: (-group.open, group))
