"""A TableStore that forgets: it answers the SDK as the loopback one does, but keeps only the rows written last.

A million receipts are some 300,000 rows with their indexes: kept, they would fill the machine's memory, and a store
that grows slower would be taken for an `ingest` that does.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

import tablestore.protobuf.table_store_pb2 as pb2

from local.cloud.tablestore import limits
from local.cloud.tablestore import plainbuffer as pb
from local.cloud.tablestore.batches import answer_rows, check_batch
from local.cloud.tablestore.conditions import predicate
from local.cloud.tablestore.errors import condition_failed, invalid
from local.cloud.tablestore.messages import decode
from local.cloud.tablestore.row_view import View
from local.cloud.tablestore.rows import load
from local.cloud.tablestore.service import TableStoreService

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.faults import Fault
    from local.cloud.ram import Identities
    from local.cloud.tablestore.instance import Instance

MOST_ROWS = 20_000
_UINT32 = struct.Struct("<I")
# Before the first cell: the header and the tag of the key.
_FIRST_CELL = len(pb.HEADER) + 1


class RecentRows(TableStoreService):
    """The service with the two operations of a batch on rows that are held in memory; tables are the loopback's own.

    Args:
        instance: where the tables are defined.
        name: the instance's name.
        keys: those of the account, with their rights.
        clock: seconds since the epoch.
        most: how many rows are kept.
    """

    def __init__(
        self, instance: Instance, name: str, keys: Identities, clock: Callable[[], float], most: int = MOST_ROWS
    ) -> None:
        super().__init__(instance, name, keys, clock)
        self._most = most
        self._rows: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def _carry_out(self, operation: str, body: bytes, fault: Fault | None, may: Callable[[Any], None]) -> Any:
        batches = {
            "BatchGetRow": (pb2.BatchGetRowRequest, self._batch_get),
            "BatchWriteRow": (pb2.BatchWriteRowRequest, self._batch_write),
        }
        if operation not in batches:
            return super()._carry_out(operation, body, fault, may)
        kind, carry_out = batches[operation]
        message = decode(kind, body)
        may(message)
        return carry_out(message, fault)

    def _batch_get(self, request: Any, fault: Fault | None) -> Any:
        check_batch(request.tables, lambda table: table.primary_key, limits.MAX_ROWS_READ)
        work = []
        for part in request.tables:
            view = View(part, self._instance.readable(part.table_name))
            work.append((part.table_name, [partial(self._read, part, view, key) for key in part.primary_key]))
        answer = pb2.BatchGetRowResponse()
        answer_rows(answer, work, fault)
        return answer

    def _read(self, part: Any, view: View, key: bytes, answer: Any) -> None:
        stored = self._rows.get((part.table_name, _key(key)))
        if stored is not None:
            # With the time stamps that it was sent without.
            shown = view.show(stored) if part.columns_to_get else load(stored).dump()
            answer.row = pb.HEADER + shown if shown else b""
        answer.consumed.capacity_unit.read = 1
        answer.consumed.capacity_unit.write = 0

    def _batch_write(self, request: Any, fault: Fault | None) -> Any:
        check_batch(request.tables, lambda table: table.rows, limits.MAX_ROWS_WRITTEN)
        work = [
            (part.table_name, [partial(self._put, part.table_name, row) for row in part.rows])
            for part in request.tables
        ]
        answer = pb2.BatchWriteRowResponse()
        answer_rows(answer, work, fault)
        return answer

    def _put(self, table: str, change: Any, answer: Any) -> None:
        if change.type != pb2.PUT:
            raise invalid("Only puts are served here.")
        place = (table, _key(change.row_change))
        stored = self._rows.get(place)
        expected = change.condition.row_existence
        if expected != pb2.IGNORE and (expected == pb2.EXPECT_EXIST) != (stored is not None):
            raise condition_failed()
        if change.condition.column_condition and stored is not None:
            passes = predicate(change.condition.column_condition)
            if not passes(load(stored).value):
                raise condition_failed()
        self._rows[place] = change.row_change[len(pb.HEADER) :]
        self._rows.move_to_end(place)
        if len(self._rows) > self._most:
            self._rows.popitem(last=False)
        answer.consumed.capacity_unit.read = 0
        answer.consumed.capacity_unit.write = 1


def _key(data: bytes) -> bytes:
    """The part of a row that is its key: where two are alike, the rows are one."""
    at = _FIRST_CELL
    try:
        while data[at] == pb.CELL:
            # Name and value, each a tag, a length and so many bytes; then the tag of the checksum and the checksum.
            at += 2 + 4 + _UINT32.unpack_from(data, at + 2)[0]
            at += 1 + 4 + _UINT32.unpack_from(data, at + 1)[0] + 2
    except (IndexError, struct.error):
        raise invalid("data format is invalid.") from None
    return data[:at]
