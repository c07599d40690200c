"""Bytes on their way from a download into the bucket: in parts, compared at every end, and nothing left half done."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oss2.utils import Crc64

from local.cloud.faults import Fault
from local.cloud.files.audio import mp3
from receipts.errors import BucketMisconfigured, BucketUnavailable
from receipts.fetching.errors import BodyCutShort
from receipts.recordings import copying
from receipts.recordings.bucket import CRC_HEADER, Exists, Part, RecordingBucket, Stored
from receipts.recordings.copying import PART_BYTES, copied
from receipts.recordings.problem import NoRecording
from tests.recordings.support import BUCKET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.recordings.support import World

STEM = "recordings/aliyun/2026/11/20/x"
KEY = f"{STEM}.mp3"
LARGE = PART_BYTES + 1000
BODY = mp3(2 * PART_BYTES + 1, 1).read()


class Source:
    """A download whose body comes in these pieces, and then perhaps breaks off."""

    def __init__(
        self, *pieces: bytes, status: int = 200, headers: dict[str, str] | None = None, cut: bool = False
    ) -> None:
        self.host, self.status, self.headers = "files.example.com", status, headers or {}
        self.length: int | None = sum(map(len, pieces))
        self._pieces, self._cut = pieces, cut

    def chunks(self) -> Iterator[bytes]:
        """The pieces."""
        yield from self._pieces
        if self._cut:
            raise BodyCutShort(self.host, "the body ended too early")


def copy(source: Source, bucket: RecordingBucket) -> Stored:
    """As the product does it."""
    download: Any = source
    return copied(download, bucket, STEM)


def sum_of(body: bytes) -> int:
    """The SDK's own word for the sum."""
    crc = Crc64()
    crc(body)
    return int(crc.crc)


@pytest.mark.parametrize(
    "size",
    [400, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, 2 * PART_BYTES + 1],
    ids=str,
)
def test_law_archive_sizes_around_a_part(world: World, size: int) -> None:
    """One call up to one part, an upload above it; the bytes, their sum, type and protection are as they should be."""
    body = BODY[:size]
    stored = copy(Source(*(body[at : at + 256 * 1024] for at in range(0, size, 256 * 1024))), world.bucket)
    assert stored == Stored(KEY, size, sum_of(body), "audio/mpeg")
    assert world.oss.object(BUCKET, KEY) == body
    calls = world.oss.faults.calls
    parts = -(-size // PART_BYTES)
    assert (calls["PutObject"], calls["UploadPart"]) == ((1, 0) if parts == 1 else (0, parts))
    head = world.oss.headers(BUCKET, KEY)
    assert head["content-type"] == "audio/mpeg"
    assert head["x-oss-server-side-encryption"] == "AES256"
    assert world.oss._uploads.all(BUCKET) == []


class Kept:
    """A bucket that keeps what it is given, and counts the bytes that it is given at once."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def put(self, key: str, body: memoryview, content_type: str, crc64: int) -> int:
        """See `RecordingBucket`."""
        assert crc64 == sum_of(bytes(body))
        self.bodies.append(bytes(body))
        return sum_of(bytes(body))

    def begin(self, key: str, content_type: str) -> str:
        """See `RecordingBucket`."""
        return "upload"

    def put_part(self, key: str, upload_id: str, number: int, body: memoryview) -> Part:
        """See `RecordingBucket`."""
        assert number == len(self.bodies) + 1
        self.bodies.append(bytes(body))
        return Part(number, "etag", len(body), sum_of(bytes(body)))

    def complete(self, key: str, upload_id: str, parts: list[Part]) -> int:
        """See `RecordingBucket`."""
        return sum_of(b"".join(self.bodies))


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.integers(1, 399), max_size=12), part=st.integers(50, 200))
def test_law_archive_however_the_body_comes(cuts: list[int], part: int) -> None:
    """Any pieces make the same parts: full ones, and a last one that is not empty."""
    body = BODY[:400]
    at = sorted({0, *cuts, len(body)})
    kept = Kept()
    bucket: Any = kept
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copying, "PART_BYTES", part)
        stored = copy(Source(*(body[a:b] for a, b in pairwise(at))), bucket)
    assert [len(one) for one in kept.bodies[:-1]] == [part] * (len(kept.bodies) - 1)
    assert 0 < len(kept.bodies[-1]) <= part
    assert b"".join(kept.bodies) == body
    assert stored == Stored(KEY, 400, sum_of(body), "audio/mpeg")


BAD = [
    (Source(), "it is empty"),
    (Source(b"<?xml version='1.0'?><Error/>"), "it is an XML document"),
    (Source(b"\xef\xbb\xbf \r\n<!DOCTYPE HTML>"), "it is an HTML page"),
    (Source(b"\n" * 40 + b"<HTML>"), "it is an HTML page"),
    (Source(b'{"Code":"AccessDenied"}'), "it is a JSON document"),
    (Source(b"%PDF-1.7"), "it is no audio file of a known kind"),
    (Source(b"\xff"), "it is no audio file of a known kind"),
    (Source(BODY[:400], status=403), "files.example.com answered 403"),
    (Source(BODY[:400], status=206), "files.example.com answered 206"),
    (Source(BODY[:400], headers={CRC_HEADER: "1"}), "files.example.com sent other bytes than it keeps"),
    (Source(BODY[:LARGE], headers={CRC_HEADER: "1"}), "files.example.com sent other bytes than it keeps"),
]


@pytest.mark.parametrize(("source", "told"), BAD, ids=[told for _, told in BAD])
def test_law_archive_what_is_no_recording_leaves_nothing(world: World, source: Source, told: str) -> None:
    """No object, no upload; and a word for what it was."""
    with pytest.raises(NoRecording) as caught:
        copy(source, world.bucket)
    assert caught.value.problem.told == told
    assert (world.objects(), world.oss._uploads.all(BUCKET)) == ([], [])


@pytest.mark.parametrize("size", [400, PART_BYTES, LARGE], ids=["small", "a part", "large"])
def test_law_archive_a_body_cut_short_leaves_nothing(world: World, size: int) -> None:
    """Whenever it breaks off."""
    with pytest.raises(BodyCutShort):
        copy(Source(BODY[:size], cut=True), world.bucket)
    assert (world.objects(), world.oss._uploads.all(BUCKET)) == ([], [])


def test_a_body_whose_end_nobody_can_tell(world: World) -> None:
    """Neither a length nor chunks: it may be cut short, and is not even read; chunks have an end of their own."""
    for headers in ({}, {"transfer-encoding": "chunked"}):
        source = Source(BODY[:400], headers=headers)
        source.length = None
        if headers:
            assert copy(source, world.bucket).size == 400
            continue
        with pytest.raises(NoRecording, match="does not say how long the file is"):
            copy(source, world.bucket)


@pytest.mark.parametrize("size", [400, LARGE], ids=["one part", "several parts"])
def test_the_sources_own_sum_is_compared(world: World, size: int) -> None:
    """OSS sends it with every file it keeps: equal, it is archived; what is no number is no sum."""
    body = BODY[:size]
    assert copy(Source(body, headers={CRC_HEADER: str(sum_of(body))}), world.bucket).size == size
    world.bucket.remove(KEY)
    assert copy(Source(body, headers={CRC_HEADER: "none"}), world.bucket).size == size


class Damaging(RecordingBucket):
    """A bucket on a way that damages what is sent: the service answers with the sum of what it got."""

    def __init__(self, world: World) -> None:
        self.__dict__.update(world.bucket.__dict__)

    def put(self, key: str, body: memoryview, content_type: str, crc64: int) -> int:
        """With one bit turned."""
        return super().put(key, memoryview(self._damaged(body)), content_type, crc64)

    def put_part(self, key: str, upload_id: str, number: int, body: memoryview) -> Part:
        """With one bit of the second turned."""
        return super().put_part(key, upload_id, number, memoryview(self._damaged(body)) if number == 2 else body)

    def _damaged(self, body: memoryview) -> bytes:
        sent = bytearray(body)
        sent[-1] ^= 1
        return bytes(sent)


@pytest.mark.parametrize("size", [400, LARGE], ids=["one part", "several parts"])
def test_law_archive_what_was_damaged_on_the_way_goes_again(world: World, size: int) -> None:
    """The service's sum is not the source's: the object is removed, the upload dropped, and it is tried again."""
    with pytest.raises(NoRecording, match="the bucket keeps other bytes than were sent"):
        copy(Source(BODY[:size]), Damaging(world))
    assert (world.objects(), world.oss._uploads.all(BUCKET)) == ([], [])
    assert copy(Source(BODY[:size]), world.bucket).crc64 == sum_of(BODY[:size])


@pytest.mark.parametrize("size", [400, LARGE], ids=["one part", "several parts"])
def test_law_archive_nothing_is_overwritten(world: World, size: int) -> None:
    """An object of the key is a copy that somebody finished: it is taken as it is, and no upload is left."""
    first = copy(Source(BODY[:size]), world.bucket)
    other = bytearray(BODY[:size])
    other[-1] ^= 1
    assert copy(Source(bytes(other)), world.bucket) == first
    assert world.oss.object(BUCKET, KEY) == BODY[:size]
    assert world.oss._uploads.all(BUCKET) == []


def test_an_object_that_came_and_went(world: World) -> None:
    """There was one, and it is not there any more: tried again."""
    world.oss.faults.plan(Fault(status=409, code="FileAlreadyExists"), on="PutObject")
    with pytest.raises(NoRecording, match="came and went"):
        copy(Source(BODY[:400]), world.bucket)
    assert copy(Source(BODY[:400]), world.bucket).size == 400


OPERATIONS = ["PutObject", "InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload"]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (Fault(status=503, code="ServiceUnavailable"), BucketUnavailable),
        (Fault(status=429, code="TooManyRequests"), BucketUnavailable),
        (Fault(status=403, code="QpsLimitExceeded"), BucketUnavailable),
        (Fault(close_before=True), BucketUnavailable),
        (Fault(close_after=True), BucketUnavailable),
        (Fault(status=403, code="AccessDenied"), BucketMisconfigured),
        (Fault(status=404, code="NoSuchBucket"), BucketMisconfigured),
    ],
    ids=lambda value: getattr(value, "code", getattr(value, "__name__", "")) if isinstance(value, Fault) else "",
)
def test_a_bucket_in_trouble(world: World, operation: str, fault: Fault, raised: type[Exception]) -> None:
    """Passing or not, by the service's code; no object that is not whole, and the next attempt ends well."""
    body = BODY[: 400 if operation == "PutObject" else LARGE]
    world.oss.faults.plan(fault, on=operation)
    with pytest.raises(raised) as caught:
        copy(Source(body), world.bucket)
    assert STEM not in str(caught.value)
    assert caught.value.__cause__ is None
    stored = world.bucket.find(STEM) or copy(Source(body), world.bucket)
    assert (stored.size, stored.crc64) == (len(body), sum_of(body))
    assert world.oss.object(BUCKET, KEY) == body


def test_an_upload_that_cannot_even_be_dropped(world: World) -> None:
    """The first trouble is the one that is told; a rule of the bucket sees to the rest."""
    world.oss.faults.plan(Fault(status=503, code="ServiceUnavailable"), on="UploadPart")
    world.oss.faults.plan(Fault(status=403, code="AccessDenied"), on="AbortMultipartUpload")
    with pytest.raises(BucketUnavailable):
        copy(Source(BODY[:LARGE]), world.bucket)
    assert len(world.oss._uploads.all(BUCKET)) == 1


def test_law_archive_a_damaged_object_is_never_taken_for_a_copy(world: World) -> None:
    """Whoever sent it died before he could remove it: whoever finds it does, and it is copied anew."""
    body = BODY[:400]
    Damaging(world).put(KEY, memoryview(body), "audio/mpeg", sum_of(body))
    assert world.objects() == [KEY]
    assert world.bucket.find(STEM) is None
    assert world.objects() == []
    Damaging(world).put(KEY, memoryview(body), "audio/mpeg", sum_of(body))
    with pytest.raises(NoRecording, match="came and went"):
        copy(Source(body), world.bucket)
    assert copy(Source(body), world.bucket).crc64 == sum_of(body)


def test_what_is_in_the_bucket_is_found_by_its_stem(world: World) -> None:
    """With whatever extension; no other recording's object, and not what only begins alike."""

    def put(key: str, body: bytes) -> None:
        world.bucket.put(key, memoryview(body), "audio/amr", sum_of(body))

    assert world.bucket.find(STEM) is None
    assert world.bucket.head(KEY) is None
    put(f"{STEM}y.mp3", b"1")
    assert world.bucket.find(STEM) is None
    put(f"{STEM}.amr", b"#!AMR\n")
    assert world.bucket.find(STEM) == Stored(f"{STEM}.amr", 6, sum_of(b"#!AMR\n"), "audio/amr")
    with pytest.raises(Exists):
        put(f"{STEM}.amr", b"2")
