"""What a table and its indexes look like, made from the definitions the SDK sends."""

from __future__ import annotations

from typing import Any, NamedTuple

import tablestore.protobuf.table_store_pb2 as pb2

from local.cloud.tablestore import variant

KEY_TYPES = {pb2.INTEGER: variant.INTEGER, pb2.STRING: variant.STRING, pb2.BINARY: variant.BLOB}
DEFINED_TYPES = {
    pb2.DCT_INTEGER: variant.INTEGER,
    pb2.DCT_DOUBLE: variant.DOUBLE,
    pb2.DCT_BOOLEAN: variant.BOOLEAN,
    pb2.DCT_STRING: variant.STRING,
    pb2.DCT_BLOB: variant.BLOB,
}


class Column(NamedTuple):
    """A key column: its name and the variant type that its values must have."""

    name: str
    kind: int


class Index(NamedTuple):
    """A secondary index; `key` is complete: the declared columns, then the rest of the table's key."""

    id: int
    name: str
    key: tuple[Column, ...]
    attributes: tuple[str, ...]
    meta: Any  # IndexMeta


class Table(NamedTuple):
    """A table; `description` is its DescribeTableResponse without the indexes."""

    id: int
    name: str
    key: tuple[Column, ...]
    indexes: tuple[Index, ...]
    description: Any

    @property
    def deviation(self) -> int:
        """How far a cell's timestamp may be from now, in milliseconds."""
        seconds: int = self.description.table_options.deviation_cell_version_in_sec or 86400
        return seconds * 1000


def table_from(table_id: int, description: Any, metas: list[tuple[int, Any]]) -> Table:
    """The table of a checked description and its indexes' (id, IndexMeta)."""
    meta = description.table_meta
    key = tuple(Column(column.name, KEY_TYPES[column.type]) for column in meta.primary_key)
    kinds = dict(key)
    kinds.update((column.name, DEFINED_TYPES[column.type]) for column in meta.defined_column)
    indexes = tuple(
        Index(
            index_id,
            index.name,
            tuple(
                Column(name, kinds[name])
                for name in dict.fromkeys([*index.primary_key, *(column.name for column in key)])
            ),
            tuple(sorted(index.defined_column)),
            index,
        )
        for index_id, index in metas
    )
    return Table(table_id, meta.table_name, key, indexes, description)
