"""The made-up world of a story: its time, its numbers and its bindings.

Moments are seconds from the midnight, in China, at which `DAY` begins.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from random import Random

# A receipt as the vendor pushes it. Any: receipts mix texts, integers and lists.
Receipt = dict[str, Any]

CHINA = timezone(timedelta(hours=8))
DAY = date(2026, 11, 20)
MIDNIGHT = datetime.combine(DAY, time(), CHINA)
POOL = "FC100000000000001"
HOUR = 3600


class Parties(NamedTuple):
    """Who a call is between; without a binding only the caller (`number_a`) and X are known."""

    number_a: str
    number_x: str
    number_b: str | None = None
    sub_id: int | None = None
    order_id: str | None = None


def binding(number: int) -> Parties:
    """Binding `number` (0 to 9998) of the day; X is shared by several bindings, as in life."""
    return Parties(
        number_a=f"1390000{number + 1:04d}",
        number_x=f"1700000{number % 500 + 1:04d}",
        number_b=f"1370000{number + 1:04d}",
        sub_id=1_000_000_000_001_000 + number,
        order_id=f"order-{10_001 + number}",
    )


def stranger(number: int) -> Parties:
    """Somebody who calls an X that is not bound."""
    return Parties(number_a=f"1380000{number % 9999 + 1:04d}", number_x=f"1700000{number % 500 + 9001:04d}")


def epoch_ms(second: int) -> int:
    """A moment as epoch milliseconds."""
    return int(MIDNIGHT.timestamp() + second) * 1000


def china(second: int) -> str:
    """A moment as receipts write it: `yyyy-MM-dd HH:mm:ss` in UTC+8."""
    return (MIDNIGHT + timedelta(seconds=second)).strftime("%Y-%m-%d %H:%M:%S")


def happens(rng: Random, percent: int) -> bool:
    """True in so many cases of a hundred."""
    return rng.randrange(100) < percent
