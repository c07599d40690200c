"""A row as it is kept: the key in the schema's order, and one timestamped value per attribute column."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from local.cloud.tablestore import plainbuffer_reader, plainbuffer_writer

# Column name to variant and timestamp (milliseconds).
Cells: TypeAlias = dict[str, tuple[bytes, int]]


class KeptRow(NamedTuple):
    """Key columns with their values, and the attributes by name."""

    key: tuple[tuple[str, bytes], ...]
    cells: Cells

    def value(self, name: str) -> bytes | None:
        """The variant of a column, key or attribute."""
        if name in self.cells:
            return self.cells[name][0]
        return dict(self.key).get(name)

    def dump(self) -> bytes:
        """The row as PlainBuffer without a header; attributes come in the order of their names."""
        return plainbuffer_writer.write_row(self.key, ((name, *self.cells[name]) for name in sorted(self.cells)))


def load(data: bytes) -> KeptRow:
    """The row that `dump` wrote."""
    row = plainbuffer_reader.read_stored(data)
    # The writer gives every attribute a value and a timestamp.
    return KeptRow(row.key, {name: (value or b"", timestamp or 0) for name, value, _, timestamp in row.cells})
