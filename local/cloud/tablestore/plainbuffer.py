"""The names PlainBuffer goes by: tags, operations, and a row as it comes over the wire."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from local.cloud.tablestore.crc8 import crc8
from local.cloud.tablestore.errors import invalid

HEADER = b"\x75\0\0\0"

ROW_KEY, ROW_DATA, CELL, CELL_NAME, CELL_VALUE, CELL_OPERATION, CELL_TIMESTAMP = range(1, 8)
DELETE_MARKER, ROW_CHECKSUM, CELL_CHECKSUM = range(8, 11)

DELETE_ALL_VERSIONS, DELETE_ONE_VERSION, INCREMENT = 1, 3, 4

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}", re.ASCII)


class Cell(NamedTuple):
    """A column of a row: `value` is a variant, `timestamp` is milliseconds, `operation` one of the above."""

    name: str
    value: bytes | None
    operation: int | None
    timestamp: int | None


class Row(NamedTuple):
    """A row as it was sent: key columns in the order sent, cells, and whether it carries a delete marker."""

    key: tuple[tuple[str, bytes], ...]
    cells: tuple[Cell, ...]
    deleted: bool


class ColumnName(NamedTuple):
    """A column's name with what it adds to its cell's checksum."""

    text: str
    checksum: int


@lru_cache(maxsize=4096)
def column_name(raw: bytes) -> ColumnName:
    """The name of a column from its bytes.

    Raises:
        RefusedError: not a letter or underscore and then up to 254 letters, digits and underscores.
    """
    text = raw.decode("ascii", "replace")
    check_name(text, "column")
    return ColumnName(text, crc8(raw))


def check_name(text: str, what: str) -> None:
    """Refuse a table's, index's or column's name that is against the service's naming rule."""
    if not _NAME.fullmatch(text):
        raise invalid(f"Invalid {what} name: '{text}'.")
