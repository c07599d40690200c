"""Where a body ends: by its length, by its last chunk, or with the connection.

`http.client` is lenient here (a chunk size may be negative, an end in mid-body passes for the end), and what is
archived must be the bytes at the source. So these functions read the body; each yields pieces of `size` bytes, of
which the last may be shorter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from receipts.fetching.errors import BodyCutShort, FetchFailed

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Mapping

_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
_MAX_LINE = 1024
# Answers that have no body whatever their headers say.
_BODILESS = (204, 304)
_FIRST_FINAL_STATUS = 200


def announced_length(status: int, headers: Mapping[str, str], host: str) -> int | None:
    """The body's length in bytes as the headers tell it; None when only its end will tell.

    Raises:
        FetchFailed: the headers contradict each other or cannot be understood.
    """
    if status < _FIRST_FINAL_STATUS or status in _BODILESS:
        return 0
    length, coding = headers.get("content-length"), headers.get("transfer-encoding")
    if coding is not None and (length is not None or coding.strip().lower() != "chunked"):
        raise FetchFailed(host, "the answer's headers do not say where its body ends")
    if length is None:
        return None
    # Two headers stand here as "5, 5", which does not fit either.
    if not _LENGTH.fullmatch(length.strip()):
        raise FetchFailed(host, "the answer's Content-Length is no number")
    return int(length)


def sized(reader: io.BufferedReader, length: int, size: int, host: str) -> Iterator[bytes]:
    """Exactly `length` bytes; whatever comes after them is left unread."""
    left = length
    while left:
        wanted = min(size, left)
        piece = reader.read(wanted)
        if len(piece) < wanted:
            raise BodyCutShort(host, f"the body ended {left - len(piece)} bytes before its announced end")
        left -= wanted
        yield piece


def chunked(reader: io.BufferedReader, size: int, host: str) -> Iterator[bytes]:
    """The chunks' contents, regrouped: a peer that sends many small ones costs no more than one that does not."""
    # Read into one buffer: small chunks leave no small objects behind.
    held = bytearray(size)
    view, filled = memoryview(held), 0
    while True:
        left = _chunk_size(reader, host)
        if not left:
            # The last chunk. Trailers may follow: nobody asks for them, and the connection is closed anyway.
            break
        while left:
            got = reader.readinto(view[filled : filled + left])
            if not got:
                raise BodyCutShort(host, "the body ended within a chunk")
            left, filled = left - got, filled + got
            if filled == size:
                yield bytes(held)
                filled = 0
        if reader.read(2) != b"\r\n":
            raise BodyCutShort(host, "a chunk of the body does not end where it should")
    if filled:
        yield bytes(view[:filled])


def until_closed(reader: io.BufferedReader, size: int) -> Iterator[bytes]:
    """Everything up to the end of the connection: that it is the whole, nobody can tell."""
    while piece := reader.read(size):
        yield piece


def _chunk_size(reader: io.BufferedReader, host: str) -> int:
    line = _CHUNK_SIZE.fullmatch(reader.readline(_MAX_LINE))
    if line is None:
        raise BodyCutShort(host, "the body's chunks are broken or end too early")
    return int(line[1], 16)
