"""What a receiver without a queue, batches and joining does: one row per receipt, its fields as they came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Iterable

KEY = "receipt_id"
FOREVER = -1


class NaiveTable:
    """A table with a row per receipt.

    Args:
        client: an `OTSClient`.
        name: of the table, which is made.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._client, self._name, self._stored = client, name, 0
        client.create_table(
            tablestore.TableMeta(name, [(KEY, "STRING")]),
            tablestore.TableOptions(time_to_live=FOREVER, max_version=1),
            tablestore.ReservedThroughput(tablestore.CapacityUnit(0, 0)),
        )

    def put(self, receipts: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """One PutRow for each (type, receipt)."""
        anyway = tablestore.Condition(tablestore.RowExistenceExpectation.IGNORE)
        for message_type, receipt in receipts:
            self._stored += 1
            row = tablestore.Row([(KEY, f"{message_type}:{self._stored}")], _columns(receipt))
            self._client.put_row(self._name, row, anyway)


def _columns(receipt: dict[str, Any]) -> list[tuple[str, str | int]]:
    return [
        (name, value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False))
        for name, value in receipt.items()
        if value is not None
    ]
