"""One thread's clients of the vendor's queues, each with keys that are good."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.alicom.consumer import Consumer, KeyRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from receipts.alicom.tokens import Queue, Tokens
    from receipts.credentials import Credentials

    T = TypeVar("T")


class _Client(NamedTuple):
    keys: Credentials
    consumer: Consumer


class Clients:
    """The clients that a thread has made so far, one for each queue; close them in the end.

    Args:
        endpoint: the vendor's MNS service.
        tokens: keys to its queues.
        wait_seconds: the longest that an empty queue is waited for.
    """

    def __init__(self, endpoint: str, tokens: Tokens, wait_seconds: int) -> None:
        self._endpoint, self._tokens, self._wait = endpoint, tokens, wait_seconds
        self._made: dict[Queue, _Client] = {}

    def ask(self, queue: Queue, what: Callable[[Consumer], T]) -> T:
        """What the queue answers; it is asked once more with fresh keys, if it takes the present ones for none.

        Raises:
            TokenRefused, KeyRefused, SourceUnavailable: it does not answer.
        """
        client = self._with_keys(queue)
        try:
            return what(client.consumer)
        except KeyRefused:
            self._tokens.drop(queue, client.keys)
        return what(self._with_keys(queue).consumer)

    def close(self) -> None:
        """Close every connection."""
        for client in self._made.values():
            client.consumer.close()
        self._made.clear()

    def _with_keys(self, queue: Queue) -> _Client:
        """The client of this queue, with keys that are good for a while."""
        keys = self._tokens.of(queue)
        client = self._made.get(queue)
        if client is None or client.keys != keys:
            if client is not None:
                client.consumer.close()
            client = self._made[queue] = _Client(keys, Consumer(self._endpoint, queue, keys, self._wait))
        return client
