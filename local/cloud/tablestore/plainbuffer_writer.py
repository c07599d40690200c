"""Writes rows as PlainBuffer: what is stored is what is answered."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING

from local.cloud.tablestore import plainbuffer as pb
from local.cloud.tablestore.crc8 import crc8

if TYPE_CHECKING:
    from collections.abc import Iterable

_VALUE = struct.Struct("<BI")
_TIMESTAMP = struct.Struct("<q")
_ROW_KEY = bytes((pb.ROW_KEY,))
_ROW_DATA = bytes((pb.ROW_DATA,))


def write_row(key: Iterable[tuple[str, bytes]], cells: Iterable[tuple[str, bytes, int]] = ()) -> bytes:
    """A row without a header.

    Args:
        key: names and variants of the key columns.
        cells: name, variant and timestamp (milliseconds) of each attribute column.
    """
    parts = [_ROW_KEY]
    checksums = bytearray()
    for name, value in key:
        checksums.append(_cell(parts, name, value, b""))
    data = [_ROW_DATA]
    for name, value, timestamp in cells:
        checksums.append(_cell(data, name, value, _TIMESTAMP.pack(timestamp)))
    if len(data) > 1:
        parts += data
    checksums.append(0)
    parts.append(bytes((pb.ROW_CHECKSUM, crc8(bytes(checksums)))))
    return b"".join(parts)


def _cell(parts: list[bytes], name: str, value: bytes, timestamp: bytes) -> int:
    prefix, checksum = _named(name)
    checksum = crc8(value, checksum)
    parts += (prefix, _VALUE.pack(pb.CELL_VALUE, len(value)), value)
    if timestamp:
        checksum = crc8(timestamp, checksum)
        parts += (b"\x07", timestamp)
    parts.append(bytes((pb.CELL_CHECKSUM, checksum)))
    return checksum


@lru_cache(maxsize=4096)
def _named(name: str) -> tuple[bytes, int]:
    raw = name.encode("ascii")
    return struct.pack("<BBI", pb.CELL, pb.CELL_NAME, len(raw)) + raw, crc8(raw)
