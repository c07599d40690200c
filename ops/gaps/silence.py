"""Hours in which no call ended although some usually do.

A stretch of empty hours is compared as a whole with the same stretch of other days: a company with one call an hour
is not silent because of one empty hour, but because of ten. Hours that are empty every night, or
every Sunday, are no silence.
"""

from __future__ import annotations

from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.gaps.counting import Counts
    from ops.gaps.window import Hour, Window

# Where so many calls are usual, there are none by chance once in 1,100 times (e^-7, if calls come independently).
LEAST_USUAL = 7
# So many days like it are enough to say what is usual.
ENOUGH = 2
DAYS_OF_A_WEEK, SATURDAY, HOURS_OF_A_DAY = 7, 5, 24


class Silence(NamedTuple):
    """A stretch of hours without an ended call where `usual` calls are usual.

    `start`, `end`: epoch milliseconds. `compared`: with how many days.
    """

    vendor: str
    start: int
    end: int
    hours: int
    usual: int
    compared: int


class _Clock(NamedTuple):
    """The hours with what is looked up in them, made once: of years there are hundreds of thousands.

    Attributes:
        hours: all, in order.
        places: where a whole hour is in them, by the number of its day and its own.
        days: the numbers of the days that have a whole hour, in order.
    """

    hours: Sequence[Hour]
    places: dict[tuple[int, int], int]
    days: list[int]


def per_hour(hours: Sequence[Hour], counts: Counts, vendor: str) -> list[int]:
    """The vendor's calls in each of the hours."""
    return [sum(counts[vendor, quarter] for quarter in hour.quarters) for hour in hours]


def silences(hours: Sequence[Hour], counts: Counts, window: Window) -> list[Silence]:
    """The silences of every vendor that had a call, in order of time, those before the window left out.

    What is before a vendor's first call is no silence: nobody had been calling yet.
    """
    found = []
    clock = _clock(hours)
    for vendor in sorted({vendor for vendor, _ in counts}):
        calls = per_hour(hours, counts, vendor)
        first = next((place for place, number in enumerate(calls) if number), len(calls))
        for begin, end in _stretches(hours, calls, first):
            usual = _usual(clock, calls, begin, end, first)
            if usual and median(usual) >= LEAST_USUAL:
                middle = round(median(usual))
                found.append(Silence(vendor, hours[begin].start, hours[end - 1].end, end - begin, middle, len(usual)))
    return sorted((one for one in found if one.end > window.since), key=lambda one: (one.start, one.vendor))


def _stretches(hours: Sequence[Hour], calls: list[int], first: int) -> list[tuple[int, int]]:
    """Where whole hours without a call begin and end."""
    places = range(first, len(calls))
    groups = groupby(places, key=lambda place: calls[place] == 0 and hours[place].whole)
    runs = [list(group) for empty, group in groups if empty]
    return [(run[0], run[-1] + 1) for run in runs]


def _clock(hours: Sequence[Hour]) -> _Clock:
    places = {(hour.day.toordinal(), hour.number): place for place, hour in enumerate(hours) if hour.whole}
    return _Clock(hours, places, sorted({day for day, _ in places}))


def _usual(clock: _Clock, calls: list[int], begin: int, end: int, first: int) -> list[int]:
    """The calls in the same stretch of other days: of the days most like it of which there are enough."""
    hours = clock.hours
    day, number = hours[begin].day.toordinal(), hours[begin].number
    others: dict[int, int] = {}
    for other in clock.days:
        start = clock.places.get((other, number))
        # Neither of a time before the first call, nor reaching into the stretch itself, nor beyond the last hour.
        if start is None or start < first or start + (end - begin) > len(calls) or abs(start - begin) < end - begin:
            continue
        if all(hours[place].whole for place in range(start, start + end - begin)):
            others[other] = sum(calls[start : start + end - begin])
    weekday = [total for other, total in others.items() if (other - day) % DAYS_OF_A_WEEK == 0]
    alike = [total for other, total in others.items() if _weekend(other) == _weekend(day)]
    return next((each for each in (weekday, alike) if len(each) >= ENOUGH), list(others.values()))


def _weekend(ordinal: int) -> bool:
    return (ordinal - 1) % DAYS_OF_A_WEEK >= SATURDAY
