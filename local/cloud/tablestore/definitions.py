"""Refuses tables and indexes that the service would not create (or that this one cannot serve truly)."""

from __future__ import annotations

from typing import Any

import tablestore.protobuf.table_store_pb2 as pb2

from local.cloud.tablestore.errors import RefusedError, invalid
from local.cloud.tablestore.plainbuffer import check_name
from local.cloud.tablestore.schema import DEFINED_TYPES, KEY_TYPES

MAX_KEY_COLUMNS = 4
MAX_DEFINED_COLUMNS = 32
MAX_INDEXES = 5
MAX_INDEX_KEY_COLUMNS = 4
MAX_TABLES = 64


def check_table(meta: Any, options: Any) -> None:
    """Refuse a TableMeta with TableOptions.

    Raises:
        RefusedError: OTSParameterInvalid with the reason.
    """
    check_name(meta.table_name, "table")
    if not 1 <= len(meta.primary_key) <= MAX_KEY_COLUMNS:
        raise invalid(f"The number of primary key columns must be in range: [1, {MAX_KEY_COLUMNS}].")
    if len(meta.defined_column) > MAX_DEFINED_COLUMNS:
        raise invalid(f"The number of defined columns must be in range: [0, {MAX_DEFINED_COLUMNS}].")
    for column in meta.primary_key:
        if column.type not in KEY_TYPES:
            raise invalid(f"{pb2.PrimaryKeyType.Name(column.type)} is an invalid type for the primary key.")
        if column.HasField("option"):
            raise invalid("Auto-increment key columns are not served by the loopback.")
    seen: set[str] = set()
    for column in [*meta.primary_key, *meta.defined_column]:
        check_name(column.name, "column")
        if column.name in seen:
            raise invalid(f"Duplicated primary key name: '{column.name}'.")
        seen.add(column.name)
    check_options(options)


def check_options(options: Any) -> None:
    """Refuse TableOptions that make no sense, and several versions per cell, which are not kept here."""
    if options.HasField("time_to_live") and (options.time_to_live == 0 or options.time_to_live < -1):
        raise invalid("TimeToLive cannot be 0 or less than -1.")
    if options.HasField("max_versions") and options.max_versions != 1:
        if options.max_versions < 1:
            raise invalid("The maximum versions cannot be less than or equal to 0.")
        raise invalid("The loopback keeps one version per cell: max_versions must be 1.")


def check_index(index: Any, description: Any, existing: int) -> None:
    """Refuse an IndexMeta for a table (its DescribeTableResponse) that has so many indexes already.

    Raises:
        RefusedError: OTSParameterInvalid with the reason.
    """
    meta = description.table_meta
    check_name(index.name, "table")
    if existing >= MAX_INDEXES:
        raise invalid(f"The number of indexes exceeds the limit: {MAX_INDEXES}.")
    if not 1 <= len(index.primary_key) <= MAX_INDEX_KEY_COLUMNS:
        raise invalid(f"The number of index key columns must be in range: [1, {MAX_INDEX_KEY_COLUMNS}].")
    if len(set(index.primary_key)) != len(index.primary_key):
        raise invalid("Duplicated index key column.")
    key = [column.name for column in meta.primary_key]
    defined = {column.name: DEFINED_TYPES[column.type] for column in meta.defined_column}
    for name in index.primary_key:
        if name not in key and defined.get(name) not in KEY_TYPES.values():
            raise invalid(f"Index key column must be a key column or a defined one of a key type: {name}.")
    for name in index.defined_column:
        if name not in defined or name in index.primary_key:
            raise invalid(f"Index attribute must be a defined column outside the index key: {name}.")
    if index.index_type == pb2.IT_LOCAL_INDEX and index.primary_key[0] != key[0]:
        raise invalid("A local index must begin with the first primary key column.")
    check_options_with_index(description.table_options)


def check_options_with_index(options: Any) -> None:
    """Refuse TableOptions that a table with indexes cannot have: a row that expires would stay in them."""
    if options.time_to_live not in (-1, 0):  # 0: not said when the table was made
        raise invalid("A table with secondary indexes must keep its rows for ever (TTL -1).")


def check_quota(existing: int) -> None:
    """Refuse one table or index more than an instance holds."""
    if existing >= MAX_TABLES:
        raise RefusedError(403, "OTSQuotaExhausted", "Number of tables exceeded the quota.")
