"""TableStore on 127.0.0.1: the wire format of the unmodified SDK over tables kept in SQLite."""

import receipts.store.sdk  # noqa: F401 - before the SDK's messages are imported, its loggers fall silent
from local.cloud.tablestore.server import TableStoreServer

__all__ = ["TableStoreServer"]
