"""A dead letter: what came and could not become a row, with the reason and its bytes."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

ID_DIGITS = 32
SIGHTING_DIGITS = 16
UNKNOWN = "unknown"


class Letter(NamedTuple):
    """One sighting of something that cannot be stored.

    Attributes:
        reason: a word of `receipts.errors`, such as `invalid`.
        vendor: who sent it, or `unknown`.
        type: the message type as it was sent, or `unknown`.
        body: the bytes, as they came.
        error: what is wrong, without any value of the body.
        at: when it was received, epoch milliseconds.
        sighting: names this sighting; the same one again (a redelivery) is not counted twice.
        object_key: the object in the bucket that holds the body, where that fits no row; else empty.
    """

    reason: str
    vendor: str
    type: str
    body: bytes
    error: str
    at: int
    sighting: str
    object_key: str = ""

    @property
    def letter_id(self) -> str:
        """A hash of the content: the same receipt, however often it comes, is one letter."""
        content = b"\0".join((self.vendor.encode(), self.type.encode("utf-8", "replace"), self.body))
        return hashlib.sha256(content).hexdigest()[:ID_DIGITS]


def sighting(*parts: object) -> str:
    """A short name for a sighting: where and how it came."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:SIGHTING_DIGITS]
