"""Jobs: queue messages that ask for one recording each."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, NamedTuple

from receipts.deadline import Deadline
from receipts.errors import BadEnvelope
from receipts.journal.envelope import fields_in
from receipts.journal.messages import MOST_BATCH_MESSAGES
from receipts.recordings.schedule import delay_seconds
from receipts.times import now_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from receipts.credentials import Credentials
    from receipts.journal.queue import Queue

VERSION = 1
# What a key column holds: a longer id, or one that is no text, is no recording's.
MOST_ID_BYTES = 1024
# For one batch call: the queue answers within milliseconds, or is in trouble.
SEND_SECONDS = 5.0


class Job(NamedTuple):
    """A recording that is to be archived, not before `at` (epoch milliseconds)."""

    recording_id: str
    at: int


class Jobs:
    """The queue of jobs.

    Args:
        queue: where they go.
        keys: whose it is.
        clock: the time of day in epoch seconds.
        monotonic: a clock in seconds.
    """

    def __init__(
        self, queue: Queue, keys: Credentials, clock: Callable[[], float], monotonic: Callable[[], float]
    ) -> None:
        self._queue, self._keys = queue, keys
        self._clock, self._monotonic = clock, monotonic

    def put(self, jobs: Sequence[Job]) -> None:
        """Have the queue hand each of them out when it is due. Raises QueueUnavailable: perhaps not all are there."""
        now = now_ms(self._clock)
        # An id is at most 1 KB: sixteen of them are far from what a batch call takes.
        for start in range(0, len(jobs), MOST_BATCH_MESSAGES):
            some = jobs[start : start + MOST_BATCH_MESSAGES]
            messages = [written(job.recording_id) for job in some]
            delays = [delay_seconds(job.at, now) for job in some]
            self._queue.send(messages, self._keys, Deadline(SEND_SECONDS, self._monotonic), delays)

    def close(self) -> None:
        """Close the connection to the queue."""
        self._queue.close()


def written(recording_id: str) -> bytes:
    """The queue message (Base64 text) that asks for a recording."""
    fields = {"v": VERSION, "recording_id": recording_id}
    return base64.b64encode(json.dumps(fields, separators=(",", ":")).encode())


def recording_id(message: object) -> str:
    """The recording that a queue message asks for; the message as Base64 text, as JSON, or read already.

    Raises:
        BadEnvelope: the message is no job of a version known here.
    """
    try:
        fields = fields_in(message)
    except BadEnvelope:
        fields = {}
    wanted = fields.get("recording_id")
    if fields.get("v") != VERSION or not _is_id(wanted):
        raise BadEnvelope(f"not a recording job of version {VERSION}")
    return str(wanted)


def _is_id(wanted: object) -> bool:
    try:
        return isinstance(wanted, str) and 0 < len(wanted.encode()) <= MOST_ID_BYTES
    except UnicodeEncodeError:
        return False
