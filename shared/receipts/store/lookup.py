"""A row that is only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from receipts.store.pending import Columns
    from receipts.store.schema import Key, Table


class Lookup(NamedTuple):
    """A row that is only read; `reads` as in `receipts.store.pending`."""

    table: Table
    key: Key
    reads: tuple[str, ...] = ()

    def merged(self, _: Columns | None) -> Columns | None:
        """Nothing is written."""
        return None
