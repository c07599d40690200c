"""One thread's way to one of the vendor's queues, through the vendor's SDK.

The SDK wants a client per thread; over https it has no time-out, so that one is set on its connection; a message that
it could not delete stands among the sub-errors of an exception.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mns.account import Account
from mns.mns_exception import MNSClientException, MNSExceptionBase, MNSServerException

from receipts.errors import ReceiptsError, Unavailable
from receipts.refusal_codes import KEY, denied, is_one_of

if TYPE_CHECKING:
    from receipts.alicom.tokens import Queue
    from receipts.credentials import Credentials

MOST_MESSAGES = 16
# Beyond what a long poll takes by itself.
ANSWER_SECONDS = 10
EMPTY = "MessageNotExist"
# A handle that has run out: the message comes again, as what was stored already.
RUN_OUT = ("MessageNotExist", "ReceiptHandleError")
MOST_DELETES = 3


class KeyRefused(ReceiptsError):
    """The queue does not take the token."""

    advice = "ask for another token"


class SourceUnavailable(Unavailable):
    """The vendor's queue did not answer, or refused for another reason than its key."""

    advice = "nothing: the next poll tries again; if it goes on, look at ALICOM_ENDPOINT and the queue"


class Received(NamedTuple):
    """A message: its text, the handle that deletes it, its id, and when the vendor put it there (epoch ms)."""

    text: str
    handle: str
    id: str
    at: int


class Consumer:
    """A client of one queue with one token; close it in the end.

    Args:
        endpoint: the vendor's MNS service.
        queue: the queue.
        keys: a token for it.
        most_wait_seconds: the longest that an empty queue is waited for (0 to 30).
    """

    def __init__(self, endpoint: str, queue: Queue, keys: Credentials, most_wait_seconds: int) -> None:
        self._account = Account(endpoint, keys.key_id, keys.secret, keys.token)
        client: Any = self._account.mns_client
        client.set_connection_timeout(most_wait_seconds + ANSWER_SECONDS)
        # What the SDK leaves out over https.
        client.http.conn.timeout = most_wait_seconds + ANSWER_SECONDS
        self._queue: Any = self._account.get_queue(queue.name)
        # The bodies as they are: the SDK would fail for a whole batch over one that is no Base64.
        self._queue.set_encoding(False)

    def receive(self, wait_seconds: int) -> list[Received]:
        """Up to 16 messages; none when the queue stays empty. Raises KeyRefused, SourceUnavailable."""
        try:
            messages = self._queue.batch_receive_message(MOST_MESSAGES, wait_seconds)
        except MNSExceptionBase as error:
            if error.type == EMPTY:
                return []
            raise _trouble(error) from None
        return [_received(message) for message in messages]

    def delete(self, handles: list[str]) -> int:
        """Delete messages; returns how many are left to come again. Raises KeyRefused, SourceUnavailable."""
        run_out = 0
        for _ in range(MOST_DELETES):
            failed = self._deleted(handles)
            again = [handle for handle, code in failed.items() if code not in RUN_OUT]
            run_out += len(failed) - len(again)
            handles = again
            if not handles:
                break
        return len(handles) + run_out

    def close(self) -> None:
        """Close the connection."""
        self._account.mns_client.close_connection()

    def _deleted(self, handles: list[str]) -> dict[str, str]:
        """The handles that were not deleted, with why."""
        try:
            self._queue.batch_delete_message(handles)
        except MNSServerException as error:
            if error.sub_errors:
                return {one["ReceiptHandle"]: one["ErrorCode"] for one in error.sub_errors}
            if error.type in RUN_OUT:
                return dict.fromkeys(handles, error.type)
            raise _trouble(error) from None
        except MNSClientException as error:
            raise _trouble(error) from None
        return {}


def _received(message: Any) -> Received:
    body = message.message_body
    text = body.decode("utf-8", "surrogateescape") if isinstance(body, bytes) else str(body)
    return Received(text, message.receipt_handle, message.message_id, int(message.enqueue_time))


def _trouble(error: MNSExceptionBase) -> ReceiptsError:
    """Only the code: the SDK's messages repeat what was sent."""
    code = "".join(letter for letter in str(error.type) if letter.isascii() and letter.isalnum())[:64]
    # A token that has ended, or is for another queue. No page says which code means which.
    if denied(code) or is_one_of(code, KEY):
        return KeyRefused(f"the queue answered {code}")
    return SourceUnavailable(f"the queue answered {code}")
