"""All gaps of a window, gathered."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ops.gaps import counting, letters, open_calls, recordings
from ops.gaps.silence import Silence, per_hour, silences
from ops.gaps.window import HOUR_MS, Hour, Window, hours, shown
from ops.reading import store_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ops.gaps.letters import Letters
    from ops.gaps.open_calls import OpenCalls
    from ops.gaps.progress import Progress
    from ops.gaps.recordings import Recordings


class Asked(NamedTuple):
    """What is asked for.

    Attributes:
        window: when.
        settled_hours: after so many a call has ended, and its recording is archived, if all is well.
        limit: of each kind of gap so many are listed, the others only counted.
    """

    window: Window
    settled_hours: int
    limit: int


class Report(NamedTuple):
    """What was found.

    Attributes:
        asked: what was asked for.
        hours: the hours of the window, in order.
        calls: of each vendor the calls that ended in each of the hours.
        silences: hours without calls that should have some.
        recordings: what became of them.
        open_calls: calls without an end.
        letters: open dead letters, grouped.
    """

    asked: Asked
    hours: list[Hour]
    calls: dict[str, list[int]]
    silences: list[Silence]
    recordings: Recordings
    open_calls: OpenCalls
    letters: list[Letters]

    @property
    def found(self) -> dict[str, int]:
        """How many gaps of each kind."""
        return {
            "recordings": self.recordings.missing,
            "open_calls": self.open_calls.missing,
            "silent_hours": sum(silence.hours for silence in self.silences),
            "dead_letters": sum(group.open for group in self.letters),
        }


def gathered(env: Mapping[str, str], asked: Asked, progress: Progress) -> Report:
    """Look at everything. Raises SettingError, StoreUnavailable, StoreMisconfigured."""
    window = asked.window
    settled = window.now - asked.settled_hours * HOUR_MS
    with store_of(env) as store:
        lost = recordings.looked_at(store, window, settled, asked.limit, progress.step("recordings"))
        endless = open_calls.looked_at(store, window, settled, asked.limit, progress.step("calls without an end"))
        dead = letters.looked_at(store, window, progress.step("dead letters"))
        days = list(counting.days_with_calls(store, window.compared_since, window.until))
    counts: counting.Counts = Counter()
    moved = progress.step("calls per hour, by day", len(days))
    for day in counting.counted(env, days):
        counts.update(day)
        moved()
    every = hours(window, days[0][0] if days else window.until)
    quiet = silences(every, counts, window)
    inside = shown(every, window)
    vendors = sorted({vendor for vendor, _ in counts} | {vendor for vendor, _ in lost.states})
    calls = {vendor: per_hour(inside, counts, vendor) for vendor in vendors}
    return Report(asked, inside, calls, quiet, lost, endless, dead)
