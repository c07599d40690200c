"""What BatchGetRow and BatchWriteRow share: checks of the whole and a result per row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.cloud.tablestore.errors import RefusedError, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from local.cloud.faults import Fault


def check_batch(tables: Sequence[Any], rows_of: Callable[[Any], Sequence[Any]], limit: int) -> None:
    """Refuse a batch without rows, with too many, or with a table that comes twice.

    Raises:
        RefusedError: OTSParameterInvalid.
    """
    names = [table.table_name for table in tables]
    if not names:
        raise invalid("No row is specified in the batch.")
    for table in tables:
        if names.count(table.table_name) > 1:
            raise invalid(f"Duplicated table name: '{table.table_name}'.")
        if not rows_of(table):
            raise invalid(f"No operation is specified for table: '{table.table_name}'.")
    if sum(len(rows_of(table)) for table in tables) > limit:
        raise invalid(f"Rows count exceeds the upper limit: {limit}.")


def answer_rows(answer: Any, work: Iterable[tuple[str, Iterable[Callable[[Any], None]]]], fault: Fault | None) -> None:
    """Carry a batch out row by row; what refuses a row is that row's result.

    Args:
        answer: the response that gets the results.
        work: per table its name and, for each row, what carries it out and fills its result in.
        fault: the rows at its `fail_parts`, counted over all tables, are refused.
    """
    position = 0
    for name, rows in work:
        part = answer.tables.add()
        part.table_name = name
        for carry_out in rows:
            row = part.rows.add()
            row.is_ok = True
            try:
                if fault is not None and position in fault.fail_parts:
                    raise RefusedError(200, fault.code, "As planned.")  # noqa: TRY301 - the one way a row fails
                carry_out(row)
            except RefusedError as error:
                row.is_ok = False
                row.error.code, row.error.message = error.code, error.message
            position += 1
