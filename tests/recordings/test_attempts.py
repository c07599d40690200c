"""The ways to a link within one attempt, and an attempt that a bucket in trouble spoils."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from receipts.aliyun.call_receipts import StartReceipt
from receipts.aliyun.recordings import made, reported
from receipts.domain.recording import Recording
from receipts.recordings.archive import archive
from receipts.recordings.bucket import RecordingBucket
from receipts.recordings.states import swept
from receipts.settings import BucketSettings
from tests.recordings.mortal import Killed, Life, mortal_tools
from tests.recordings.support import BUCKET, POOL, REGION, end_of

if TYPE_CHECKING:
    from tests.recordings.support import World

URL_DELAY = 1200
RING = "aliyun:c:ring"


def row_after(world: World, recording_id: str) -> dict[str, Any]:
    """The row after the jobs that are due within half an hour."""
    world.clock.push(URL_DELAY + 1)
    world.work()
    return world.recordings()[recording_id]


def test_the_receipts_own_link_is_the_second_way(world: World) -> None:
    """The API knows of no ringing recording: the link that the receipt brought leads to it all the same."""
    now = world.clock.milliseconds()
    world.files.put("ring.mp3", 3000)
    link = world.files.url("ring.mp3", 7200)
    world.take_in([end_of("c", now, record_url=None, ring_record_url=link)])
    row = row_after(world, RING)
    assert (row["state"], row["bytes"]) == ("archived", 3000)
    assert world.pls.faults.calls["GetTotalPublicUrl"] == 1


def test_a_fresh_link_comes_first(world: World) -> None:
    """The API's link is used, and the receipt's, which may have run out, is not even tried."""
    now = world.clock.milliseconds()
    world.files.put("fresh.mp3", 3000)
    world.pls.recordings.add("c", now, POOL, "fresh.mp3", ring=True)
    world.take_in([end_of("c", now, record_url=None, ring_record_url=world.files.url("old.mp3"))])
    assert row_after(world, RING)["state"] == "archived"
    assert dict(world.files.requests) == {"fresh.mp3": 1}


def test_what_every_way_came_to_is_told(world: World) -> None:
    """Both problems, in order; the vendor's code, and that somebody has to do something."""
    now = world.clock.milliseconds()
    world.take_in([end_of("c", now, record_url="https://unlisted.example.com/r.mp3?Signature=s")])
    row = row_after(world, "aliyun:c:call")
    assert row["state"] == "failed"
    assert row["last_error"] == (
        "the API answered isv.RECORD_NOT_EXIST; unlisted.example.com: is not on the allow list (RECORDING_HOSTS)"
    )
    assert row["vendor_code"] == "isv.RECORD_NOT_EXIST"


def test_no_way_at_all(world: World) -> None:
    """No API for the vendor, and no link in a receipt: for a person."""
    recording_id = world.announce("c")
    tools = world.tools
    after = archive(recording_id, tools._replace(means=tools.means._replace(links={}))).recording
    assert after is not None
    assert (after.state, after.last_error) == ("failed", "its receipts tell no way to a link")


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault(status=503, code="ServiceUnavailable"), "pending"),
        (Fault(close_before=True), "pending"),
        (Fault(status=403, code="AccessDenied"), "failed"),
    ],
)
@pytest.mark.parametrize("operation", ["PutObject", "ListObjectsV2"])
def test_a_bucket_in_trouble_costs_an_attempt(world: World, operation: str, fault: Fault, state: str) -> None:
    """Put off with the service's code, and archived once it is well."""
    recording_id = world.announce("c")
    if operation == "ListObjectsV2":
        # Only a second attempt looks for what the first may have left.
        world.files.put("c.mp3", b"<html>")
        world.work()
        world.clock.push(31)
        world.files.put("c.mp3", 3000)
    world.oss.faults.plan(fault, on=operation)
    world.work()
    row = world.recordings()[recording_id]
    assert (row["state"], row["last_error"].startswith("OSS ")) == (state, True)
    world.clock.push(3600)
    world.work()
    assert world.recordings()[recording_id]["state"] == "archived"


def test_a_held_recording_waits_while_the_bucket_cannot_be_asked(world: World) -> None:
    """Somebody holds it, and whether there is a copy is not known: asked again when the lease has run out."""
    recording_id = world.announce("c")
    world.delete_all()
    with pytest.raises(Killed):
        archive(recording_id, mortal_tools(world, Life(5)))
    world.oss.faults.plan(Fault(status=403, code="AccessDenied"), on="ListObjectsV2")
    outcome = world.archive(recording_id)
    assert outcome.recording is not None
    assert (outcome.tried, outcome.recording.state) == (False, "pending")
    world.clock.push(400)
    world.work()
    assert world.recordings()[recording_id]["state"] == "archived"
    assert world.files.requests["c.mp3"] == 1


def test_a_bucket_without_encryption_of_its_own(world: World) -> None:
    """`OSS_ENCRYPTION=none`: nothing is asked of the service, and objects are private all the same."""
    recording_id = world.announce("c")
    bucket = RecordingBucket(BucketSettings(world.oss.endpoint, BUCKET, REGION, None), world.store.keys)
    tools = world.tools
    assert archive(recording_id, tools._replace(means=tools.means._replace(bucket=bucket))).tried
    bucket.close()
    assert world.recordings()[recording_id]["state"] == "archived"


def test_a_sweep_does_not_touch_what_is_at_work() -> None:
    """The index is a moment behind: the row itself says that somebody holds it, or that it has ended."""
    row = Recording(
        call_id="aliyun:c", vendor="aliyun", state="pending", source="{}", called_at=0, announced_at=0, deadline_at=9
    )
    step = swept(10**6, 0)
    assert step(row.model_copy(update={"lease_owner": "me", "lease_until": 10**6 + 1})) is None
    assert step(row.model_copy(update={"state": "archived"})) is None
    ended = step(row)
    assert ended is not None
    assert ended.state == "expired"


def test_other_receipts_announce_nothing() -> None:
    """A call's beginning is not its recording."""
    start = StartReceipt.read({"call_id": "c"})
    assert (made(start, 0), reported(start, 0)) == ((), ())
