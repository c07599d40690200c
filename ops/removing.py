"""Takes a row out of a table."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ops.reading import patience
from receipts.store.rows import Right, asked
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from ops.reading import Store
    from receipts.store.schema import Key, Table


def remove(store: Store, table: Table, key: Key) -> None:
    """Take a row out; it is no error if there is none.

    Raises:
        StoreUnavailable, StoreMisconfigured: it is there still.
    """
    condition = tablestore.Condition(tablestore.RowExistenceExpectation.IGNORE)
    delete = partial(store.client.delete_row, store.prefix + table.name, tablestore.Row(list(key)), condition)
    waiting = patience()
    while True:
        answer, code = asked(delete, Right("ots:DeleteRow", (table.name,)))
        if answer is not None:
            return
        waiting.pause(code)
