"""The loopback TableStore, ready to be started."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer
from local.cloud.ram import identities_of
from local.cloud.tablestore.instance import Instance
from local.cloud.tablestore.service import TableStoreService
from local.cloud.tablestore.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local.cloud.access import AccessKey
    from local.cloud.ram import Identities


class TableStoreServer(LoopbackServer):
    """One TableStore instance on 127.0.0.1.

    Args:
        database: the SQLite file that keeps tables and rows (made if missing, one server at a time), or None
            for memory.
        instance: the instance's name; requests for another are refused.
        key: the one access key, which may do everything, or all keys of the account with their rights.
        faults: planned misbehaviour; a plan of its own if None.
        port: the TCP port, 0 for any free one.
        clock: seconds since the epoch, for signatures and cell timestamps.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        database: Path | None,
        *,
        instance: str,
        key: AccessKey | Identities,
        faults: Faults | None = None,
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = Store(database)
        service = TableStoreService(Instance(self._store, clock), instance, identities_of(key), clock)
        super().__init__(service, Faults() if faults is None else faults, port=port)

    def stop(self) -> None:
        """Stop serving and give the database file back."""
        super().stop()
        self._store.close()
