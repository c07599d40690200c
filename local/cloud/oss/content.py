"""The bytes of a stored object: stretches of one file, in order, and how they are sent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from local.cloud.bodies import IN_MEMORY, PIECE
from local.cloud.oss.ranges import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Blob:
    """The bytes of an object.

    Args:
        file: where they are, possibly with others; closed with this.
        spans: the stretches of it that they are, in order.

    Attributes:
        length: how many bytes they are.
    """

    def __init__(self, file: BinaryIO, spans: Sequence[Span]) -> None:
        self.length = sum(span.length for span in spans)
        self._file = file
        self._spans = spans

    def content(self, wanted: Span | None) -> Content:
        """Part of it, or all; nobody else may move in the file meanwhile."""
        return Content(self._file, list(self._cut(wanted or Span(0, self.length))))

    def close(self) -> None:
        """Close the file; what was made of it lives on."""
        self._file.close()

    def _cut(self, wanted: Span) -> Iterator[Span]:
        begin, end = wanted.start, wanted.start + wanted.length
        for span in self._spans:
            first, last = max(begin, 0), min(end, span.length)
            if first < last:
                yield Span(span.start + first, last - first)
            begin, end = begin - span.length, end - span.length


class Content:
    """Stretches of a file to send, whatever becomes of the object that they were."""

    def __init__(self, file: BinaryIO, spans: Sequence[Span]) -> None:
        self.length = sum(span.length for span in spans)
        self._spans = spans
        self._small: list[bytes] = []
        self._descriptor: int | None = None
        if self.length <= IN_MEMORY:
            for span in spans:
                file.seek(span.start)
                self._small.append(file.read(span.length))
        else:
            # The open file outlives its deletion, and positioned reads do not mind other readers.
            self._descriptor = os.dup(file.fileno())

    def __iter__(self) -> Iterator[bytes]:
        if self._descriptor is None:
            yield from self._small
            return
        for span in self._spans:
            position, end = span.start, span.start + span.length
            while position < end:
                piece = os.pread(self._descriptor, min(PIECE, end - position), position)
                position += len(piece)
                yield piece

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
