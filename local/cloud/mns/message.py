"""A message in a queue."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Draft(NamedTuple):
    """A message as a sender gives it.

    Attributes:
        body: the text as sent, Base64 if the sender chose so.
        delay: seconds until it can be received; None means the queue's own.
        priority: 1 to 16, the smaller the sooner.
    """

    body: str
    delay: int | None = None
    priority: int = 8

    @property
    def size(self) -> int:
        """Bytes of the body, which is what the limits count."""
        return len(self.body.encode())


class Message(NamedTuple):
    """One state of a message; every receive makes a new one. Times are epoch milliseconds.

    A message can be received once `visible_at` has come. `handle` is None until it was received.
    """

    message_id: str
    body: str
    priority: int
    enqueued_at: int
    visible_at: int
    dequeue_count: int = 0
    first_dequeued_at: int = 0
    handle: str | None = None

    @property
    def body_md5(self) -> str:
        """MD5 of the body in upper-case hexadecimal."""
        return hashlib.md5(self.body.encode(), usedforsecurity=False).hexdigest().upper()
