"""What the vendor's samples do with a queue: receive one message, store one row, delete one message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mns.account import Account

if TYPE_CHECKING:
    from benchmarks.naive import NaiveTable
    from receipts.alicom.tokens import Queue
    from receipts.credentials import Credentials


class OneByOne:
    """A consumer of one queue.

    Args:
        endpoint: the vendor's MNS service.
        queue: the queue.
        keys: a token for it.
        table: where the rows go.
    """

    def __init__(self, endpoint: str, queue: Queue, keys: Credentials, table: NaiveTable) -> None:
        self._account = Account(endpoint, keys.key_id, keys.secret, keys.token)
        self._queue: Any = self._account.get_queue(queue.name)
        self._type, self._table = queue.message_type, table

    def drain(self, messages: int) -> None:
        """Take so many messages, which have to be there."""
        for _ in range(messages):
            message = self._queue.receive_message(0)
            self._table.put([(self._type, json.loads(message.message_body))])
            self._queue.delete_message(message.receipt_handle)

    def close(self) -> None:
        """Close the connection."""
        self._account.mns_client.close_connection()
