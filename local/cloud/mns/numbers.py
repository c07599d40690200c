"""Whole numbers that come as text, within the service's limits."""

from __future__ import annotations

from local.cloud.mns.errors import MnsError

_MOST_DIGITS = 18


def whole(name: str, text: str, low: int, high: int) -> int:
    """`text` as a number from `low` to `high`.

    Raises:
        MnsError: InvalidArgument, naming the parameter `name`.
    """
    digits = text.strip()
    # Anything longer is out of every range, and int() refuses some thousands of digits in its own way.
    if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS and low <= int(digits) <= high:
        return int(digits)
    raise MnsError("InvalidArgument", f"The value of {name} should between {low} and {high} seconds/bytes.")
