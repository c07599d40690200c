"""What a read shows of a row: the chosen columns, if the filter lets it pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.cloud.tablestore.conditions import predicate
from local.cloud.tablestore.errors import invalid
from local.cloud.tablestore.limits import check_columns_to_get
from local.cloud.tablestore.rows import KeptRow, load
from local.cloud.tablestore.unserved import refuse_fields

if TYPE_CHECKING:
    from local.cloud.tablestore.schema import Index, Table


class View:
    """The columns and the filter of one GetRow, GetRange or table of a BatchGetRow.

    Raises:
        RefusedError: OTSParameterInvalid: no version asked for, a bad filter, or an option that is not served.
    """

    def __init__(self, request: Any, space: Table | Index) -> None:
        refuse_fields(request, "time_range", "start_column", "end_column", "token")
        if not request.HasField("max_versions"):
            raise invalid("No version condition is specified while querying row.")
        if request.max_versions < 1:
            raise invalid(f"Invalid max versions: {request.max_versions}.")
        check_columns_to_get(request.columns_to_get)
        self._columns = frozenset(request.columns_to_get)
        self._key_is_asked = any(column.name in self._columns for column in space.key)
        self._passes = predicate(request.filter) if request.filter else None

    def show(self, stored: bytes) -> bytes | None:
        """The row as answered, without a header; None if there is nothing to show of it.

        As the service does, columns are chosen first: a filter does not see those that were not asked for. A
        row that has none of the chosen columns is not shown, and the whole key is shown with every other.
        """
        if not self._columns and self._passes is None:
            return stored
        row = load(stored)
        if self._columns:
            cells = {name: cell for name, cell in row.cells.items() if name in self._columns}
            if not cells and not self._key_is_asked:
                return None
            row = KeptRow(row.key, cells)
        if self._passes is not None and not self._passes(row.value):
            return None
        return row.dump()
