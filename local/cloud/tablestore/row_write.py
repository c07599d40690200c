"""One write of one row: its checks, its condition, the row and its index entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import tablestore.protobuf.table_store_pb2 as pb2

from local.cloud.tablestore import changes, indexes, keys, plainbuffer_writer
from local.cloud.tablestore.conditions import predicate
from local.cloud.tablestore.errors import condition_failed, invalid
from local.cloud.tablestore.limits import check_key, check_row
from local.cloud.tablestore.plainbuffer import HEADER, Row
from local.cloud.tablestore.plainbuffer_reader import read_row
from local.cloud.tablestore.rows import KeptRow, load

if TYPE_CHECKING:
    from local.cloud.tablestore.instance import Instance
    from local.cloud.tablestore.schema import Table

_PAGE = 4096


class Write(NamedTuple):
    """A write that is well formed by itself: `size` in bytes as the service counts them."""

    kind: int  # OperationType
    row: Row
    size: int
    condition: Any
    returns_key: bool


class Written(NamedTuple):
    """What a write that was carried out answers."""

    units: int
    row: bytes | None


def parse(kind: int, data: bytes, condition: Any, return_content: Any) -> Write:
    """Read a row change.

    Raises:
        RefusedError: OTSParameterInvalid: broken, against a limit, or asking for what is not served.
    """
    row = read_row(data)
    size = check_row(row)
    if row.deleted != (kind == pb2.DELETE):
        raise invalid("Invalid request: RowDeleteMarker goes with delete row, and only with it.")
    if kind == pb2.DELETE and row.cells:
        raise invalid("Invalid delete row request: unexpected cells in request.")
    if return_content.return_type == pb2.RT_AFTER_MODIFY:
        raise invalid("Return type RT_AFTER_MODIFY is not served by the loopback.")
    return Write(kind, row, size, condition, return_content.return_type == pb2.RT_PK)


def carry_out(instance: Instance, table: Table, write: Write) -> Written:
    """Write the row and its index entries.

    Raises:
        RefusedError: OTSInvalidPK, OTSConditionCheckFail, or OTSParameterInvalid for a value that an index
            cannot hold; nothing is written then.
    """
    key = keys.encode(check_key(table, write.row.key))
    stored = instance.store.get(table.id, key)
    old = None if stored is None else load(stored)
    _check_condition(write, old)
    new = _changed(instance, table, write, old)
    if new is not None:
        indexes.check(table, new)
        instance.store.put(table.id, key, new.dump())
    elif old is not None:
        instance.store.delete(table.id, key)
    indexes.move(instance.store, table, old, new)
    answer = HEADER + plainbuffer_writer.write_row(write.row.key) if write.returns_key else None
    return Written(-(-write.size // _PAGE), answer)


def _check_condition(write: Write, old: KeptRow | None) -> None:
    expected = write.condition.row_existence
    if expected != pb2.IGNORE and (expected == pb2.EXPECT_EXIST) != (old is not None):
        raise condition_failed()
    if write.condition.column_condition:
        passes = predicate(write.condition.column_condition)
        if not passes((old or KeptRow(write.row.key, {})).value):
            raise condition_failed()


def _changed(instance: Instance, table: Table, write: Write, old: KeptRow | None) -> KeptRow | None:
    if write.kind == pb2.DELETE:
        return None
    if write.kind == pb2.PUT:
        return KeptRow(write.row.key, changes.put(write.row, instance.now, table.deviation))
    cells = changes.update(write.row, old.cells if old else {}, instance.now, table.deviation)
    if old is None and changes.only_deletes(write.row):
        return None
    return KeptRow(write.row.key, cells)
