"""Two deliveries of one job do the work once; a holder that dies or is late takes nothing from the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from local.cloud.files import Misbehaviour
from receipts.errors import StoreUnavailable
from receipts.recordings.archive import archive
from receipts.recordings.problem import NoRecording, Problem
from tests.recordings.hands import crew
from tests.recordings.mortal import Killed, Life, mortal_tools
from tests.recordings.support import LEASE_SECONDS
from tests.store.support import READ, WRITE

if TYPE_CHECKING:
    from receipts.recordings.announcement import Source
    from receipts.recordings.archive import Outcome
    from tests.recordings.support import World


def test_two_deliveries_at_once_do_the_work_once(world: World) -> None:
    """Both read the row before either takes the lease: one downloads, the other asks to be called again later."""
    recording_id = world.announce("c")
    world.delete_all()
    # Both have read before one writes; and the one that has the lease waits for the file.
    world.store.server.faults.plan(Fault(delay=0.15), on=WRITE, times=2)
    world.files.misbehave("c.mp3", Misbehaviour(first_byte_after=1.0), times=1)
    with crew(world, 2) as hands:
        attempts = hands.archive([recording_id] * 2)
    tried = [one for one in attempts if one.outcome.tried]
    assert len(tried) == 1
    assert world.files.requests["c.mp3"] == 1
    row = world.recordings()[recording_id]
    assert (row["state"], row["attempts"]) == ("archived", 1)
    # The other's message comes when the lease would have run out, and finds nothing to do.
    assert world.received() == []
    world.clock.push(LEASE_SECONDS - 10)
    assert world.received() == []
    world.clock.push(20)
    assert [outcome.tried for outcome in world.work()] == [False]
    assert world.received() == []
    assert world.files.requests["c.mp3"] == 1


def test_many_deliveries_of_many_jobs(world: World) -> None:
    """Eight recordings, each three times over, four hands: each file is asked for once."""
    recording_ids = [world.announce(f"c{number}", 3000) for number in range(8)]
    with crew(world, 4) as hands:
        attempts = hands.archive(recording_ids * 3)
    assert sum(one.outcome.tried for one in attempts) == 8
    assert set(world.files.requests.values()) == {1}
    assert {row["state"] for row in world.recordings().values()} == {"archived"}


def test_a_lease_that_ran_out_is_taken_over(world: World) -> None:
    """The holder died before there was a copy: nobody may take it before its time, the next one does."""
    recording_id = world.announce("c")
    with pytest.raises(Killed):
        archive(recording_id, mortal_tools(world, Life(3)))
    world.delete_all()
    assert not world.archive(recording_id).tried
    assert world.received() == []
    world.clock.push(LEASE_SECONDS + 1)
    (outcome,) = world.work()
    assert outcome.recording is not None
    assert (outcome.tried, outcome.recording.state, outcome.recording.attempts) == (True, "archived", 2)


class Slow:
    """Links that take so long that the lease runs out, and the job is done by another in the meantime."""

    def __init__(self, world: World, recording_id: str, *, fails: bool) -> None:
        self._world, self._recording_id, self._fails = world, recording_id, fails
        self.other: Outcome

    def link(self, source: Source) -> str:
        """The link; or no link."""
        self._world.clock.push(LEASE_SECONDS + 1)
        self.other = self._world.archive(self._recording_id)
        if self._fails:
            raise NoRecording(Problem("too late", vendor_code="isv.TOO_LATE", gone=True))
        return self._world.links.link(source)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("size", [20_000, 4_300_000], ids=["one part", "several parts"])
def test_a_holder_who_is_late_changes_nothing(world: World, size: int, *, fails: bool) -> None:
    """Whatever comes of his attempt, the row and the object are those of the one who took over."""
    recording_id = world.announce("c", size)
    slow = Slow(world, recording_id, fails=fails)
    tools = world.tools
    late = archive(recording_id, tools._replace(means=tools.means._replace(links={"aliyun": slow})))
    assert slow.other.recording is not None
    assert late.recording == slow.other.recording
    assert (slow.other.recording.state, slow.other.recording.attempts) == ("archived", 2)
    assert len(world.objects()) == 1
    assert world.oss._uploads.all("recordings-test") == []


def test_an_answer_that_is_lost_is_recognised(world: World) -> None:
    """The store took the lease, and its answer was lost: the attempt goes on under that lease."""
    recording_id = world.announce("c")
    world.store.server.faults.plan(Fault(close_after=True), on=WRITE, times=2)
    assert world.archive(recording_id).tried
    row = world.recordings()[recording_id]
    assert (row["state"], row["attempts"]) == ("archived", 1)


@pytest.mark.parametrize(("operation", "skip"), [(READ, 0), (WRITE, 0), (READ, 1), (WRITE, 1)])
def test_law_acknowledge_an_outage_of_the_store_is_raised(world: World, operation: str, skip: int) -> None:
    """Before or after the copy: the job has to come again, and ends archived with one object."""
    recording_id = world.announce("c")
    world.delete_all()
    world.store.server.faults.plan(Fault(status=503, code="OTSServerBusy"), on=operation, skip=skip, times=None)
    with pytest.raises(StoreUnavailable):
        world.archive(recording_id)
    world.store.server.faults.clear()
    world.clock.push(LEASE_SECONDS + 1)
    world.archive(recording_id)
    assert world.recordings()[recording_id]["state"] == "archived"
    assert len(world.objects()) == 1
    assert world.files.requests["c.mp3"] == 1


def test_a_job_for_nothing(world: World) -> None:
    """A recording that there is no row of: nothing is made, nothing is asked for again."""
    outcome: Any = world.archive("aliyun:nobody:call")
    assert (outcome.recording, outcome.tried) == (None, False)
    assert (world.recordings(), world.received()) == ({}, [])
