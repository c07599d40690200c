"""When timers fire."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone

import pytest

from template.cron import CronError, fire_times

_START = datetime(2026, 2, 27, 15, 59, 30, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("@every 4m", ["2026-02-27 16:03:30", "2026-02-27 16:07:30", "2026-02-27 16:11:30"]),
        ("0 0 4 * * *", ["2026-02-28 04:00:00", "2026-03-01 04:00:00", "2026-03-02 04:00:00"]),
        ("*/20 * * * * *", ["2026-02-27 15:59:40", "2026-02-27 16:00:00", "2026-02-27 16:00:20"]),
        ("0 0 0 1 * ?", ["2026-03-01 00:00:00", "2026-04-01 00:00:00", "2026-05-01 00:00:00"]),
        # Midnight in Shanghai is 16:00 UTC.
        ("CRON_TZ=Asia/Shanghai 0 0 0 * * *", ["2026-02-27 16:00:00", "2026-02-28 16:00:00", "2026-03-01 16:00:00"]),
        ("0 0 9 * * MON-FRI", ["2026-03-02 09:00:00", "2026-03-03 09:00:00", "2026-03-04 09:00:00"]),
    ],
)
def test_fire_times(expression: str, times: list[str]) -> None:
    """Six fields in UTC or in a zone, or every so many minutes; always told in UTC."""
    fired = itertools.islice(fire_times(expression, _START), 3)
    assert [at.strftime("%Y-%m-%d %H:%M:%S") for at in fired] == times


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "* * * * *",
        "0 0 25 * * *",
        "@every 0m",
        "@every 1h",
        "@daily",
        "CRON_TZ=Mars/Base 0 0 0 * * *",
        "0 0 0 31 2 *",
    ],
)
def test_what_the_platform_does_not_take_is_refused(expression: str) -> None:
    """At once, not at the first tick."""
    with pytest.raises(CronError):
        fire_times(expression, _START)
