"""The hours of `receipts gaps`: those of the operator's clock, whatever it does."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from ops.gaps.silence import Silence, per_hour, silences
from ops.gaps.window import HOUR_MS, QUARTER_MS, Hour, Window, hours, shown, window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts this process into a zone."""

    def into(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield into
    monkeypatch.undo()
    time.tzset()


def local(text: str) -> int:
    """A moment of this machine's clock, epoch milliseconds."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def of_day(day: str, found: list[Hour]) -> list[Hour]:
    """The hours of one day."""
    return [hour for hour in found if str(hour.day) == day]


def test_a_day_on_which_the_clock_is_put_on_has_23_hours(zone: Callable[[str], None]) -> None:
    """And one on which it is put back has an hour of two; no quarter is lost or told twice."""
    zone("America/New_York")
    between = Window(local("2026-03-01"), local("2026-11-10"), local("2026-11-10"))
    found = hours(between, between.since)
    assert [hour.number for hour in of_day("2026-03-08", found)] == [0, 1, *range(3, 24)]
    back = of_day("2026-11-01", found)
    assert [hour.number for hour in back] == list(range(24))
    assert [len(hour.quarters) for hour in back[:3]] == [4, 8, 4]
    quarters = [quarter for hour in found for quarter in hour.quarters]
    assert quarters == list(range(between.since // QUARTER_MS, between.until // QUARTER_MS))


def test_a_window_of_ages_begins_a_year_ago_or_at_the_first_call(zone: Callable[[str], None]) -> None:
    """On a whole day of the clock; a shorter window begins where it was asked to."""
    zone("Asia/Kolkata")
    ages = Window(0, local("2026-11-23 10:20"), local("2026-11-23 10:20"))
    assert str(hours(ages, ages.until)[0].day) == "2025-11-22"
    first = hours(ages, local("2024-02-29 18:10"))[0]
    assert (str(first.day), first.number, first.whole) == ("2024-02-29", 0, True)
    short = Window(local("2026-01-01 07:00"), ages.until, ages.until)
    assert hours(short, short.until)[0].start == short.since


def test_hours_are_whole_where_zones_are_not(zone: Callable[[str], None]) -> None:
    """In India an hour begins at half past of UTC's, in Nepal at a quarter to."""
    for name in ("Asia/Kolkata", "Asia/Kathmandu"):
        zone(name)
        now = local("2026-11-23 10:20")
        asked = window("2026-11-22 09:30", None, now / 1000)
        found = shown(hours(asked, asked.since), asked)
        assert [hour.number for hour in found] == [*range(9, 24), *range(11)]
        assert [hour.whole for hour in found] == [False, *[True] * 24, False]
        assert found[1].end - found[1].start == HOUR_MS


def test_seven_days_with_today_unless_asked_otherwise(zone: Callable[[str], None]) -> None:
    """From midnight; a window in the future ends now."""
    zone("Asia/Shanghai")
    now = local("2026-11-23 10:20")
    assert window(None, None, now / 1000)[:2] == (local("2026-11-17"), now)
    assert window("36h", "2030-01-01", now / 1000)[:2] == (local("2026-11-21 22:15"), now)
    assert window("2d", "1d", now / 1000)[:2] == (local("2026-11-21 10:15"), now - 24 * HOUR_MS)


def november(calls: int, since: str, outage: tuple[int, int]) -> list[Silence]:
    """The silences of a month with so many calls an hour since a day, but for the outage."""
    asked = Window(local("2026-11-01"), local("2026-12-01"), local("2026-12-01"))
    every = hours(asked, asked.since)
    there = [hour for hour in every if hour.start >= local(since) and not outage[0] <= hour.start < outage[1]]
    counts = Counter({("aliyun", hour.quarters[0]): calls for hour in there})
    assert sum(per_hour(every, counts, "aliyun")) == calls * len(there)
    return silences(every, counts, asked)


def test_a_silence_of_days_is_compared_with_days_outside_of_it(zone: Callable[[str], None]) -> None:
    """An outage does not make itself usual, however long it is."""
    zone("Asia/Shanghai")
    outage = local("2026-11-11"), local("2026-11-20")
    (silence,) = november(3, "2026-11-01", outage)
    assert (silence.start, silence.end, silence.hours, silence.usual) == (*outage, 9 * 24, 3 * 9 * 24)


def test_nothing_is_known_of_a_vendor_before_its_first_call(zone: Callable[[str], None]) -> None:
    """One that was switched on within the window is not silent before; those days say nothing of later ones."""
    zone("Asia/Shanghai")
    assert november(30, "2026-11-20", (0, 0)) == []
    outage = local("2026-11-28 10:00"), local("2026-11-28 13:00")
    (silence,) = november(30, "2026-11-20", outage)
    assert (silence.start, silence.end, silence.usual, silence.compared) == (*outage, 90, 3)
