"""Keeps secondary indexes in step with their table, in the transaction that changes the row.

A row is in an index if it has every key column of it; there it has the declared attributes only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.tablestore import keys, variant
from local.cloud.tablestore.errors import invalid
from local.cloud.tablestore.limits import check_key_sizes
from local.cloud.tablestore.rows import KeptRow, load

if TYPE_CHECKING:
    from local.cloud.tablestore.schema import Index, Table
    from local.cloud.tablestore.store import Store


def check(table: Table, row: KeptRow) -> None:
    """Refuse a row whose values cannot stand in an index's key.

    Raises:
        RefusedError: OTSParameterInvalid: a type other than the defined one, or more than 1 KB.
    """
    for index in table.indexes:
        for name, kind in index.key:
            value = row.value(name)
            if value is None:
                continue
            if value[0] != kind:
                raise invalid(
                    f"Column '{name}' is a key of index '{index.name}': it must be {variant.NAMES[kind]},"
                    f" not {variant.NAMES[value[0]]}."
                )
            check_key_sizes(((name, value),))


def move(store: Store, table: Table, old: KeptRow | None, new: KeptRow | None) -> None:
    """Bring every index of the table from the row's old state to its new one; None is no row."""
    for index in table.indexes:
        left = _key(index, old)
        entered = _key(index, new)
        if left is not None and left != entered:
            store.delete(index.id, keys.encode(left))
        if new is not None and entered is not None:
            _put(store, index, entered, new)


def fill(store: Store, table: Table, index: Index) -> None:
    """Put every row of the table into an index that has been made just now."""
    for row in map(load, store.everything(table.id)):
        check(table._replace(indexes=(index,)), row)
        key = _key(index, row)
        if key is not None:
            _put(store, index, key, row)


def _key(index: Index, row: KeptRow | None) -> list[bytes] | None:
    if row is None:
        return None
    values = [row.value(column.name) for column in index.key]
    present = [value for value in values if value is not None]
    return present if len(present) == len(values) else None


def _put(store: Store, index: Index, key: list[bytes], row: KeptRow) -> None:
    names = (column.name for column in index.key)
    cells = {name: row.cells[name] for name in index.attributes if name in row.cells}
    entry = KeptRow(tuple(zip(names, key, strict=True)), cells)
    store.put(index.id, keys.encode(key), entry.dump())
