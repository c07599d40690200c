"""CRC-64 (ECMA-182, reflected) of two bodies behind each other, from the checksums of both.

The vendor's SDK can do this too, but takes milliseconds for each pair: an upload may have ten thousand parts.
"""

from __future__ import annotations

from functools import lru_cache

# The polynomial and the powers of x, like every number here, have the coefficient of x^0 as their highest bit.
_POLYNOMIAL = 0xC96C5795D7870F42
_ONE = 1 << 63
_EIGHT = _ONE >> 8


def combined(first: int, second: int, length: int) -> int:
    """The checksum of a body with checksum `first` and, behind it, one of `length` bytes with checksum `second`."""
    return _product(first, _shift(length)) ^ second


@lru_cache(maxsize=64)
def _shift(length: int) -> int:
    """The power of x by which so many bytes move what is before them."""
    result, square = _ONE, _EIGHT
    while length:
        if length & 1:
            result = _product(result, square)
        square = _product(square, square)
        length >>= 1
    return result


def _product(one: int, other: int) -> int:
    """Both multiplied modulo the polynomial."""
    result = 0
    while one:
        if one & _ONE:
            result ^= other
        one = (one << 1) & (2 * _ONE - 1)
        other = (other >> 1) ^ (_POLYNOMIAL if other & 1 else 0)
    return result
