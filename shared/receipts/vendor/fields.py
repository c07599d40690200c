"""Field types for receipts as vendors send them: strings for numbers, numbers for strings, null, blanks.

A blank counts as absent. What cannot be understood is an error that does not repeat the value.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from pydantic import PlainValidator

from receipts.times import CHINA_EPOCH, DAY_MS, SECOND_MS

# The beginning of epoch time on a clock that shows UTC.
UTC_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a clock without a zone, as the vendor's texts are
WRITTEN = "2026-11-20 14:05:03"
INT64_LIMIT = 2**63
SECONDS_DIGITS, MILLISECONDS_DIGITS = 10, 13
# Digits that a number of 64 bits can have: longer text is not even converted.
MOST_DIGITS = 19
_FRACTION = re.compile(r"\.(\d+)")
_OFFSET = re.compile(r"([+-]\d{2})(\d{2})$")


def id_or_none(value: Any) -> str | None:
    """The value as text. A whole number becomes its digits, whether it was sent as 5, "5" or 5.0."""
    if value is None or isinstance(value, str):
        return value if value and not value.isspace() else None
    number = whole_or_none(value)
    return None if number is None else str(number)


def text_or_none(value: Any) -> str | None:
    """The value as text: as `id_or_none`; what is neither text nor a whole number becomes the JSON that it is.

    That is written in one way whatever the order of names. Raises ValueError for what JSON cannot hold.
    """
    if value is None or isinstance(value, str):
        return value if value and not value.isspace() else None
    if type(value) is int or (isinstance(value, float) and value.is_integer() and abs(value) < INT64_LIMIT):
        # Digits alone: neither 5.0 nor 1e+16.
        return str(int(value))
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    except RecursionError:
        raise ValueError("is nested too deep") from None
    except (TypeError, ValueError):
        raise ValueError("is not JSON") from None


def content_or_none(value: Any) -> str | None:
    """What somebody wrote, blanks included; another value as in `text_or_none`."""
    return value if isinstance(value, str) else text_or_none(value)


def whole_or_none(value: Any) -> int | None:
    """The value as a whole number of 64 bits."""
    if value is None or (type(value) is int and -INT64_LIMIT <= value < INT64_LIMIT):
        return value
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return None
        digits = value[1:] if value[0] in "+-" else value
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
            raise ValueError("is not a whole number")
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise ValueError("is not a whole number")
    if not -INT64_LIMIT <= value < INT64_LIMIT:
        raise ValueError("is beyond 64 bits")
    return value


def flag_or_none(value: Any) -> int | None:
    """The value as 1 or 0, from a number, a truth, or its word; another number is kept as it is."""
    word = str(value).strip().lower() if isinstance(value, str | bool) else ""
    return int(word == "true") if word in ("true", "false") else whole_or_none(value)


def china_time_or_none(value: Any) -> int | None:
    """The moment as epoch milliseconds UTC, from a text in China Standard Time (UTC+8, no daylight saving)."""
    return _time_or_none(value, CHINA_EPOCH)


def utc_time_or_none(value: Any) -> int | None:
    """The moment as epoch milliseconds UTC, from a text in UTC."""
    return _time_or_none(value, UTC_EPOCH)


def _time_or_none(value: Any, epoch: datetime) -> int | None:
    """The moment, from a clock that showed `epoch` when epoch time began.

    Takes `yyyy-MM-dd HH:mm:ss`, with a `T`, a fraction or an offset of its own as well, and epoch seconds
    (10 digits) or milliseconds (13 digits) as number or text.
    """
    if isinstance(value, str):
        if len(value) == len(WRITTEN) and value[10] == " ":
            # The documented form, as nearly every receipt has it.
            return _written_time(value, epoch)
        value = value.strip()
        if not value:
            return None
        if not value.isdigit():
            return _written_time(value, epoch)
    number = whole_or_none(value)
    if number is None:
        return None
    digits = len(str(number)) if number > 0 else 0
    if digits == SECONDS_DIGITS:
        return number * SECOND_MS
    if digits == MILLISECONDS_DIGITS:
        return number
    raise ValueError("is not a time")


# The receipts of a call repeat its times, and tell some of them twice.
@lru_cache(maxsize=1024)
def _written_time(value: str, epoch: datetime) -> int:
    try:
        moment = _moment(value)
        if moment.tzinfo is None:
            # By far the most: this is several times as fast as giving it a zone, or as dividing a timedelta.
            since = moment - epoch
            milliseconds = since.days * DAY_MS + since.seconds * SECOND_MS + since.microseconds // 1000
        else:
            milliseconds = round(moment.timestamp() * SECOND_MS)
    except (ValueError, OverflowError):
        raise ValueError("is not a time") from None
    if len(value) < len("2026-11-20 14:05") or not 0 <= milliseconds < 10**MILLISECONDS_DIGITS:
        raise ValueError("is not a time")
    return milliseconds


def _moment(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        # Python 3.10 takes neither `Z`, nor an offset without a colon, nor a fraction of other than 3 or 6 digits.
        text = _FRACTION.sub(lambda match: f".{match[1]:0<6.6}", value.replace("Z", "+00:00"))
        return datetime.fromisoformat(_OFFSET.sub(r"\1:\2", text))


Text = Annotated[str | None, PlainValidator(text_or_none)]
Whole = Annotated[int | None, PlainValidator(whole_or_none)]
Content = Annotated[str | None, PlainValidator(content_or_none)]
Flag = Annotated[int | None, PlainValidator(flag_or_none)]
ChinaTime = Annotated[int | None, PlainValidator(china_time_or_none)]
"""Epoch milliseconds UTC, from a text in UTC+8 or an epoch number."""
UtcTime = Annotated[int | None, PlainValidator(utc_time_or_none)]
"""Epoch milliseconds UTC, from a text in UTC or an epoch number."""
