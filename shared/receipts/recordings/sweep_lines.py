"""What the log says of recordings that a sweep meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.recordings.naming import shown
from receipts.reporting import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.recordings.sweeping import Swept
    from receipts.store.pending import Columns

HOUR_MS = 60 * 60 * 1000


def page_lines(page: Swept) -> Iterator[Line]:
    """A line for each recording that ended, then for each whose row cannot be read."""
    for name, lost in page.ended:
        told = {"vendor": lost.vendor, "state": lost.state, "attempts": lost.attempts, "why": lost.last_error}
        yield Line("warning", "recording lost", {**shown(name), **told})
    for name, why in page.refused.items():
        told = {"why": str(why), "do": "mend its row, it is not swept"}
        yield Line("warning", "recording cannot be read", {**shown(name), **told})


def deadline_line(row: Columns, now: int) -> Line:
    """The line for an open recording with less than a day left, `row` of an index. `now` in epoch milliseconds."""
    told = {
        "vendor": row.get("vendor"),
        "hours_left": max(0, int(row["deadline_at"]) - now) // HOUR_MS,
        "attempts": row.get("attempts"),
        "do": "look at its last_error in the table of recordings",
    }
    return Line("warning", "recording near its deadline", {**shown(str(row["recording_id"])), **told})
