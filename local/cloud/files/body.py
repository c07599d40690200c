"""What a file has inside: bytes that are kept, or bytes that are made while they are sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 1 << 18
_STAMP = 8


class Body(Protocol):
    """The content of a file."""

    @property
    def size(self) -> int:
        """How many bytes it has."""

    def blocks(self) -> Iterator[bytes]:
        """The bytes from the first to the last, in pieces of a size that is good to send."""


@dataclass(frozen=True)
class Kept:
    """Bytes as they were given."""

    content: bytes

    @property
    def size(self) -> int:
        """See `Body`."""
        return len(self.content)

    def blocks(self) -> Iterator[bytes]:
        """See `Body`."""
        for start in range(0, len(self.content), BLOCK):
            yield self.content[start : start + BLOCK]


@dataclass(frozen=True)
class Generated:
    """So many bytes that are the same each time, and are never in memory all at once.

    Every block begins with its number, so that a block which is lost, doubled or out of order changes the whole.

    Attributes:
        size: how many bytes.
        head: what they begin with; cut off where the size ends.
        seed: two bodies of different seeds differ.
    """

    size: int
    head: bytes = b""
    seed: int = 0

    def blocks(self) -> Iterator[bytes]:
        """See `Body`."""
        for number in range(-(-self.size // BLOCK)):
            start = number * BLOCK
            block = number.to_bytes(_STAMP, "big") + self._filling
            if start < len(self.head):
                head = self.head[start : start + BLOCK]
                block = head + block[len(head) :]
            yield block[: self.size - start]

    def read(self) -> bytes:
        """The whole, for bodies that fit in memory."""
        return b"".join(self.blocks())

    @cached_property
    def _filling(self) -> bytes:
        return hashlib.shake_128(str(self.seed).encode()).digest(BLOCK - _STAMP)
