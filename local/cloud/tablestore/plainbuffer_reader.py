"""Reads PlainBuffer rows and proves their checksums."""

from __future__ import annotations

import struct

from local.cloud.tablestore import plainbuffer as pb
from local.cloud.tablestore import variant
from local.cloud.tablestore.crc8 import crc8
from local.cloud.tablestore.errors import invalid

_UINT32 = struct.Struct("<I")
_INT64 = struct.Struct("<q")
_LONGEST_NAME = 255


def read_row(data: bytes) -> pb.Row:
    """One row with its header, as requests carry them.

    Raises:
        RefusedError: broken in any way: header, tags, lengths, values, names or checksums.
    """
    if data[:4] != pb.HEADER:
        raise invalid("Cell data broken, mismatch header.")
    try:
        row, end = _row(data, len(pb.HEADER))
    except (IndexError, struct.error):
        raise invalid("data format is invalid.") from None
    if end != len(data):
        raise invalid("Cell data broken, has more data in cell, but they can't be parsed.")
    return row


def read_stored(data: bytes) -> pb.Row:
    """One row without a header, as the writer made it."""
    return _row(data, 0)[0]


def _row(data: bytes, at: int) -> tuple[pb.Row, int]:
    if data[at] != pb.ROW_KEY:
        raise invalid("Cell data broken, PK is empty.")
    key, checksums, at = _cells(data, at + 1)
    cells: list[pb.Cell] = []
    if data[at] == pb.ROW_DATA:
        cells, more, at = _cells(data, at + 1)
        checksums += more
    deleted = data[at] == pb.DELETE_MARKER
    at += deleted
    checksums.append(deleted)
    if data[at] != pb.ROW_CHECKSUM:
        raise invalid("Cell data broken, row is not end with checksum tag.")
    if data[at + 1] != crc8(bytes(checksums)):
        raise invalid("Cell data broken, checksum is mismatch.")
    return pb.Row(tuple(_key_column(cell) for cell in key), tuple(cells), deleted), at + 2


def _key_column(cell: pb.Cell) -> tuple[str, bytes]:
    if cell.value is None:
        raise invalid(f"No value is given for primary key name: {cell.name}.")
    if cell.operation is not None or cell.timestamp is not None:
        raise invalid(f"OpType or timestamp cannot be given for primary key name: {cell.name}.")
    return cell.name, cell.value


def _cells(data: bytes, at: int) -> tuple[list[pb.Cell], bytearray, int]:
    cells: list[pb.Cell] = []
    checksums = bytearray()
    while data[at] == pb.CELL:
        cell, checksum, at = _cell(data, at + 1)
        cells.append(cell)
        checksums.append(checksum)
    return cells, checksums, at


def _cell(data: bytes, at: int) -> tuple[pb.Cell, int, int]:
    if data[at] != pb.CELL_NAME:
        raise invalid("Cell data broken, attr has no name.")
    (length,) = _UINT32.unpack_from(data, at + 1)
    if length > _LONGEST_NAME:
        raise invalid("Invalid column name: longer than 255 bytes.")
    at += 5
    name, checksum = pb.column_name(data[at : at + length])
    at += length
    value = None
    operation = timestamp = None
    if data[at] == pb.CELL_VALUE:
        (length,) = _UINT32.unpack_from(data, at + 1)
        at += 5
        value = data[at : at + length]
        at += length
        variant.check(value)
        checksum = crc8(value, checksum)
    if data[at] == pb.CELL_OPERATION:
        operation = data[at + 1]
        at += 2
    if data[at] == pb.CELL_TIMESTAMP:
        (timestamp,) = _INT64.unpack_from(data, at + 1)
        checksum = crc8(data[at + 1 : at + 9], checksum)
        at += 9
    if operation is not None:
        # The timestamp comes after the operation on the wire, but before it in the checksum.
        checksum = crc8(bytes((operation,)), checksum)
    if data[at] != pb.CELL_CHECKSUM:
        raise invalid("Cell data broken, cell is not end with checksum tag.")
    if data[at + 1] != checksum:
        raise invalid("Cell data broken, checksum is mismatch.")
    return pb.Cell(name, value, operation, timestamp), checksum, at + 2
