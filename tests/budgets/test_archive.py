"""B5 by counts: the calls that one recording costs, and the bytes that are held of it."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from receipts.fetching.download import Download
from receipts.recordings import attempt, copying
from receipts.recordings.bucket import RecordingBucket
from tests.recordings import support

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.domain.recording import Recording
    from receipts.recordings.bucket import Part, Stored
    from tests.recordings.support import World

MB = 1 << 20
SMALL, LARGE = 1 * MB, 64 * MB
# A part and the piece that is being read, with room for the services, which run in this process too.
MOST_HELD, MOST_GROWTH = 12 * MB, 3 * MB


@pytest.fixture
def world() -> Iterator[World]:
    """A vendor, a store, a queue and a bucket, with nothing in them."""
    with support.world() as running:
        yield running


def check_calls(world: World) -> None:
    """Fails when a recording costs more calls than it may."""
    parts = LARGE // (4 * MB)
    uploads = {
        SMALL: {"PutObject": 1},
        LARGE: {"InitiateMultipartUpload": 1, "UploadPart": parts, "CompleteMultipartUpload": 1},
    }
    for size, expected in uploads.items():
        recording_id = world.announce(f"calls-{size}", size)
        (message,) = world.received()
        world.delete(message)
        services = [world.oss.faults, world.pls.faults, world.store.server.faults, world.mns.faults]
        for faults in services:
            faults.calls.clear()
        outcome = world.archive(recording_id)
        assert outcome.recording is not None
        assert outcome.recording.state == "archived"
        asked = [dict(faults.calls) for faults in services]
        links = {"QueryRecordFileDownloadUrl": 1}
        store = {"BatchGetRow": 2, "BatchWriteRow": 2}
        assert asked == [expected, links, store, {}], "one take, one link, one upload, one outcome, no message"
        assert world.files.requests[f"calls-{size}.mp3"] == 1


def check_memory(world: World) -> None:
    """Fails when a large recording takes more memory than it may, or more than a small one."""
    peaks = []
    for size in (SMALL, LARGE):
        recording_id = world.announce(f"memory-{size}", size)
        tracemalloc.start()
        try:
            world.archive(recording_id)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
        assert world.recordings()[recording_id]["bytes"] == size
    assert max(peaks) <= MOST_HELD
    assert peaks[1] - peaks[0] <= MOST_GROWTH


def test_b5_a_recording_costs_as_few_calls_as_it_can(world: World) -> None:
    """The row is taken and written back, one link asked for, one file read once and sent once; nothing is listed."""
    check_calls(world)


def test_b5_guard_notices_small_parts(world: World) -> None:
    """The guard fails for smaller parts."""
    with mock.patch.object(copying, "PART_BYTES", MB), pytest.raises(AssertionError):
        check_calls(world)


def test_b5_guard_notices_a_look_into_the_bucket(world: World) -> None:
    """The guard fails when the bucket is asked first whether there is a copy."""
    real = attempt._copied

    def looking(recording: Recording, where: str, means: attempt.Means) -> Stored:
        means.bucket.find(where)
        return real(recording, where, means)

    with mock.patch.object(attempt, "_copied", looking), pytest.raises(AssertionError):
        check_calls(world)


def test_b5_memory_does_not_grow_with_the_recording(world: World) -> None:
    """Of 64 MB no more is held at once than of 1 MB: a part."""
    check_memory(world)


def test_b5_guard_notices_parts_that_are_kept(world: World) -> None:
    """The guard fails when a part is still held after it was sent."""
    real = RecordingBucket.put_part
    kept = []

    def keeping(bucket: RecordingBucket, key: str, upload_id: str, number: int, body: memoryview) -> Part:
        kept.append(bytes(body))
        return real(bucket, key, upload_id, number, body)

    with mock.patch.object(RecordingBucket, "put_part", keeping), pytest.raises(AssertionError):
        check_memory(world)


def test_b5_guard_notices_a_body_that_is_read_whole(world: World) -> None:
    """The guard fails when everything is read before any of it is sent."""
    real = Download.chunks

    def whole(download: Download) -> Iterator[bytes]:
        yield b"".join(real(download))

    with mock.patch.object(Download, "chunks", whole), pytest.raises(AssertionError):
        check_memory(world)
