"""Primary keys as bytes whose order is TableStore's order.

Integers compare as numbers, strings by their UTF-8 bytes, blobs by their bytes, column by column; -inf comes
before and +inf after every value.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from local.cloud.tablestore import variant

if TYPE_CHECKING:
    from collections.abc import Iterable

_BEFORE, _VALUE, _AFTER = b"\x00", b"\x80", b"\xff"
_INT64 = struct.Struct("<bq")
_SHIFT = 2**63


def encode(key: Iterable[bytes]) -> bytes:
    """The bytes that stand for a key of these variants; none is a prefix of another of the same table."""
    return b"".join(map(_column, key))


def _column(value: bytes) -> bytes:
    kind = value[0]
    if kind == variant.INTEGER:
        number: int = _INT64.unpack(value)[1]
        return _VALUE + (number + _SHIFT).to_bytes(8, "big")
    if kind == variant.INF_MIN:
        return _BEFORE
    if kind == variant.INF_MAX:
        return _AFTER
    # A zero byte inside is escaped, so that the end mark comes before anything that goes on.
    return _VALUE + variant.payload(value).replace(b"\0", b"\0\xff") + b"\0\0"
