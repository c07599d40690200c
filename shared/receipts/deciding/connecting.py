"""The rule book's clients of the store, made and closed for one pair of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from receipts.store.client import client
from receipts.store.rows import Rows

if TYPE_CHECKING:
    from receipts.credentials import Credentials
    from receipts.settings import StoreSettings


class Clients:
    """Makes one client after the other: the rule book asks for a new one when a read hangs in the last.

    Args:
        store: where the rows are.
        keys: whose the clients are.
        seconds: for so long a client waits for a connection and for each piece of an answer.

    Attributes:
        newest: the client in use, once there is one.
    """

    def __init__(self, store: StoreSettings, keys: Credentials, seconds: float) -> None:
        self._store, self._keys, self._seconds = store, keys, seconds
        self.newest: Any = None

    def rows(self) -> Rows:
        """The rows through a new client. The one before is left to whoever still waits for it. Raises SettingError."""
        self.newest = client(self._store, self._keys, self._seconds)
        return Rows(self.newest, self._store.table_prefix)

    def close(self) -> None:
        """Close the connections of the client in use."""
        if self.newest is not None:
            self.newest.connection.pool.clear()
