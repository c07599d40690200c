"""The queues: what each is declared to be, and what the service has."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from mns.account import Account
from mns.mns_exception import MNSServerException
from mns.mns_request import GetQueueAttributesRequest, GetQueueAttributesResponse
from mns.queue import QueueMeta

from ops.provisioning.looks import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.credentials import Credentials

KIND = "queue"
NO_QUEUE = "QueueNotExist"
DAY_SECONDS = 24 * 60 * 60
RETENTION_SECONDS = 7 * DAY_SECONDS
MOST_MESSAGE_BYTES = 64 * 1024
LONG_POLL_SECONDS = 10
WAIT_SECONDS = 10.0


class Declared(NamedTuple):
    """One queue.

    Attributes:
        name: as the settings have it.
        visibility_timeout: seconds for which a message that was handed out is hidden.
        taker: the function that is given its messages, or was, if it is a queue of dead letters.
        runs_seconds: how long that function may run (`timeout` in template.yml).
        dead: it is a queue of dead letters.
    """

    name: str
    visibility_timeout: int
    taker: str
    runs_seconds: int
    dead: bool = False


class Found(NamedTuple):
    """One queue as the service has it: seconds and bytes, and how many messages are in it in whatever state."""

    visibility_timeout: int
    message_retention_period: int
    maximum_message_size: int
    delay_seconds: int
    polling_wait_seconds: int
    active: int
    inactive: int
    delayed: int
    logging: bool

    @property
    def messages(self) -> int:
        """How many messages there are."""
        return self.active + self.inactive + self.delayed


def declared(receipts: str, receipts_dead: str, recordings: str, recordings_dead: str) -> tuple[Declared, ...]:
    """Every queue by its name, longer hidden than its function may run: what is worked on is not handed out twice."""
    return (
        Declared(receipts, 150, "ingest", 120),
        Declared(receipts_dead, 150, "ingest", 0, dead=True),
        Declared(recordings, 330, "archive", 300),
        Declared(recordings_dead, 330, "archive", 0, dead=True),
    )


@contextlib.contextmanager
def opened(endpoint: str, keys: Credentials, seconds: float = WAIT_SECONDS) -> Iterator[Any]:
    """A client of the account's queues that waits at most so many seconds for each piece of an answer."""
    account = Account(endpoint, *keys)
    client = account.mns_client
    client.set_connection_timeout(seconds)
    # What the SDK leaves out over https.
    client.http.conn.timeout = seconds
    try:
        yield account
    finally:
        client.close_connection()


def found(account: Any, name: str) -> Found | None:
    """The queue, or None if there is none. Raises the SDK's errors.

    Asked one floor below the SDK's `Queue.get_attributes`, which warns of the counts on their way to its caller.
    """
    told = GetQueueAttributesResponse()
    try:
        account.mns_client.get_queue_attributes(GetQueueAttributesRequest(name), told)
    except MNSServerException as error:
        if error.type == NO_QUEUE:
            return None
        raise
    return Found(
        told.visibility_timeout,
        told.message_retention_period,
        told.maximum_message_size,
        told.delay_seconds,
        told.polling_wait_seconds,
        told.active_messages,
        told.inactive_messages,
        told.delay_messages,
        told.logging_enabled,
    )


def look(account: Any, queue: Declared) -> Look:
    """The queue beside its declaration. Raises the SDK's errors."""
    there = found(account, queue.name)
    if there is None:
        return Look(KIND, queue.name, missing=True, mend=partial(_make, account, queue))
    wrong, right = _wrong(queue, there)
    told = " ".join([*wrong, *_notes(queue, there)])
    if wrong:
        return Look(KIND, queue.name, found=told, grave=True, mend=partial(_set, account, queue.name, right))
    return Look(KIND, queue.name, found=told, do="Nothing, if it is meant." if told else "")


def _wrong(queue: Declared, there: Found) -> tuple[list[str], Found]:
    """What loses messages or doubles work, each with its consequence; and the attributes without it."""
    told, right = [], there
    if there.visibility_timeout < queue.runs_seconds:
        told.append(
            f"Visibility timeout {there.visibility_timeout} s, and {queue.taker} may run {queue.runs_seconds} s: what "
            "it works on would be handed out again meanwhile."
        )
        right = right._replace(visibility_timeout=queue.visibility_timeout)
    if there.message_retention_period < RETENTION_SECONDS:
        told.append(
            f"Keeps messages for {there.message_retention_period} s in place of {RETENTION_SECONDS}: an outage that is "
            "longer loses them."
        )
        right = right._replace(message_retention_period=RETENTION_SECONDS)
    if there.maximum_message_size < MOST_MESSAGE_BYTES:
        told.append(
            f"Takes {there.maximum_message_size} bytes in place of {MOST_MESSAGE_BYTES}: larger ones are refused."
        )
        right = right._replace(maximum_message_size=MOST_MESSAGE_BYTES)
    return told, right


def _notes(queue: Declared, there: Found) -> Iterator[str]:
    """What differs and does no harm."""
    if there.visibility_timeout != queue.visibility_timeout and there.visibility_timeout >= queue.runs_seconds:
        yield f"Visibility timeout {there.visibility_timeout} s in place of {queue.visibility_timeout}."
    if there.delay_seconds:
        yield f"Hands every message out {there.delay_seconds} s late."
    if there.polling_wait_seconds != LONG_POLL_SECONDS:
        yield f"Long poll {there.polling_wait_seconds} s in place of {LONG_POLL_SECONDS}."


def _make(account: Any, queue: Declared) -> None:
    size, kept, poll = MOST_MESSAGE_BYTES, RETENTION_SECONDS, LONG_POLL_SECONDS
    account.get_queue(queue.name).create(QueueMeta(queue.visibility_timeout, size, kept, polling_wait_sec=poll))


def _set(account: Any, name: str, right: Found) -> None:
    # All of them, as no page says what becomes of one that is left out.
    meta = QueueMeta(
        right.visibility_timeout,
        right.maximum_message_size,
        right.message_retention_period,
        right.delay_seconds,
        right.polling_wait_seconds,
        right.logging,
    )
    account.get_queue(name).set_attributes(meta)
