"""Puts pushes on the queue: what `receive` and `decide` do alike. Standard library only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.errors import BucketMisconfigured, BucketUnavailable, ReceiptsError, TooLarge
from receipts.journal import messages
from receipts.logs import place

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.credentials import Credentials
    from receipts.deadline import Deadline
    from receipts.journal.bucket import Bucket
    from receipts.journal.envelope import Envelope
    from receipts.journal.queue import Queue
    from receipts.settings import BucketSettings

# Of a longer body, compressing and splitting alone may take longer than an answer may, on the third of a CPU that
# `receive` has; and then there are the calls, one after the other, that carry its parts.
LARGE_BODY_BYTES = 1024 * 1024


class Journal:
    """The queue of receipts, and the bucket for what fits none of its messages. Not for two threads at once.

    Args:
        queue: the queue.
        settings: where the bucket is.
        clock: the time of day in epoch seconds, for the bucket's signature.

    Attributes:
        bucket: its client, once something had to go there.
    """

    def __init__(self, queue: Queue, settings: BucketSettings, clock: Callable[[], float]) -> None:
        self._queue, self._settings, self._clock = queue, settings, clock
        self.bucket: Bucket | None = None

    def put(self, pushes: list[Envelope], credentials: Credentials, deadline: Deadline) -> int:
        """Put the pushes, whole, on the queue. Returns the number of messages.

        Raises:
            QueueUnavailable, BucketUnavailable, BucketMisconfigured, TooLarge: not all of it is there.
        """
        parts = [self._parts(push, credentials, deadline) for push in pushes]
        journal = [message for fitting, _ in parts for message in fitting]
        for batch in messages.batches(journal):
            self._queue.send(batch, credentials, deadline)
        for _, oversize in parts:
            if oversize is not None:
                # Last: whatever the bucket does, the receipts beside it are on the queue.
                journal.append(self._claimed(oversize, credentials, deadline))
                self._queue.send(journal[-1:], credentials, deadline)
        return len(journal)

    def close(self) -> None:
        """Close every connection."""
        self._queue.close()
        if self.bucket is not None:
            self.bucket.close()

    def _parts(
        self, push: Envelope, credentials: Credentials, deadline: Deadline
    ) -> tuple[list[bytes], Envelope | None]:
        """As `messages.of`, but a large push is in the bucket by then, whole, if the bucket takes it."""
        if len(push.body) > LARGE_BODY_BYTES:
            try:
                return [self._claimed(push, credentials, deadline)], None
            except (BucketUnavailable, BucketMisconfigured, TooLarge):
                # In parts, the queue alone may carry it, if there is time left.
                if deadline.passed():
                    raise
        return messages.of(push)

    def _claimed(self, oversize: Envelope, credentials: Credentials, deadline: Deadline) -> bytes:
        """The message for what fits none, once the bucket holds it."""
        # Loaded here, as a usual cold start has no use for it.
        from receipts.journal import bucket, claims  # noqa: PLC0415

        if self.bucket is None:
            self.bucket = bucket.Bucket(self._settings, self._clock)
        return claims.deposited(oversize, self.bucket, credentials, deadline)


def trouble(error: Exception) -> dict[str, str]:
    """What a log line tells of a push that is not on the queue: `why`, and what to `do`."""
    if isinstance(error, TooLarge):
        return {"why": str(error), "do": "look at its sender: nothing holds it yet"}
    if isinstance(error, ReceiptsError):
        return {"why": str(error), "do": error.advice}
    # Only its kind and place: its message may hold a part of the body.
    return {"why": place(error), "do": "report this defect"}
