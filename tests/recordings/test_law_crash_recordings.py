"""Law 5, Crash: whatever call a function dies at, after redelivery every recording is in the bucket, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from local.golden.shapes import cloud_event
from local.host.host import Host
from local.stack import LAYER
from receipts.errors import BucketUnavailable
from receipts.intake.pipeline import Stores, take_in
from receipts.recordings import jobs
from receipts.recordings.archive import Outcome, archive
from receipts.recordings.sweeping import PAUSE_MS, sweep
from template.reading import TEMPLATE, read_functions
from tests.recordings.mortal import Killed, Life, mortal_jobs, mortal_rows, mortal_sweep_tools, mortal_tools
from tests.recordings.support import BUCKET, DAY, LEASE_SECONDS, POOL, made
from tests.store.support import KEY, RULES, Clock

if TYPE_CHECKING:
    from pathlib import Path

    from tests.recordings.support import World

SMALL, LARGE = 20_000, 4_300_000
# After these calls, if they were carried out, the copy is whole.
UPLOADED = ("put_object", "complete_multipart_upload")
# What tells one run from another: when, how often, and under which id.
OF_THE_RUN = ("shard", "recording_id", "call_id", "object_key", "source", "archived_at", "attempts", "revision")
TIMES = ("called_at", "announced_at", "deadline_at", "queued_at")


def outcome_of(row: dict[str, Any]) -> dict[str, Any]:
    """What must be the same whether somebody died or not."""
    return {name: value for name, value in row.items() if name not in (*OF_THE_RUN, *TIMES)}


def same_file(world: World, call_id: str, body: Any) -> str:
    """Announce a recording whose file is `body`."""
    recording_id = world.announce(call_id, 1)
    world.files.put(f"{call_id}.mp3", body)
    return recording_id


def delivered_twice(world: World, life: Life) -> Outcome:
    """Receive the one job there is, die at it, and do it again at once, as the platform has it done."""
    (message,) = world.received()
    recording_id = jobs.recording_id(message.body)
    with pytest.raises(Killed):
        archive(recording_id, mortal_tools(world, life))
    outcome = world.archive(recording_id)
    world.delete(message)
    return outcome


def forget(world: World) -> None:
    """Empty the bucket, unfinished uploads too: all runs together would take a hundred megabytes of disk."""
    for key in world.objects():
        world.bucket.remove(key)
    for upload in world.bucket._bucket.list_multipart_uploads().upload_list:
        world.bucket.abort(upload.key, upload.upload_id)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["one part", "several parts"])
def test_law_crash_of_archive_at_every_call(world: World, size: int) -> None:
    """The next delivery archives what was uploaded, without a second download; else the lease ends and it is done."""
    recording_id = world.announce("reference", size)
    body = world.files.body("reference.mp3")
    (message,) = world.received()
    life = Life()
    archive(recording_id, mortal_tools(world, life))
    world.delete(message)
    reference = outcome_of(world.recordings()[recording_id])
    assert (reference["state"], reference["bytes"]) == ("archived", size)
    forget(world)

    # What comes before the upload is the same for both.
    begin = 0 if size == SMALL else life.calls.index("init_multipart_upload")
    runs = [(at, carried_out) for at in range(begin, len(life.calls)) for carried_out in (False, True)]
    for at, carried_out in runs:
        name = f"c{at}{carried_out}"
        recording_id = same_file(world, name, body)
        second = delivered_twice(world, Life(at, carried_out=carried_out)).recording
        uploaded = any(call in UPLOADED for call in life.calls[: at + carried_out])
        assert second is not None
        if uploaded:
            assert second.state == "archived"
        world.clock.push(LEASE_SECONDS)
        world.work()
        row = world.recordings()[recording_id]
        assert outcome_of(row) == reference, f"{life.calls[at]}, carried out: {carried_out}"
        assert world.objects() == [row["object_key"]]
        assert world.oss.object(BUCKET, row["object_key"]) == b"".join(body.blocks())
        downloads = world.files.requests[f"{name}.mp3"]
        assert downloads == 1 if uploaded else downloads <= 2
        assert world.received() == []
        forget(world)


def test_law_crash_of_archive_within_minutes_of_the_deadline(world: World) -> None:
    """A copy whose maker died is found even when it is asked for after the deadline; nothing found is `expired`."""
    recording_ids = [world.announce(call_id) for call_id in ("copied", "not-copied")]
    ages = [2 * 60, 2 * 60]
    world.clock.push(30 * DAY - ages[0])
    for recording_id, carried_out in zip(recording_ids, (True, False), strict=True):
        with pytest.raises(Killed):
            archive(recording_id, mortal_tools(world, Life(4, carried_out=carried_out)))
    for message in world.received():
        world.delete(message)
    world.clock.push(LEASE_SECONDS + 600)
    ((queued, ended, _),) = world.sweep()
    assert (sorted(queued), ended) == (sorted(recording_ids), [])

    world.oss.faults.plan(Fault(status=503, code="ServiceUnavailable"), on="ListObjectsV2", times=None)
    with pytest.raises(BucketUnavailable):
        world.archive(recording_ids[0])
    world.oss.faults.clear()
    world.work()
    rows = world.recordings()
    assert [rows[recording_id]["state"] for recording_id in recording_ids] == ["archived", "expired"]
    assert world.objects() == [rows[recording_ids[0]]["object_key"]]


def test_law_crash_of_ingest_at_every_call(world: World) -> None:
    """Announced twice over by a batch whose first reader died: each recording is there once, downloaded once."""

    def batch(name: str) -> list[Any]:
        at = world.clock.milliseconds()
        for call_id in (f"{name}x", f"{name}y"):
            world.files.put(f"{call_id}.mp3", SMALL)
            world.pls.recordings.add(call_id, at, POOL, f"{call_id}.mp3")
        return [made(f"{name}x", at), made(f"{name}y", at)]

    def taken_in(pushes: list[Any], life: Life) -> None:
        stores = Stores(mortal_rows(world, life), mortal_jobs(world, life), RULES)
        take_in(pushes, [], stores, Clock().patience())

    life = Life()
    taken_in(batch("reference"), life)
    world.work()
    assert life.calls[-1] == "send"
    runs = [(at, carried_out) for at in range(len(life.calls)) for carried_out in (False, True)]
    for at, carried_out in runs:
        pushes = batch(f"c{at}{carried_out}")
        with pytest.raises(Killed):
            taken_in(pushes, Life(at, carried_out=carried_out))
        world.take_in(pushes)
        world.work()
    rows = world.recordings()
    assert len(rows) == 2 * (len(runs) + 1) == len(world.objects())
    assert {(row["state"], row["attempts"]) for row in rows.values()} == {("archived", 1)}
    assert set(world.files.requests.values()) == {1}


def test_law_crash_of_the_sweep_at_every_call(world: World) -> None:
    """Nothing is lost between the mark and the message: a later sweep queues it again, and ends what is over."""

    def lost(name: str) -> list[str]:
        """Recordings without a job: two that are over, and one that is due."""
        over = [world.announce(f"{name}-{number}") for number in range(2)]
        world.clock.push(30 * DAY - 3 * 3600)
        due = world.announce(f"{name}-due")
        for message in world.received():
            world.delete(message)
        world.clock.push(3 * 3600)
        return [*over, due]

    lost("reference")
    life = Life()
    list(sweep(mortal_sweep_tools(world, life)))
    assert life.calls[-3:] == ["batch_write_row", "send", "get_range"]
    for at in range(len(life.calls)):
        for carried_out in (False, True):
            recording_ids = lost(f"c{at}{carried_out}")
            with pytest.raises(Killed):
                list(sweep(mortal_sweep_tools(world, Life(at, carried_out=carried_out))))
            world.clock.push(PAUSE_MS / 1000 + 60)
            world.sweep()
            world.work()
            rows = world.recordings()
            states = [rows[recording_id]["state"] for recording_id in recording_ids]
            assert states == ["expired", "expired", "archived"], f"call {at}, carried out: {carried_out}"
            assert world.files.requests[f"c{at}{carried_out}-due.mp3"] == 1


def test_law_crash_of_the_real_process(world: World, tmp_path: Path) -> None:
    """SIGKILL right after the bucket has the copy: the next process archives it without a download."""
    recording_id = world.announce("killed")
    (message,) = world.received()
    event = json.dumps([cloud_event(message.body, 1)]).encode()
    functions = [
        one for one in read_functions(TEMPLATE, world.environment(ALIYUN_PUSH_TOKENS="t")) if one.name == "archive"
    ]
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": KEY.key_id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY.secret}
    with Host(functions, layer_paths=[LAYER], environment=keys, log_dir=tmp_path) as host:

        def kill() -> None:
            host.kill("archive")

        world.oss.faults.plan(Fault(after=kill), on="PutObject")
        killed = host.invoke("archive", event)
        assert b"signal 9" in killed.payload
        assert world.recordings()[recording_id]["state"] == "pending"
        assert json.loads(host.invoke("archive", event).payload) == {"archived": 1}
    row = world.recordings()[recording_id]
    assert (row["state"], row["attempts"], world.files.requests["killed.mp3"]) == ("archived", 1, 1)
    assert world.objects() == [row["object_key"]]
