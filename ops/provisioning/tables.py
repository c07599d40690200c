"""The tables and their indexes: `receipts.store.schema` declares them, the service describes what it has."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ops.problems import NO_TABLE
from ops.provisioning.looks import Look, made_with_another
from receipts.store import schema
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from receipts.store.schema import Index, Table

TABLE, INDEX = "table", "index"
FOREVER = -1
DAY_SECONDS = 24 * 60 * 60
MAKE = "run `receipts provision` again, which makes the index."
AGAIN = "Delete it and run `receipts provision` again, which makes and fills it."


def looks(store: Any, prefix: str, tables: Iterable[Table] = schema.TABLES) -> Iterator[Look]:
    """Each table, then its indexes, beside their declaration. Raises the SDK's errors."""
    for table in tables:
        name = prefix + table.name
        try:
            found = store.describe_table(name)
        except tablestore.OTSServiceError as error:
            if error.code != NO_TABLE:
                raise
            yield Look(TABLE, name, missing=True, mend=partial(_create, store, table, prefix))
            for index in table.indexes:
                yield Look(INDEX, prefix + index.name, missing=True, mend=made_with_another)
            continue
        look = _table(table, name, found)
        yield look
        if not look.grave:
            for index in table.indexes:
                yield _index(store, table, index, prefix, found)


def _table(table: Table, name: str, found: Any) -> Look:
    if [tuple(key[:2]) for key in found.table_meta.schema_of_primary_key] != _keys(table):
        do = "Choose another TABLE_PREFIX or delete the table."
        return Look(TABLE, name, found="Its key is another.", do=do, grave=True)
    options, notes = found.table_options, []
    if options.time_to_live not in (FOREVER, 0):
        notes.append(f"Its rows vanish {options.time_to_live} s after their last change.")
    if options.max_version != 1:
        notes.append(f"It keeps {options.max_version} versions, of which one is read: the others only cost.")
    if not options.allow_update:
        notes.append("UpdateRow is forbidden in it, which nothing here needs.")
    return Look(TABLE, name, found=" ".join(notes), do="Nothing, if it is meant." if notes else "")


def _index(store: Any, table: Table, index: Index, prefix: str, described: Any) -> Look:
    name = prefix + index.name
    found = next((one for one in described.secondary_indexes if one.index_name == name), None)
    if found is None:
        has = dict(described.table_meta.defined_columns)
        wanted = [column for column in (*index.keys, *index.columns) if column in table.defined]
        if unknown := [column for column in wanted if has.get(column) != table.defined[column]]:
            # The SDK cannot add a column to a table that is there.
            told = f"Its table {prefix + table.name} does not define {', '.join(unknown)}."
            return Look(INDEX, name, found=told, do=f"Add that in the console, then {MAKE}", grave=True)
        make = partial(store.create_secondary_index, prefix + table.name, _meta(index, prefix), include_base_data=True)
        return Look(INDEX, name, missing=True, mend=make)
    # The table's own key follows by itself, and may be told as a part of the index's.
    own, rest = tuple(found.primary_key_names[: len(index.keys)]), found.primary_key_names[len(index.keys) :]
    if own != index.keys or not set(rest) <= set(table.keys):
        return Look(INDEX, name, found="Its key is another: nothing is found by it.", do=AGAIN, grave=True)
    if lacking := [column for column in index.columns if column not in found.defined_column_names]:
        return Look(INDEX, name, found=f"It lacks {', '.join(lacking)}, which commands show.", do=AGAIN, grave=True)
    return Look(INDEX, name)


def _create(store: Any, table: Table, prefix: str) -> None:
    # One version and no expiry: indexes demand both.
    options = tablestore.TableOptions(time_to_live=FOREVER, max_version=1, max_time_deviation=DAY_SECONDS)
    meta = tablestore.TableMeta(prefix + table.name, _keys(table), list(table.defined.items()))
    indexes = [_meta(index, prefix) for index in table.indexes]
    store.create_table(meta, options, tablestore.ReservedThroughput(tablestore.CapacityUnit(0, 0)), indexes)


def _keys(table: Table) -> list[tuple[str, str]]:
    return [(key, "STRING") for key in table.keys]


def _meta(index: Index, prefix: str) -> tablestore.SecondaryIndexMeta:
    return tablestore.SecondaryIndexMeta(
        prefix + index.name,
        list(index.keys),
        list(index.columns),
        index_type=tablestore.SecondaryIndexType.GLOBAL_INDEX,
    )
