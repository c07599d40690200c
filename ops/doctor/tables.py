"""TableStore: tables and indexes as declared, and readable with these keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.doctor import compared
from ops.doctor.lines import ok
from ops.provisioning import tables
from receipts.store.client import opened
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.doctor.lines import Line
    from receipts.credentials import Credentials
    from receipts.settings import StoreSettings
    from receipts.store.schema import Index, Table

NAME = "TableStore"
SETTINGS = "TABLESTORE_ENDPOINT, TABLESTORE_INSTANCE"
# No row has such a key.
NOBODY = "receipts-doctor"


def check(settings: StoreSettings, keys: Credentials, wanted: Sequence[Table], seconds: float) -> Iterator[Line]:
    """The lines about these tables. Raises the SDK's errors."""
    prefix = settings.table_prefix
    with opened(settings, keys, seconds) as store:
        looks = list(tables.looks(store, prefix, wanted))
        yield from compared.lines("tables", looks)
        there = {look.name for look in looks if not (look.missing or look.grave)}
        found = [table for table in wanted if prefix + table.name in there]
        _read_rows(store, found, prefix)
        indexes = [(table, index) for table in found for index in table.indexes if prefix + index.name in there]
        for table, index in indexes:
            _read_index(store, table, index, prefix)
    if found:
        yield ok("rows", f"can be read in {len(found)} tables and {len(indexes)} indexes")


def _read_rows(store: Any, wanted: Sequence[Table], prefix: str) -> None:
    """Ask every table for a row that there is not, in the way of the functions. Raises the SDK's errors."""
    if not wanted:
        return
    request = tablestore.BatchGetRowRequest()
    for table in wanted:
        key = [[(name, NOBODY) for name in table.keys]]
        request.add(tablestore.TableInBatchGetRowItem(prefix + table.name, key, [table.keys[-1]], max_version=1))
    answer = store.batch_get_row(request)
    for table in wanted:
        for item in answer.get_result_by_table(prefix + table.name):
            if not item.is_ok:
                raise tablestore.OTSServiceError(0, item.error_code, "")


def _read_index(store: Any, table: Table, index: Index, prefix: str) -> None:
    """Ask an index for its first row. Raises the SDK's errors."""
    names = [*index.keys, *(name for name in table.keys if name not in index.keys)]
    start, end = ([(name, bound) for name in names] for bound in (tablestore.INF_MIN, tablestore.INF_MAX))
    columns = [names[0]]
    store.get_range(prefix + index.name, tablestore.Direction.FORWARD, start, end, columns, limit=1, max_version=1)
