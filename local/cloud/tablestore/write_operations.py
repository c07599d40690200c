"""PutRow, UpdateRow, DeleteRow and BatchWriteRow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import tablestore.protobuf.table_store_pb2 as pb2

from local.cloud.tablestore import limits
from local.cloud.tablestore.batches import answer_rows, check_batch
from local.cloud.tablestore.errors import invalid
from local.cloud.tablestore.row_write import Write, carry_out, parse
from local.cloud.tablestore.unserved import refuse_fields

if TYPE_CHECKING:
    from local.cloud.faults import Fault
    from local.cloud.tablestore.instance import Instance
    from local.cloud.tablestore.schema import Table


def put_row(instance: Instance, request: Any) -> Any:
    """PutRow."""
    return _single(instance, request, pb2.PUT, request.row, pb2.PutRowResponse())


def update_row(instance: Instance, request: Any) -> Any:
    """UpdateRow."""
    return _single(instance, request, pb2.UPDATE, request.row_change, pb2.UpdateRowResponse())


def delete_row(instance: Instance, request: Any) -> Any:
    """DeleteRow."""
    return _single(instance, request, pb2.DELETE, request.primary_key, pb2.DeleteRowResponse())


def batch_write_row(instance: Instance, request: Any, fault: Fault | None) -> Any:
    """BatchWriteRow: what is wrong with the request refuses the whole, what is wrong with a row only the row."""
    refuse_fields(request, "transaction_id")
    check_batch(request.tables, lambda table: table.rows, limits.MAX_ROWS_WRITTEN)
    work = [
        (
            instance.writable(part.table_name),
            [parse(row.type, row.row_change, row.condition, row.return_content) for row in part.rows],
        )
        for part in request.tables
    ]
    limits.check_size("BatchWriteRow", sum(write.size for _, writes in work for write in writes))
    for _, writes in work:
        _check_duplicates(writes)
    answer = pb2.BatchWriteRowResponse()
    rows = ((table.name, [partial(_write, instance, table, write) for write in writes]) for table, writes in work)
    answer_rows(answer, rows, fault)
    return answer


def _single(instance: Instance, request: Any, kind: int, data: bytes, answer: Any) -> Any:
    refuse_fields(request, "transaction_id")
    table = instance.writable(request.table_name)
    write = parse(kind, data, request.condition, request.return_content)
    limits.check_size(f"{pb2.OperationType.Name(kind).title()}Row", write.size)
    _write(instance, table, write, answer)
    return answer


def _write(instance: Instance, table: Table, write: Write, answer: Any) -> None:
    written = carry_out(instance, table, write)
    answer.consumed.capacity_unit.read = 0
    answer.consumed.capacity_unit.write = written.units
    if written.row is not None:
        answer.row = written.row


def _check_duplicates(writes: list[Write]) -> None:
    if len({write.row.key for write in writes}) != len(writes):
        raise invalid("Duplicate rows detected in BatchWriteRow: each primary key may come once per table.")
