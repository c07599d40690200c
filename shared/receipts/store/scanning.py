"""Reads a range of a table or of a secondary index, page by page.

An index follows its table a moment later: what it says is a hint, and the row itself is asked before anything is
done about it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts.store.rows import Right, asked
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.store.patience import Patience
    from receipts.store.pending import Columns
    from receipts.store.schema import Index, Table

PAGE_ROWS = 200


class Range(NamedTuple):
    """The rows from the whole key `start`, up to and without `end`.

    `backward`: from the greatest to the least; `start` is then the greater one. `columns`: these alone, at least one
    of them a key's, as a row without any of them is left out; None for all. `page`: so many rows at a time, of which
    the service gives at most 5,000 or 4 MB.
    """

    start: Any
    end: Any
    backward: bool = False
    columns: list[str] | None = None
    page: int = PAGE_ROWS


class IndexRows:
    """The rows of one table's secondary indexes.

    Args:
        client: an `OTSClient`.
        prefix: stands before every index's name.
        table: the table that the indexes are of.
    """

    def __init__(self, client: Any, prefix: str, table: Table) -> None:
        self._client, self._prefix, self._table = client, prefix, table

    def below(self, index: Index, first: str, limit: int, patience: Patience) -> Iterator[list[Columns]]:
        """The rows whose first key is `first` and whose second is less than `limit`, ascending, in pages.

        Args:
            index: one with two keys of its own: STRING, INTEGER.
            first: the value of its first key.
            limit: what its second key is less than.
            patience: for all pages together.

        Raises:
            StoreUnavailable: a page could not be read within `patience`.
            StoreMisconfigured: the store refuses for a reason that no retry mends.
        """
        least = [(name, tablestore.INF_MIN) for name in self._table.keys if name not in index.keys]
        start: Any = [(index.keys[0], first), (index.keys[1], tablestore.INF_MIN), *least]
        # Up to, and without, the first row at the limit.
        end = [(index.keys[0], first), (index.keys[1], limit), *least]
        yield from pages(self._client, self._prefix + index.name, Range(start, end), patience)


def pages(client: Any, name: str, wanted: Range, patience: Patience) -> Iterator[list[Columns]]:
    """The rows of a range of a table or an index, keys among the columns, in pages of one row at least.

    Args:
        client: an `OTSClient`.
        name: of the table or index, with its prefix.
        wanted: which rows.
        patience: for all pages together.

    Raises:
        StoreUnavailable, StoreMisconfigured: as `IndexRows.below`.
    """
    start = wanted.start
    direction = tablestore.Direction.BACKWARD if wanted.backward else tablestore.Direction.FORWARD
    while start:
        ask = partial(
            client.get_range, name, direction, start, wanted.end, wanted.columns, limit=wanted.page, max_version=1
        )
        answer, code = asked(ask, Right("ots:GetRange", (name,)))
        if answer is None:
            patience.pause(code)
            continue
        _, start, rows, _ = answer
        if rows:
            yield [_columns(row) for row in rows]


def _columns(row: Any) -> Columns:
    return {name: value for name, value, *_ in [*row.primary_key, *row.attribute_columns]}
