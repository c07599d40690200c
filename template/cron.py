"""When a timer trigger fires: the platform's cron expressions."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

if TYPE_CHECKING:
    from collections.abc import Iterator

_EVERY = re.compile(r"@every ([1-9]\d*)m")
_ZONED = re.compile(r"CRON_TZ=(\S+) (.+)")
_FIELDS = 6


class CronError(ValueError):
    """The expression is not one that the platform takes."""


def fire_times(expression: str, after: datetime) -> Iterator[datetime]:
    """The times, in UTC and in order, at which a timer fires after `after` (an aware time).

    Args:
        expression: six fields (seconds first) in UTC, the same behind `CRON_TZ=<zone> `, or `@every <n>m`.
        after: not itself one of the times.

    Raises:
        CronError: at once, for anything else.
    """
    if every := _EVERY.fullmatch(expression):
        return _periodic(timedelta(minutes=int(every[1])), after)
    zone, fields = "UTC", expression
    if zoned := _ZONED.fullmatch(expression):
        zone, fields = zoned[1], zoned[2]
    if len(fields.split()) != _FIELDS:
        raise CronError(f"{expression!r} has not {_FIELDS} fields")
    try:
        local = after.astimezone(ZoneInfo(zone))
        # The platform's `?` (no particular day) is what `*` is to cronsim.
        times = CronSim(fields.replace("?", "*"), local)
    except (CronSimError, ZoneInfoNotFoundError, ValueError) as error:
        raise CronError(f"{expression!r}: {error}") from error
    return (at.astimezone(timezone.utc) for at in times)


def _periodic(period: timedelta, at: datetime) -> Iterator[datetime]:
    at = at.astimezone(timezone.utc)
    while True:
        at += period
        yield at
