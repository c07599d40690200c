"""The time that is looked at, and the hours in it on this machine's clock."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

import typer

from ops import options
from receipts.times import DAY_MS, SECOND_MS

# Every zone of the world is a multiple of it away from UTC, so that hours can be made of it in any.
QUARTER_MS = 15 * 60 * SECOND_MS
HOUR_MS = 4 * QUARTER_MS
DAYS_SHOWN = 7
# With fewer days there are too few like one of them to tell what is usual.
DAYS_COMPARED = 8
# So many of a window that no call ended in are shown.
DAYS_EMPTY = 366


class Window(NamedTuple):
    """From `since` up to and without `until`, looked at `now`; epoch milliseconds."""

    since: int
    until: int
    now: int

    @property
    def compared_since(self) -> int:
        """Since when calls are counted, to know what is usual: a week earlier, if there are few days."""
        few = self.until - self.since < DAYS_COMPARED * DAY_MS
        return self.since - 7 * DAY_MS if few else self.since


class Hour(NamedTuple):
    """An hour of this machine's clock.

    Attributes:
        day: of the clock.
        number: 0 to 23.
        quarters: the numbers of its quarters of an hour since 1970: eight where the clock is put back in it.
        whole: it is over, and no part of it is outside of the window.
    """

    day: date
    number: int
    quarters: tuple[int, ...]
    whole: bool

    @property
    def start(self) -> int:
        """Epoch milliseconds."""
        return self.quarters[0] * QUARTER_MS

    @property
    def end(self) -> int:
        """Epoch milliseconds."""
        return (self.quarters[-1] + 1) * QUARTER_MS


def window(since: str | None, until: str | None, now: float) -> Window:
    """The window that two options name; `now` in epoch seconds. Raises BadParameter."""
    end = options.moment("--until", until, now)
    now_ms = round(now * SECOND_MS)
    end = now_ms if end is None else min(end, now_ms)
    start = options.moment("--since", since, now)
    start = _midnight(end - (DAYS_SHOWN - 1) * DAY_MS) if start is None else start - start % QUARTER_MS
    if start >= end:
        raise typer.BadParameter("--since must be before --until, and before now")
    return Window(start, end, now_ms)


def hours(window: Window, first_call: int) -> list[Hour]:
    """The hours from `compared_since` on, in order; those that a clock skips are not there.

    Of a window of more than a year, the days before `first_call` (epoch ms) are left out, but for those of the last
    year: whoever asks for all since 1970 does not wait for half a million empty hours.
    """
    begin = max(window.compared_since, _midnight(min(first_call, window.until - DAYS_EMPTY * DAY_MS)))
    quarters = range(begin // QUARTER_MS, -(-window.until // QUARTER_MS))
    by_hour = groupby(quarters, key=_day_and_hour)
    return [_hour(day, number, tuple(parts), begin, window.until) for (day, number), parts in by_hour]


def shown(every: list[Hour], window: Window) -> list[Hour]:
    """Those of the window, the first of them without what is before it."""
    first = window.since // QUARTER_MS
    parts = ((hour, tuple(quarter for quarter in hour.quarters if quarter >= first)) for hour in every)
    return [hour._replace(quarters=kept, whole=hour.whole and kept == hour.quarters) for hour, kept in parts if kept]


def _hour(day: date, number: int, parts: tuple[int, ...], begin: int, until: int) -> Hour:
    begins_before = parts[0] == begin // QUARTER_MS and _day_and_hour(parts[0] - 1) == (day, number)
    over = (parts[-1] + 1) * QUARTER_MS <= until and _day_and_hour(parts[-1] + 1) != (day, number)
    return Hour(day, number, parts, whole=over and not begins_before)


def _day_and_hour(quarter: int) -> tuple[date, int]:
    at = datetime.fromtimestamp(quarter * QUARTER_MS / SECOND_MS)  # noqa: DTZ006 - the clock of this machine is meant
    return at.date(), at.hour


def _midnight(moment: int) -> int:
    day = datetime.fromtimestamp(moment / SECOND_MS).replace(hour=0, minute=0, second=0, microsecond=0)  # noqa: DTZ006
    return round(day.timestamp() * SECOND_MS)
