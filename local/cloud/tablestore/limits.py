"""The documented limits on what one request may carry, and the checks of keys and rows against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.tablestore import variant
from local.cloud.tablestore.errors import invalid, invalid_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.cloud.tablestore.plainbuffer import Row
    from local.cloud.tablestore.schema import Index, Table

MAX_KEY_BYTES = 1024
MAX_VALUE_BYTES = 2 * 1024 * 1024
MAX_ATTRIBUTES = 1024
MAX_REQUEST_BYTES = 4 * 1024 * 1024
MAX_ROWS_WRITTEN = 200
MAX_ROWS_READ = 100
MAX_ROWS_IN_RANGE = 5000
MAX_COLUMNS_TO_GET = 128

_INFINITE = (variant.INF_MIN, variant.INF_MAX)


def check_key(space: Table | Index, key: Sequence[tuple[str, bytes]], *, infinite: bool = False) -> list[bytes]:
    """The values of a key that fits the schema, in the schema's order.

    Args:
        space: the table or index.
        key: names and variants as sent.
        infinite: -inf and +inf are allowed, as in the ends of a range.

    Raises:
        RefusedError: OTSInvalidPK if number, names, order or types differ from the schema.
    """
    if len(key) != len(space.key):
        raise invalid_key(f"Validate PK size fail. Input: {len(key)}, Meta: {len(space.key)}.")
    for (name, value), column in zip(key, space.key, strict=True):
        if name != column.name:
            raise invalid_key(f"Validate PK name fail. Input: {name}, Meta: {column.name}.")
        if value[0] != column.kind and not (infinite and value[0] in _INFINITE):
            raise invalid_key(
                f"Validate PK type fail. Input: {variant.NAMES[value[0]]}, Meta: {variant.NAMES[column.kind]}."
            )
    return [value for _, value in key]


def check_key_sizes(key: Sequence[tuple[str, bytes]]) -> None:
    """Refuse a key column of more than 1 KB."""
    for name, value in key:
        if variant.size(value) > MAX_KEY_BYTES:
            raise invalid(
                f"The length of primary key column: '{name}' exceeds the MaxLength: {MAX_KEY_BYTES}"
                f" with CurrentLength: {variant.size(value)}."
            )


def check_row(row: Row) -> int:
    """Refuse a row to write that breaks a limit; returns its size as the service counts it, in bytes.

    Raises:
        RefusedError: OTSParameterInvalid naming the limit.
    """
    check_key_sizes(row.key)
    if len(row.cells) > MAX_ATTRIBUTES:
        raise invalid(
            f"The number of attribute columns exceeds the limit, limit count: {MAX_ATTRIBUTES},"
            f" column count: {len(row.cells)}."
        )
    key = dict(row.key)
    size = sum(len(name) + variant.size(value) for name, value in row.key)
    for cell in row.cells:
        if cell.name in key:
            raise invalid(f"Duplicated attribute column name with primary key column: {cell.name}.")
        if cell.value is not None:
            length = variant.size(cell.value)
            if length > MAX_VALUE_BYTES:
                raise invalid(
                    f"The length of attribute column: '{cell.name}' exceeds the MaxLength: {MAX_VALUE_BYTES}"
                    f" with CurrentLength: {length}."
                )
            if cell.value[0] in variant.NOT_FOR_ATTRIBUTES:
                raise invalid(f"{variant.NAMES[cell.value[0]]} is an invalid type for the attribute column.")
            size += length
        size += len(cell.name)
    return size


def check_size(operation: str, size: int) -> None:
    """Refuse a request whose rows add up to more than 4 MB."""
    if size > MAX_REQUEST_BYTES:
        raise invalid(
            f"The total data size of {operation} request exceeds the limit,"
            f" limit size: {MAX_REQUEST_BYTES}, data size: {size}."
        )


def check_columns_to_get(columns: Sequence[str]) -> None:
    """Refuse a projection on more than 128 columns."""
    if len(columns) > MAX_COLUMNS_TO_GET:
        raise invalid(
            f"The number of columns from the request exceeds the limit, limit count: {MAX_COLUMNS_TO_GET},"
            f" column count: {len(columns)}."
        )
