"""Rows of the rule book, and a rule book that reads them over real sockets."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from receipts.credentials import Credentials
from receipts.deadline import Deadline
from receipts.deciding.rule_book import RuleBook, key
from receipts.settings import StoreSettings
from receipts.store import schema
from receipts.store.client import client
from receipts.store.rows import Rows
from receipts.store.sdk import tablestore
from tests.store.support import INSTANCE, KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.store.support import Store

X, A, B, C = "+8617000000002", "+8613900000001", "+8613700000003", "+8613700000004"
BUDGET = 5.0


def put(store: Store, number_x: str, party: str, **columns: Any) -> None:
    """A row as anybody may write it."""
    row = tablestore.Row(list(key(number_x, party)), list(columns.items()))
    store.client.put_row(schema.BINDINGS.name, row, tablestore.Condition("IGNORE"))


class Book:
    """A rule book with clients of its own.

    Args:
        endpoint: of the store.
        seconds: how long one read may take.
        keep_seconds: how long what was read is kept.
        monotonic: the clock for that.
    """

    def __init__(
        self,
        endpoint: str,
        seconds: float = BUDGET,
        keep_seconds: float = 0.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint
        self._seconds = seconds
        self._clients: list[Any] = []
        self.book = RuleBook(self._connected, keep_seconds, monotonic)

    def _connected(self) -> Rows:
        settings = StoreSettings(self._endpoint, INSTANCE, None, "python", "", 60)
        made = client(settings, Credentials(KEY.key_id, KEY.secret), seconds=self._seconds)
        self._clients.append(made)
        return Rows(made, "")

    @property
    def clients(self) -> int:
        """How many were made."""
        return len(self._clients)

    def about(self, number_x: str = X, party: str = A) -> Any:
        """What it says."""
        return self.book.about(number_x, party, self.deadline())

    def deadline(self) -> Deadline:
        """For one read."""
        return Deadline(self._seconds, time.monotonic)

    def close(self) -> None:
        """Close every connection."""
        for made in self._clients:
            made.connection.pool.clear()
