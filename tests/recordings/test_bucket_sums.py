"""What becomes of an object that was damaged on the way to the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import oss2

from receipts.recordings.bucket import SENT_HEADER
from receipts.recordings.sums import crc64
from tests.recordings.support import BUCKET, REGION

if TYPE_CHECKING:
    import pytest

    from tests.recordings.support import World

SENT, KEPT = b"ID3 what was sent", b"ID3 what was kept"


def put_damaged(world: World, key: str) -> None:
    """Leave behind what somebody leaves who dies before he can compare."""
    keys = world.store.keys
    auth = oss2.ProviderAuthV4(oss2.credentials.StaticCredentialsProvider(keys.key_id, keys.secret))
    bucket = oss2.Bucket(auth, world.oss.endpoint, BUCKET, region=REGION)
    bucket.put_object(key, KEPT, headers={SENT_HEADER: str(crc64(SENT))})
    bucket.session.session.close()


def test_a_copy_is_found_only_if_it_is_what_was_sent(world: World) -> None:
    """A damaged object is no copy, and goes; a whole one is found with its sum."""
    put_damaged(world, "recordings/damaged.mp3")
    assert world.bucket.find("recordings/damaged") is None
    assert world.objects() == []
    kept = world.bucket.put("recordings/whole.mp3", memoryview(SENT), "audio/mpeg", crc64(SENT))
    found = world.bucket.find("recordings/whole")
    assert found is not None
    assert found.crc64 == kept == crc64(SENT)


def test_the_bucket_is_asked_without_a_detour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment is not used: the object does not pass through other hands."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    world.bucket.put("recordings/one.mp3", memoryview(SENT), "audio/mpeg", crc64(SENT))
    assert world.objects() == ["recordings/one.mp3"]
