"""Times: text in UTC+8 or epoch numbers become epoch milliseconds; what is no time is refused."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.times import china_day, china_midnight, now_ms
from receipts.vendor.fields import china_time_or_none
from tests.receipts.support import CHINA, PROPERTY, ms

NOON = ms("2026-11-20 14:05:03")
MOMENTS = st.datetimes(datetime(2001, 9, 10), datetime(2199, 1, 1)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001 - the zone is the case


@pytest.mark.parametrize(
    ("sent", "milliseconds"),
    [
        ("2026-11-20 14:05:03", NOON),
        ("  2026-11-20 14:05:03 ", NOON),
        ("2026-11-20T14:05:03", NOON),
        ("2026-11-20 14:05", NOON - 3000),
        ("2026-11-20 14:05:03.250", NOON + 250),
        ("2026-11-20 14:05:03.250000", NOON + 250),
        ("2026-11-20 06:05:03Z", NOON),
        ("2026-11-20T06:05:03+00:00", NOON),
        ("2026-11-20T14:05:03+08:00", NOON),
        ("2026-11-20T01:05:03.250-05:00", NOON + 250),
        (NOON, NOON),
        (str(NOON), NOON),
        (float(NOON), NOON),
        (NOON // 1000, NOON),
        (str(NOON // 1000), NOON),
        (f" {NOON} ", NOON),
    ],
)
def test_every_documented_way_to_write_a_moment_is_the_same_moment(sent: Any, milliseconds: int) -> None:
    """Text in UTC+8 (also with a T, a fraction, an offset of its own), 10 and 13 digits as number and as text."""
    assert china_time_or_none(sent) == milliseconds


@pytest.mark.parametrize("sent", ["2026-11-20 14:05:03.5", "2026-11-20 14:05:03.25", "2026-11-20 14:05:03+0800"])
def test_a_short_fraction_and_an_offset_without_colon_are_read_on_every_python(sent: str) -> None:
    """What one Python version reads, all supported ones do: the version of the runtime changes no row."""
    assert china_time_or_none(sent) in (NOON, NOON + 500, NOON + 250)


def test_the_vendors_own_pair_of_samples_agrees() -> None:
    """The two documented samples of one call, text in one receipt and epoch in the other, are one moment."""
    assert china_time_or_none("2021-08-25 20:11:29") == china_time_or_none(1629893489000) == 1629893489000


@given(MOMENTS)
@PROPERTY
def test_a_text_time_is_the_moment_in_china(moment: datetime) -> None:
    """Any date: eight hours ahead of UTC, summer and winter; the epoch forms say the same."""
    seconds = int(moment.replace(tzinfo=CHINA).timestamp())
    assert china_time_or_none(moment.isoformat(sep=" ")) == seconds * 1000
    assert china_time_or_none(seconds) == china_time_or_none(str(seconds * 1000)) == seconds * 1000


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
@PROPERTY
def test_an_offset_of_its_own_wins_over_chinas(moment: datetime, minutes: int) -> None:
    """A time that says its zone is read in that zone."""
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert china_time_or_none(zoned.isoformat()) == int(zoned.timestamp()) * 1000


@pytest.mark.parametrize(
    "sent",
    [
        True,
        0,
        5,
        "5",
        12345678901,
        "12345678901",
        99999999999999,
        -1795154703000,
        -179515470300,
        1795154703.5,
        "garbage",
        "2026-11-20",
        "2026-13-20 14:05:03",
        "2026-11-31 14:05:03",
        "2026-11-20 25:61:00",
        "2026-11-20 14:05:03 CST",
        "2026/11/20 14:05:03",
        "20-11-2026 14:05:03",
        "14:05:03",
        "0000-00-00 00:00:00",
        "0001-01-01 00:00:00",
        "1969-12-31 23:59:59",
        "1795154703000ms",
        "²⁰²⁶¹¹²⁰¹⁴",
        "-1795154703",
        [NOON],
        {"time": NOON},
    ],
)
def test_what_is_no_moment_is_refused(sent: Any) -> None:
    """Neither a guess nor 1970: a time that cannot be understood makes the receipt a dead letter."""
    with pytest.raises(ValueError, match=r"^is not a (time|whole number)$"):
        china_time_or_none(sent)


@pytest.mark.parametrize("sent", [-123456789, -123456789.0])
def test_a_negative_number_of_nine_digits_is_no_moment_either(sent: float) -> None:
    """The sign is not a digit: minus nine digits is not a ten-digit epoch."""
    with pytest.raises(ValueError, match=r"^is not a time$"):
        china_time_or_none(sent)


@given(st.text(alphabet="0123456789-:T .+Z", max_size=32))
@PROPERTY
def test_law_poison_whatever_is_read_as_a_moment_has_a_day(text: str) -> None:
    """A time that a model takes can always become the day of its row."""
    try:
        moment = china_time_or_none(text)
    except ValueError:
        return
    assert moment is None or len(china_day(moment)) == 8


@pytest.mark.parametrize("sent", ["9999-12-31 23:59:59", "9999-12-31 23:59:59-12:00", 9999999999999, 9999999999])
def test_law_poison_the_last_moments_have_a_day_or_are_refused(sent: Any) -> None:
    """The end of the calendar makes no receipt that is read and then cannot be stored."""
    try:
        moment = china_time_or_none(sent)
    except ValueError:
        return
    assert moment is not None
    assert china_day(moment).isdigit()


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2026-11-20 00:00:00", "20261120"), ("2026-11-19 23:59:59", "20261119"), ("2028-02-29 12:00:00", "20280229")],
)
def test_the_day_is_chinas(moment: str, day: str) -> None:
    """A day begins at midnight in China, which is four in the afternoon in UTC."""
    assert china_day(ms(moment)) == day
    assert china_day(ms(moment) + 999) == day


@PROPERTY
@given(moment=st.integers(0, 10**13 - 1))
def test_a_day_in_china_begins_at_its_midnight(moment: int) -> None:
    """The midnight is the first moment of the same day."""
    midnight = china_midnight(moment)
    assert midnight <= moment
    assert china_day(midnight) == china_day(moment) != china_day(midnight - 1)
    assert datetime.fromtimestamp(midnight / 1000, CHINA).time() == time()


def test_now_is_told_in_milliseconds() -> None:
    """A clock tells seconds, as the platform's does."""
    assert now_ms(lambda: 1_795_154_703.25) == 1_795_154_703_250
