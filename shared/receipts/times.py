"""Moments as epoch milliseconds, and the day that it is in China then."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SECOND_MS = 1000
DAY_MS = 24 * 60 * 60 * SECOND_MS
# No daylight saving.
CHINA = timezone(timedelta(hours=8))
CHINA_AHEAD_MS = 8 * 60 * 60 * SECOND_MS
# The beginning of epoch time on a clock in China.
CHINA_EPOCH = datetime(1970, 1, 1, 8)  # noqa: DTZ001 - a clock without a zone, as the vendor's texts are


def now_ms(clock: Callable[[], float]) -> int:
    """The moment in epoch milliseconds, by a clock in epoch seconds."""
    return round(clock() * SECOND_MS)


def china_day(milliseconds: int) -> str:
    """The day in China, `yyyymmdd`, of a moment in epoch milliseconds."""
    return _day_after_epoch((milliseconds + CHINA_AHEAD_MS) // DAY_MS)


def china_midnight(milliseconds: int) -> int:
    """When that day began, in epoch milliseconds."""
    return (milliseconds + CHINA_AHEAD_MS) // DAY_MS * DAY_MS - CHINA_AHEAD_MS


# Thousands of calls end on the same day.
@lru_cache(maxsize=64)
def _day_after_epoch(days: int) -> str:
    return (CHINA_EPOCH + timedelta(days)).strftime("%Y%m%d")
