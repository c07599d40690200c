"""The queue that a pump reads: a small interface, and MNS behind it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from mns.account import Account
from mns.mns_exception import MNSExceptionBase
from mns.queue import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# An MNS batch call holds at most so many messages.
BATCH = 16
# Longer than any long poll of a pump; the SDK's own 60 s would hold up a stop.
_TIMEOUT_SECONDS = 10
_EMPTY = ("MessageNotExist", "InvalidReceiptHandle", "ReceiptHandleError")


class QueueUnavailableError(Exception):
    """The queue did not do what it was asked; the same call may work later."""


class HeldMessage(NamedTuple):
    """A message that was received and not yet deleted.

    Attributes:
        message_id: the queue's id.
        body: as it stands in the queue (base64 not decoded).
        handle: what deletes it; changes with every renewal.
        visible_at: epoch milliseconds at which others may receive it again.
        enqueued_at: epoch milliseconds at which it was sent.
    """

    message_id: str
    body: str
    handle: str
    visible_at: int
    enqueued_at: int


class QueueSource(Protocol):
    """What a pump needs of a queue. Every method may raise QueueUnavailableError; used by one thread only."""

    def receive(self, limit: int, wait_seconds: int) -> list[HeldMessage]:
        """At most `limit` (1 to 16) messages; waits up to `wait_seconds` for the first."""

    def delete(self, messages: Sequence[HeldMessage]) -> None:
        """Delete the messages; one whose visibility ran out meanwhile is left to be delivered again."""

    def hold(self, message: HeldMessage, seconds: int) -> HeldMessage | None:
        """Keep the message invisible for this long from now; None if it already got away."""

    def send(self, queue: str, body: str) -> None:
        """Put a body, as it stands, into another queue (the dead letters)."""

    def close(self) -> None:
        """Close the connection."""


class MnsSource:
    """One MNS queue through the vendor's SDK.

    Args:
        endpoint: `http://...` of the service.
        key_id: access key id.
        secret: access key secret.
        queue: the queue's name.
    """

    def __init__(self, endpoint: str, key_id: str, secret: str, queue: str) -> None:
        self._account = Account(endpoint, key_id, secret)
        self._account.mns_client.set_connection_timeout(_TIMEOUT_SECONDS)
        self._queue = self._raw(queue)

    def receive(self, limit: int, wait_seconds: int) -> list[HeldMessage]:
        """At most `limit` (1 to 16) messages; waits up to `wait_seconds` for the first."""
        with _errors_as_ours():
            return [_held(message) for message in self._queue.batch_receive_message(limit, wait_seconds)]
        return []

    def delete(self, messages: Sequence[HeldMessage]) -> None:
        """Delete the messages; one whose visibility ran out meanwhile is left to be delivered again."""
        handles = [message.handle for message in messages]
        for at in range(0, len(handles), BATCH):
            with _errors_as_ours():
                self._queue.batch_delete_message(handles[at : at + BATCH])

    def hold(self, message: HeldMessage, seconds: int) -> HeldMessage | None:
        """Keep the message invisible for this long from now; None if it already got away."""
        with _errors_as_ours():
            changed = self._queue.change_message_visibility(message.handle, seconds)
            return message._replace(handle=changed.receipt_handle, visible_at=int(changed.next_visible_time))
        return None

    def send(self, queue: str, body: str) -> None:
        """Put a body, as it stands, into another queue (the dead letters)."""
        with _errors_as_ours():
            self._raw(queue).send_message(Message(body))

    def close(self) -> None:
        """Close the connection."""
        self._account.mns_client.close_connection()

    def _raw(self, name: str) -> Any:
        queue = self._account.get_queue(name)
        queue.set_encoding(False)
        return queue


def _held(message: Any) -> HeldMessage:
    body = message.message_body
    return HeldMessage(
        message.message_id,
        body.decode() if isinstance(body, bytes) else body,
        message.receipt_handle,
        int(message.next_visible_time),
        int(message.enqueue_time),
    )


@contextlib.contextmanager
def _errors_as_ours() -> Iterator[None]:
    """Nothing there, or no longer ours: no error. Everything else the SDK raises: QueueUnavailableError."""
    try:
        yield
    except MNSExceptionBase as error:
        if error.type not in _EMPTY:
            # Not the SDK's message: with a damaged answer it holds the bodies.
            raise QueueUnavailableError(error.type) from None
