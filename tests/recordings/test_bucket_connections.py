"""How the bucket's connection is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.errors import BucketUnavailable
from receipts.recordings.bucket import Exists
from receipts.recordings.sums import crc64

if TYPE_CHECKING:
    from tests.recordings.support import World

BODY = memoryview(b"ID3 a small recording")
LARGE, SMALL = "recordings/large.mp3", "recordings/small.mp3"


def test_every_call_uses_the_same_connection(world: World) -> None:
    """An instance that archives for days opens one connection, and leaves none to the collector."""
    before = world.oss.connections
    for number in range(2):
        world.bucket.put(f"recordings/{number}.mp3", BODY, "audio/mpeg", crc64(BODY))
        upload = world.bucket.begin(LARGE, "audio/mpeg")
        world.bucket.complete(LARGE, upload, [world.bucket.put_part(LARGE, upload, 1, BODY)])
        world.bucket.abort(SMALL, world.bucket.begin(SMALL, "audio/mpeg"))
        with pytest.raises(Exists):
            world.bucket.put(LARGE, BODY, "audio/mpeg", crc64(BODY))
        assert world.bucket.find("recordings/large") is not None
        assert world.bucket.head("recordings/none.mp3") is None
        world.bucket.remove(LARGE)
    assert world.oss.connections == before + 1


def test_an_answer_that_breaks_off_is_tried_again(world: World) -> None:
    """The SDK passes on what its HTTP library raises: to the archive it is a bucket that did not answer."""
    world.oss.faults.plan(Fault(cut=True), on="ListObjectsV2")
    with pytest.raises(BucketUnavailable):
        world.bucket.find("recordings/large")
