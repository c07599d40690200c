"""GetRow, BatchGetRow and GetRange, on tables and on indexes alike."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import tablestore.protobuf.table_store_pb2 as pb2

from local.cloud.tablestore import keys, limits, plainbuffer_writer
from local.cloud.tablestore.batches import answer_rows, check_batch
from local.cloud.tablestore.errors import invalid
from local.cloud.tablestore.plainbuffer import HEADER
from local.cloud.tablestore.plainbuffer_reader import read_row
from local.cloud.tablestore.row_view import View
from local.cloud.tablestore.rows import load
from local.cloud.tablestore.unserved import refuse_fields

if TYPE_CHECKING:
    from local.cloud.faults import Fault
    from local.cloud.tablestore.instance import Instance
    from local.cloud.tablestore.schema import Index, Table

_PAGE = 4096


def get_row(instance: Instance, request: Any) -> Any:
    """GetRow."""
    refuse_fields(request, "transaction_id")
    space = instance.readable(request.table_name)
    answer = pb2.GetRowResponse(row=b"")
    _read(instance, space, View(request, space), request.primary_key, answer)
    return answer


def batch_get_row(instance: Instance, request: Any, fault: Fault | None) -> Any:
    """BatchGetRow: what is wrong with the request refuses the whole, what is wrong with a row only the row."""
    check_batch(request.tables, lambda table: table.primary_key, limits.MAX_ROWS_READ)
    work = []
    for part in request.tables:
        space = instance.readable(part.table_name)
        view = View(part, space)
        work.append((space.name, [partial(_read, instance, space, view, key) for key in part.primary_key]))
    answer = pb2.BatchGetRowResponse()
    answer_rows(answer, work, fault)
    return answer


def get_range(instance: Instance, request: Any) -> Any:
    """GetRange: up to `limit` rows, 5000 scanned rows or 4 MB; then the key to go on from."""
    refuse_fields(request, "transaction_id")
    space = instance.readable(request.table_name)
    view = View(request, space)
    if request.HasField("limit") and request.limit < 1:
        raise invalid("The limit must be greater than 0.")
    limit = min(request.limit or limits.MAX_ROWS_IN_RANGE, limits.MAX_ROWS_IN_RANGE)
    first = _end_of_range(space, request.inclusive_start_primary_key)
    end = _end_of_range(space, request.exclusive_end_primary_key)
    if request.direction == pb2.FORWARD:
        if first >= end:
            raise invalid("Begin key must less than end key in FORWARD.")
        found = instance.store.ascending(space.id, first, end)
    else:
        if first <= end:
            raise invalid("Begin key must more than end key in BACKWARD.")
        found = instance.store.descending(space.id, first, end)
    answer = pb2.GetRangeResponse(rows=b"")
    shown: list[bytes] = []
    size = 0
    for scanned, stored in enumerate(found):
        if len(shown) == limit or scanned == limits.MAX_ROWS_IN_RANGE or size >= limits.MAX_REQUEST_BYTES:
            answer.next_start_primary_key = HEADER + plainbuffer_writer.write_row(load(stored).key)
            break
        size += len(stored)
        row = view.show(stored)
        if row is not None:
            shown.append(row)
    if shown:
        answer.rows = HEADER + b"".join(shown)
    _consume(answer, size)
    return answer


def _end_of_range(space: Table | Index, data: bytes) -> bytes:
    key = read_row(data).key
    limits.check_key_sizes(key)
    return keys.encode(limits.check_key(space, key, infinite=True))


def _read(instance: Instance, space: Table | Index, view: View, data: bytes, answer: Any) -> None:
    stored = instance.store.get(space.id, keys.encode(limits.check_key(space, read_row(data).key)))
    row = None if stored is None else view.show(stored)
    if row is not None:
        answer.row = HEADER + row
    _consume(answer, len(stored or b""))


def _consume(answer: Any, size: int) -> None:
    answer.consumed.capacity_unit.read = max(1, -(-size // _PAGE))
    answer.consumed.capacity_unit.write = 0
