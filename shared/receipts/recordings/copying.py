"""Copies a download into the bucket: streamed, compared end to end, never more than one part in memory.

An object comes into being only when everything is known to be right: a small one is held whole first, a large one's
parts become an object at the very end. So an object that is found later is a copy that was finished.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import reduce
from typing import TYPE_CHECKING

from receipts.errors import ReceiptsError
from receipts.recordings.audio import SIGNATURE_BYTES, Audio, audio_of
from receipts.recordings.bucket import CRC_HEADER, Exists, Stored
from receipts.recordings.problem import NoRecording, Problem
from receipts.recordings.sums import crc64, joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.fetching.download import Download
    from receipts.recordings.bucket import Part, RecordingBucket

# Held in memory at once; OSS takes ten thousand parts, which is 39 GB.
PART_BYTES = 4 * 1024 * 1024
OK = 200
NOT_THERE = (404, 410)
# As much of the body as tells what it is instead of audio, behind a mark and white space.
HEAD_BYTES = 1024
NOT_AUDIO = {b"<?xml": "an XML document", b"<!doc": "an HTML page", b"<html": "an HTML page", b"{": "a JSON document"}


def copied(download: Download, bucket: RecordingBucket, stem: str) -> Stored:
    """Put the body into the bucket under `stem` and the extension of what it is.

    Args:
        download: an answer whose body has not been read yet.
        bucket: where to.
        stem: the key without its extension.

    Raises:
        NoRecording: the answer is no recording.
        FetchError: the body did not come whole.
        BucketUnavailable, BucketMisconfigured: the bucket did not take it.
    """
    if download.status != OK:
        raise NoRecording(_refusal(download))
    if download.length is None and "transfer-encoding" not in download.headers:
        # Its end would be the end of the connection: nobody could tell that from one cut short.
        raise NoRecording(Problem(f"{download.host} does not say how long the file is"))
    source = _Source(download)
    first = source.part()
    audio = _audio(first)
    key = f"{stem}.{audio.extension}"
    try:
        put = _put if source.ended else _put_in_parts
        return put(bucket, key, audio, first, source)
    except Exists:
        found = bucket.head(key)
        if found is None:
            raise NoRecording(Problem("an object of its key came and went")) from None
        return found


def _refusal(download: Download) -> Problem:
    """What the vendor's host says in place of the file; that there is none is an answer to be kept."""
    code = f"HTTP {download.status}" if download.status in NOT_THERE else None
    return Problem(f"{download.host} answered {download.status}", vendor_code=code)


class _Source:
    """The body in parts of equal size, each in the place of the one before, and the sum of all that has been read."""

    def __init__(self, download: Download) -> None:
        self._download = download
        self._held = memoryview(bytearray(PART_BYTES))
        self._pieces = download.chunks()
        self.size = self.crc64 = 0
        self._ahead = self._next()

    @property
    def ended(self) -> bool:
        """Whether there is no further part; then size and sum are those of the whole body."""
        return not self._ahead

    def part(self) -> memoryview:
        """The next PART_BYTES, or what is left; good until the next is asked for."""
        filled = 0
        while self._ahead and filled < PART_BYTES:
            taken = self._ahead[: PART_BYTES - filled]
            self._held[filled : filled + len(taken)] = taken
            filled += len(taken)
            self._ahead = self._ahead[len(taken) :] or self._next()
        return self._held[:filled]

    def _next(self) -> bytes:
        piece = next(self._pieces, b"")
        self.crc64 = crc64(piece, self.crc64)
        self.size += len(piece)
        if not piece:
            self._check()
        return piece

    def _check(self) -> None:
        """The source's own sum, which OSS sends with every file it keeps, against that of what came."""
        told = self._download.headers.get(CRC_HEADER, "").strip()
        if told.isdecimal() and int(told) != self.crc64:
            raise NoRecording(Problem(f"{self._download.host} sent other bytes than it keeps"))


def _audio(body: memoryview) -> Audio:
    head = bytes(body[:HEAD_BYTES])
    audio = audio_of(head[:SIGNATURE_BYTES])
    if audio is None:
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        named = next(
            (name for sign, name in NOT_AUDIO.items() if start.startswith(sign)), "no audio file of a known kind"
        )
        raise NoRecording(Problem(f"it is {named if head else 'empty'}"))
    return audio


def _put(bucket: RecordingBucket, key: str, audio: Audio, body: memoryview, source: _Source) -> Stored:
    kept = bucket.put(key, body, audio.content_type, source.crc64)
    if kept != source.crc64:
        # Damaged on the way to the bucket: the one case in which an object has to go again.
        bucket.remove(key)
        raise NoRecording(Problem("the bucket keeps other bytes than were sent"))
    return Stored(key, source.size, kept, audio.content_type)


def _put_in_parts(bucket: RecordingBucket, key: str, audio: Audio, body: memoryview, source: _Source) -> Stored:
    upload_id = bucket.begin(key, audio.content_type)
    with _aborted_on_failure(bucket, key, upload_id):
        parts: list[Part] = []
        while body:
            parts.append(bucket.put_part(key, upload_id, len(parts) + 1, body))
            body = source.part()
        if _sum_of(parts) != source.crc64:
            raise NoRecording(Problem("the bucket keeps other bytes than were sent"))
        kept = bucket.complete(key, upload_id, parts)
    return Stored(key, source.size, kept, audio.content_type)


def _sum_of(parts: list[Part]) -> int:
    return reduce(lambda total, part: joined(total, part.crc64, part.size), parts, 0)


@contextmanager
def _aborted_on_failure(bucket: RecordingBucket, key: str, upload_id: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        # If that fails too, a rule of the bucket drops unfinished uploads after a week.
        with suppress(ReceiptsError):
            bucket.abort(key, upload_id)
        raise
