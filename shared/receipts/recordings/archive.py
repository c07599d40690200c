"""Archives one recording: take the lease, copy, record what came of it, see to the next attempt.

Crashing anywhere is safe. The lease ends by itself; the copy is found again by its key; the next attempt is a new
message that is sent before this one is given back, and the sweep finds what no message asks for any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.domain.recording import OPEN, Recording
from receipts.errors import BucketMisconfigured, BucketUnavailable
from receipts.recordings import states
from receipts.recordings.attempt import Means, attempt
from receipts.recordings.jobs import Job, Jobs
from receipts.recordings.naming import stem
from receipts.recordings.problem import NoRecording
from receipts.recordings.rows import change
from receipts.recordings.states import Lease
from receipts.times import SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.store.patience import Patience
    from receipts.store.rows import Rows


class Desk(NamedTuple):
    """What archiving works with.

    Attributes:
        rows: where recordings are.
        jobs: where the next attempt is asked for.
        means: how to a copy.
        patience: for one change of the row.
        clock: the time of day in epoch milliseconds.
        lease_seconds: longer than an attempt may take.
        owner: a new name for each lease.
    """

    rows: Rows
    jobs: Jobs
    means: Means
    patience: Callable[[], Patience]
    clock: Callable[[], int]
    lease_seconds: int
    owner: Callable[[], str]


class Outcome(NamedTuple):
    """What came of a job: the recording as it now is, or None if there is none; and whether this job tried."""

    recording: Recording | None
    tried: bool


def archive(recording_id: str, desk: Desk) -> Outcome:
    """Do one job.

    Raises:
        StoreUnavailable, StoreMisconfigured, QueueUnavailable: the job has to come again.
        BucketUnavailable, BucketMisconfigured: the same, of a recording whose time is over and of which there may be
            a copy.
    """
    lease = Lease(desk.owner(), desk.clock() + desk.lease_seconds * SECOND_MS)
    recording = change(desk.rows, recording_id, states.take(lease, desk.clock()), desk.patience())
    if recording is None or recording.lease_owner != lease.owner:
        if recording is not None and recording.state in OPEN and recording.attempts:
            recording = _adopted(recording_id, recording, desk)
        _see_to_the_next(recording_id, recording, desk)
        return Outcome(recording, tried=False)
    try:
        stored = attempt(recording_id, recording, desk.means)
    except NoRecording as error:
        ending = (
            states.gone(lease, error.problem)
            if error.problem.gone
            else states.put_off(lease, error.problem, desk.clock())
        )
    else:
        ending = states.archived(lease, stored, desk.clock())
    after = change(desk.rows, recording_id, ending, desk.patience())
    _see_to_the_next(recording_id, after, desk)
    return Outcome(after, tried=True)


def _adopted(recording_id: str, recording: Recording, desk: Desk) -> Recording | None:
    """One that was tried before: archived if its copy is in the bucket, over if it is not and its time is up."""
    now = desk.clock()
    try:
        stored = desk.means.bucket.find(stem(recording_id, recording))
    except (BucketUnavailable, BucketMisconfigured):
        if now >= recording.deadline_at:
            raise
        return recording
    step = states.over(now) if stored is None else states.adopted(stored, now)
    return change(desk.rows, recording_id, step, desk.patience())


def _see_to_the_next(recording_id: str, recording: Recording | None, desk: Desk) -> None:
    """A message for the next attempt, before the one that brought us here is given back."""
    if recording is not None and recording.state in OPEN:
        desk.jobs.put([Job(recording_id, states.due_at(recording, desk.clock()))])
