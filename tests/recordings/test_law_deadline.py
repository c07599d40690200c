"""Law 9, Deadline: every recording ends `archived`, `absent` or `expired`, and is not tried after its time."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from local.cloud.files import HTML_PAGE, Misbehaviour
from local.cloud.pls.recordings import State
from receipts.domain.recording import OPEN
from receipts.recordings.schedule import LAST_CALL_SECONDS, PAUSES_SECONDS, next_attempt
from tests.functions.loading import loaded, logged
from tests.recordings.hands import GONE, Hand
from tests.recordings.support import DAY, POOL, end_of, made

if TYPE_CHECKING:
    from tests.recordings.support import World

HOUR = 60 * 60
URL_DELAY = 1200
HOURS_MS = HOUR * 1000
RECORDING = "aliyun:c:call"


def push_to(world: World, at: int) -> None:
    """Let the queue hand out what is due at that moment: it counts in whole seconds."""
    world.clock.push(max(0, at - world.clock.milliseconds()) / 1000 + 1)


def until_the_end(world: World, recording_id: str) -> list[int]:
    """Work whenever there is something to do; how many seconds before the deadline each attempt was."""
    left: list[int] = []
    while (row := world.recordings()[recording_id])["state"] in OPEN:
        push_to(world, row["next_attempt_at"])
        left += [
            round((row["deadline_at"] - world.clock.milliseconds()) / 1000) for outcome in world.work() if outcome.tried
        ]
        assert len(left) < 200, "it never ends"
    return left


def test_law_deadline_a_file_that_is_never_there(world: World) -> None:
    """Tried by the schedule for two days, once more a quarter of an hour before the end, never after; then expired."""
    world.announce("c", at=world.clock.milliseconds() - 28 * DAY * 1000)
    world.files.misbehave("c.mp3", Misbehaviour(instead=HTML_PAGE))
    left = until_the_end(world, RECORDING)
    assert left[-1] == pytest.approx(LAST_CALL_SECONDS, abs=3)
    pauses = [round(before - after) for before, after in pairwise(left)]
    assert pauses[:5] == pytest.approx(list(PAUSES_SECONDS), abs=3)
    assert pauses[5:-1] == pytest.approx([PAUSES_SECONDS[-1]] * (len(pauses) - 6), abs=3)
    row = world.recordings()[RECORDING]
    assert (row["state"], row["attempts"], row["last_error"]) == ("expired", len(left), "it is an HTML page")
    assert "vendor_code" not in row
    assert "next_attempt_at" not in row
    downloads = world.files.requests["c.mp3"]
    world.sweep()
    world.archive(RECORDING)
    assert (world.files.requests["c.mp3"], world.received()) == (downloads, [])


def test_law_deadline_the_vendors_word_is_the_reason(world: World) -> None:
    """A recording that the vendor's API knows nothing of is tried to the end, and is `absent` then, with its code."""
    world.take_in([made("c", world.clock.milliseconds() - 29 * DAY * 1000)])
    until_the_end(world, RECORDING)
    row = world.recordings()[RECORDING]
    assert (row["state"], row["vendor_code"]) == ("absent", "isv.RECORD_NOT_EXIST")
    assert row["last_error"] == "the API answered isv.RECORD_NOT_EXIST"


def test_law_deadline_no_file_is_the_vendors_word_too(world: World) -> None:
    """A link that leads to nothing until the end: `absent`, with the status in the place of a code."""
    world.announce("c", at=world.clock.milliseconds() - 29 * DAY * 1000)
    world.files.remove("c.mp3")
    until_the_end(world, RECORDING)
    row = world.recordings()[RECORDING]
    assert (row["state"], row["vendor_code"], row["last_error"]) == ("absent", "HTTP 404", "127.0.0.1 answered 404")


def test_law_deadline_a_code_that_means_gone_ends_it_at_once(world: World) -> None:
    """What the operator's setting calls gone for good is not asked for again, unless it is announced anew."""
    world.announce("c")
    world.pls.faults.plan(Fault(status=200, code=GONE))
    (outcome,) = world.work()
    assert outcome.recording is not None
    assert (outcome.recording.state, outcome.recording.vendor_code) == ("absent", GONE)
    assert world.archive(RECORDING).tried is False
    at = world.recordings()[RECORDING]["called_at"]
    world.take_in([made("c", at)])
    assert [outcome.tried for outcome in world.work()] == [False]
    # Another receipt than before: the vendor has changed its mind.
    world.take_in([end_of("c", at)])
    world.clock.push(URL_DELAY)
    assert [outcome.recording.state for outcome in world.work() if outcome.recording] == ["archived"]


def test_law_deadline_one_that_gets_ready_at_last(world: World) -> None:
    """Not ready for a day: a delay each time, and archived soon after it is there."""
    world.announce("c")
    world.pls.recordings.set_state("c", State.NOT_READY)
    for _ in range(6):
        world.work()
        row = world.recordings()[RECORDING]
        assert row["state"] == "pending"
        push_to(world, row["next_attempt_at"])
    world.pls.recordings.set_state("c", State.READY)
    world.work()
    row = world.recordings()[RECORDING]
    assert (row["state"], row["attempts"]) == ("archived", 7)
    assert not {"vendor_code", "last_error", "next_attempt_at"} & set(row)


@pytest.mark.parametrize("attempts", [0, 1, 2, 5, 6, 100])
def test_law_deadline_no_attempt_is_planned_beyond_it(attempts: int) -> None:
    """Whatever the moment: later than now, at the deadline at the latest, and a last call if there is time for one."""
    deadline = 10 * HOURS_MS
    for now in range(0, deadline, 97_000):
        at = next_attempt(attempts, now, deadline)
        assert now < at <= deadline
        last = deadline - LAST_CALL_SECONDS * 1000
        assert at <= last or now >= last
        if at < last:
            assert (at - now) // 1000 in PAUSES_SECONDS


def test_law_deadline_jobs_that_were_lost(world: World) -> None:
    """The queue was emptied: after ten minutes all are queued again, in pages, and not again for half an hour."""
    now = world.clock.milliseconds()
    ids = [f"c{number}" for number in range(210)]
    for start in range(0, len(ids), 70):
        world.take_in([made(call_id, now) for call_id in ids[start : start + 70]])
    world.delete_all()
    # Long before the deadline, and not yet overdue: nothing to do.
    world.clock.push(9 * 60)
    assert world.sweep() == []
    world.clock.push(2 * 60)
    pages = world.sweep()
    assert [len(page.queued) for page in pages] == [200, 10]
    assert len(world.delete_all()) == 210
    world.clock.push(28 * 60)
    assert sum(len(page.queued) for page in world.sweep()) == 0
    world.clock.push(3 * 60)
    assert sum(len(page.queued) for page in world.sweep()) == 210
    assert len(set(world.delete_all())) == 210


def test_law_deadline_a_sweep_leaves_what_is_not_due_alone(world: World) -> None:
    """A job that waits in the queue for its time, one that is at work, and what has ended are none of its business."""
    world.announce("done")
    world.work()
    world.announce("waits")
    world.files.remove("waits.mp3")
    world.work()
    before = world.recordings()
    world.clock.push(25)
    assert world.sweep() == []
    assert world.recordings() == before
    assert world.received() == []


def test_law_deadline_what_a_person_must_mend(world: World) -> None:
    """A host that is not on the list is `failed`, still tried, and archived once the setting is mended."""
    recording_id = world.announce("c")
    (message,) = world.received()
    closed = Hand(world, hosts="https://example.com")
    try:
        after = closed.archive(recording_id).outcome.recording
    finally:
        closed.close()
    world.delete(message)
    assert after is not None
    assert (after.state, after.attempts) == ("failed", 1)
    assert after.last_error == "127.0.0.1: is not on the allow list (RECORDING_HOSTS)"
    world.clock.push(31)
    world.work()
    assert world.recordings()[recording_id]["state"] == "archived"


def test_law_deadline_a_failed_one_is_swept_and_ends_too(world: World) -> None:
    """Nobody mended anything, and its message is lost: the sweep queues it again, and ends it in time."""
    recording_id = world.announce("c", at=world.clock.milliseconds() - 29 * DAY * 1000)
    closed = Hand(world, hosts="https://example.com")
    closed.archive(recording_id)
    closed.close()
    world.delete_all()
    world.clock.push(HOUR)
    ((queued, _, _),) = world.sweep()
    assert queued == [recording_id]
    world.clock.push(DAY)
    ((queued, ended, _),) = world.sweep()
    assert (queued, [(name, one.state) for name, one in ended]) == ([], [(recording_id, "expired")])


def test_law_deadline_is_visible_a_day_before(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The function's log has a warning for each that has less than a day left, one for each lost, and the counts."""
    now = round(time.time() * 1000)
    ages = {"young": 5 * 24, "near": 30 * 24 - 20, "nearer": 30 * 24 - 3}
    for call_id, hours in ages.items():
        world.announce(call_id, at=now - hours * HOURS_MS)
    world.announce("archived", at=now - (30 * 24 - 3) * HOURS_MS)
    world.archive("aliyun:archived:call")
    # More than a page of those that are over.
    for start in range(0, 210, 70):
        world.take_in([made(f"over{number}", now - 31 * DAY * 1000) for number in range(start, start + 70)])
    with loaded("sweep", world, monkeypatch) as sweep:
        assert sweep() == {"queued": 3, "lost": 210, "near_deadline": 2}
        lines = logged(capsys)
        near = {line["recording"]: line for line in lines if line["event"] == "recording near its deadline"}
        assert {name: line["hours_left"] for name, line in near.items()} == {
            "aliyun:near:call": 19,
            "aliyun:nearer:call": 2,
        }
        lost = [line for line in lines if line["event"] == "recording lost"]
        assert len({line["recording"] for line in lost}) == 210
        assert {line["state"] for line in lost} == {"expired"}
        assert lines[-1].items() >= {"event": "sweep done", "queued": 3, "lost": 210, "near_deadline": 2}.items()
        assert sweep() == {"queued": 0, "lost": 0, "near_deadline": 2}
    assert {row["state"] for name, row in world.recordings().items() if ":over" in name} == {"expired"}
    assert POOL not in str(lines)
