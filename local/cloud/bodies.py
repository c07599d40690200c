"""Bodies that are too large for memory: requests spooled to temporary files, answers sent piece by piece."""

from __future__ import annotations

import re
import tempfile
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

IN_MEMORY = 1 << 18
"""Bytes that a body may have before it goes to disk."""
PIECE = 1 << 18
"""Bytes that are read and written at a time."""

_LENGTH = re.compile(r"[0-9]{1,10}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_LONGEST_LINE = 8192


class MalformedBody(Exception):
    """Where this request ends, and another may begin, is anyone's guess: answer 400 and close."""


class Stream(Protocol):
    """An answer's body of `length` bytes, which are read only while they are sent."""

    length: int

    def __iter__(self) -> Iterator[bytes]:
        """The pieces, in order."""

    def close(self) -> None:
        """Let go of what is behind it; called once, sent or not."""


class Spool:
    """A request's body in a temporary file: in memory up to `IN_MEMORY` bytes, on disk beyond.

    Attributes:
        length: bytes written so far.
    """

    def __init__(self) -> None:
        self.length = 0
        # Not a context manager: it lives as long as the request, or as whoever takes it.
        self._file: BinaryIO | None = cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115

    def write(self, piece: bytes) -> None:
        """Append `piece`."""
        file = self._open()
        file.seek(self.length)
        self.length += file.write(piece)

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """`length` bytes from `start`, or all from there on."""
        file = self._open()
        end = self.length if length is None else start + length
        while start < end:
            file.seek(start)
            piece = file.read(min(PIECE, end - start))
            start += len(piece)
            yield piece

    def whole(self) -> bytes:
        """All bytes at once; for bodies that are small by their nature."""
        return b"".join(self.pieces())

    def take(self) -> BinaryIO:
        """The file itself, flushed; whoever takes it closes it."""
        file, self._file = self._open(), None
        file.flush()
        return file

    def close(self) -> None:
        """Drop the file, unless somebody took it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("this body was taken or closed")
        return self._file


def fill(body: Spool, source: BinaryIO, headers: Mapping[str, str]) -> None:
    """Read one request's body, with a length or in chunks, from its connection.

    Args:
        body: where to; closed if this fails.
        source: the connection, behind the headers.
        headers: the request's, names in lower case.

    Raises:
        MalformedBody: the framing is not understood.
        ConnectionAbortedError: the client went away before the end.
    """
    try:
        for piece in _pieces(source, headers):
            body.write(piece)
    except BaseException:
        body.close()
        raise


def _pieces(source: BinaryIO, headers: Mapping[str, str]) -> Iterator[bytes]:
    length = headers.get("content-length")
    coding = headers.get("transfer-encoding")
    if coding is None and _LENGTH.fullmatch(length or "0"):
        return _exactly(source, int(length or "0"))
    if coding is not None and coding.lower() == "chunked" and length is None:
        return _chunks(source)
    raise MalformedBody


def _exactly(source: BinaryIO, left: int) -> Iterator[bytes]:
    while left:
        piece = source.read(min(left, PIECE))
        if not piece:
            raise ConnectionAbortedError("the body ended early")
        left -= len(piece)
        yield piece


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while size := _chunk_size(_line(source)):
        yield from _exactly(source, size)
        if _line(source) != b"\r\n":
            raise MalformedBody
    # What follows are trailers, which nothing here is interested in.
    while _line(source) != b"\r\n":
        pass


def _chunk_size(line: bytes) -> int:
    match = _CHUNK.fullmatch(line)
    if match is None:
        raise MalformedBody
    return int(match[1], 16)


def _line(source: BinaryIO) -> bytes:
    line = source.readline(_LONGEST_LINE)
    if not line:
        raise ConnectionAbortedError("the body ended early")
    if not line.endswith(b"\n"):
        raise MalformedBody
    return line
