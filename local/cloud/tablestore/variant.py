"""One value as PlainBuffer holds it: a type byte, then the payload.

Values stay in this form from the wire to the disk and back; they become Python values only where something
compares or counts with them.
"""

from __future__ import annotations

import math
import struct
from typing import TypeAlias

from local.cloud.tablestore.errors import invalid

INTEGER, DOUBLE, BOOLEAN, STRING, BLOB = 0, 1, 2, 3, 7
INF_MIN, INF_MAX, AUTO_INCREMENT = 9, 10, 11
NAMES = {
    INTEGER: "VT_INTEGER",
    DOUBLE: "VT_DOUBLE",
    BOOLEAN: "VT_BOOLEAN",
    STRING: "VT_STRING",
    BLOB: "VT_BLOB",
    INF_MIN: "VT_INF_MIN",
    INF_MAX: "VT_INF_MAX",
    AUTO_INCREMENT: "VT_AUTO_INCREMENT",
}

# What only a key or the end of a range may be.
NOT_FOR_ATTRIBUTES = (INF_MIN, INF_MAX, AUTO_INCREMENT)

Value: TypeAlias = int | float | bool | str | bytes

_LENGTH = {INTEGER: 9, DOUBLE: 9, BOOLEAN: 2, INF_MIN: 1, INF_MAX: 1, AUTO_INCREMENT: 1}
# Type byte and 32-bit length come before the bytes of a STRING or BLOB.
_PREFIX = 5
_INT64 = struct.Struct("<bq")
_DOUBLE = struct.Struct("<bd")
_UINT32_AT_1 = struct.Struct("<xI")
_INT64_RANGE = range(-(2**63), 2**63)


def check(variant: bytes) -> None:
    """Refuse what is not one well-formed value.

    Raises:
        RefusedError: unknown type, wrong length, text that is not UTF-8, NaN or an infinity.
    """
    kind = variant[0] if variant else None
    if kind in (STRING, BLOB):
        if len(variant) < _PREFIX or _UINT32_AT_1.unpack_from(variant)[0] != len(variant) - _PREFIX:
            raise invalid("Cell data broken, wrong string format.")
        if kind == STRING:
            try:
                variant[_PREFIX:].decode()
            except UnicodeDecodeError:
                raise invalid("Value of column must be UTF8 encoding.") from None
        return
    if kind not in _LENGTH:
        raise invalid("data format is invalid, unknown variant type occured.")
    if len(variant) != _LENGTH[kind]:
        raise invalid("data format is invalid.")
    if kind == DOUBLE and not math.isfinite(_DOUBLE.unpack(variant)[1]):
        raise invalid("NaN or Infinity can't be set to double value.")


def value_of(variant: bytes) -> Value:
    """The Python value of a checked variant."""
    kind = variant[0]
    if kind == STRING:
        return variant[_PREFIX:].decode()
    if kind == BLOB:
        return variant[_PREFIX:]
    if kind == BOOLEAN:
        return variant[1] != 0
    number: int | float = (_DOUBLE if kind == DOUBLE else _INT64).unpack(variant)[1]
    return number


def of_integer(number: int) -> bytes:
    """The variant of a 64-bit integer.

    Raises:
        RefusedError: the number needs more than 64 bits.
    """
    if number not in _INT64_RANGE:
        raise invalid("The integer is out of the 64-bit range.")
    return _INT64.pack(INTEGER, number)


def payload(variant: bytes) -> bytes:
    """The bytes of a STRING or BLOB."""
    return variant[_PREFIX:]


def size(variant: bytes) -> int:
    """How many bytes the value counts for in the service's limits."""
    return len(variant) - (_PREFIX if variant[0] in (STRING, BLOB) else 1)
