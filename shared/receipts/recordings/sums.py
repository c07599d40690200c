"""CRC-64 as OSS keeps it of every object and part: ECMA-182, reflected, which catalogues call CRC-64/XZ.

Not the SDK's: its own takes longer than receiving and sending the bytes does, and to join two sums milliseconds.
"""

from __future__ import annotations

from anycrc import Model

_CRC64 = Model("CRC64-XZ")


def crc64(data: bytes | memoryview, before: int = 0) -> int:
    """The sum of bytes whose sum is `before`, and behind them `data`."""
    return int(_CRC64.calc(data, before))


def joined(first: int, second: int, length: int) -> int:
    """The sum of bytes whose sum is `first`, and behind them `length` bytes whose sum is `second`."""
    return int(_CRC64.combine(first, second, length))
