"""What a put or an update makes of a row's cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.tablestore import variant
from local.cloud.tablestore.errors import invalid
from local.cloud.tablestore.plainbuffer import DELETE_ALL_VERSIONS, DELETE_ONE_VERSION, INCREMENT

if TYPE_CHECKING:
    from local.cloud.tablestore.plainbuffer import Cell, Row
    from local.cloud.tablestore.rows import Cells


def put(row: Row, now: int, deviation: int) -> Cells:
    """The cells of a PutRow: they replace all that was there.

    Args:
        row: as sent.
        now: milliseconds since the epoch, the timestamp of cells that bring none.
        deviation: how far a timestamp that is brought may be from now, in milliseconds.

    Raises:
        RefusedError: OTSParameterInvalid: a cell with an operation, without a value, or from another time.
    """
    cells: Cells = {}
    for cell in row.cells:
        if cell.operation is not None:
            raise invalid(f"OpType cannot be given for column name: {cell.name} in PutRow.")
        cells[cell.name] = _written(cell, now, deviation)
    return cells


def update(row: Row, old: Cells, now: int, deviation: int) -> Cells:
    """The cells after an UpdateRow that puts, deletes and increments; arguments and errors as for `put`."""
    if not row.cells:
        raise invalid("Invalid update row request: missing cells in request.")
    cells = dict(old)
    for cell in row.cells:
        if cell.operation is None:
            cells[cell.name] = _written(cell, now, deviation)
        elif cell.operation == INCREMENT:
            cells[cell.name] = _incremented(cell, cells, now)
        elif _is_deleted(cell, cells.get(cell.name)):
            cells.pop(cell.name, None)
    return cells


def only_deletes(row: Row) -> bool:
    """Whether an update takes away only, and so makes no row where there is none."""
    return all(cell.operation in (DELETE_ALL_VERSIONS, DELETE_ONE_VERSION) for cell in row.cells)


def _written(cell: Cell, now: int, deviation: int) -> tuple[bytes, int]:
    if cell.value is None:
        raise invalid(f"Invalid cell: {cell.name}. Reason: missing value.")
    if cell.timestamp is None:
        return cell.value, now
    if abs(cell.timestamp - now) >= deviation:
        raise invalid(f"Invalid timestamp. Cell: {cell.name}.")
    return cell.value, cell.timestamp


def _incremented(cell: Cell, cells: Cells, now: int) -> tuple[bytes, int]:
    old, _ = cells.get(cell.name, (variant.of_integer(0), now))
    if cell.value is None or cell.value[0] != variant.INTEGER or old[0] != variant.INTEGER:
        raise invalid(f"Only integers can be incremented: {cell.name}.")
    total = int(variant.value_of(old)) + int(variant.value_of(cell.value))
    return variant.of_integer(total), now


def _is_deleted(cell: Cell, old: tuple[bytes, int] | None) -> bool:
    if cell.operation not in (DELETE_ALL_VERSIONS, DELETE_ONE_VERSION):
        raise invalid(f"Invalid op type of cell: {cell.operation}.")
    if cell.value is not None:
        raise invalid("Column value cannot be given when type is DELETE_ONE_VERSION, DELETE_ALL_VERSION.")
    if cell.operation == DELETE_ALL_VERSIONS:
        if cell.timestamp is not None:
            raise invalid("Timestamp cannot be given when type is DELETE_ALL_VERSION.")
        return True
    if cell.timestamp is None:
        raise invalid("Timestamp must be given when type is DELETE_ONE_VERSION.")
    return old is not None and old[1] == cell.timestamp
