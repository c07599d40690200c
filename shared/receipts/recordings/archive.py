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


class ArchiveTools(NamedTuple):
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


def archive(recording_id: str, tools: ArchiveTools) -> Outcome:
    """Do one job.

    Raises:
        StoreUnavailable, StoreMisconfigured, QueueUnavailable: the job has to come again.
        BucketUnavailable, BucketMisconfigured: the same, of a recording whose time is over and of which there may be
            a copy.
    """
    lease = Lease(tools.owner(), tools.clock() + tools.lease_seconds * SECOND_MS)
    recording = change(tools.rows, recording_id, states.take(lease, tools.clock()), tools.patience())
    if recording is None or recording.lease_owner != lease.owner:
        if recording is not None and recording.state in OPEN and recording.attempts:
            recording = _adopted(recording_id, recording, tools)
        _see_to_the_next(recording_id, recording, tools)
        return Outcome(recording, tried=False)
    try:
        stored = attempt(recording_id, recording, tools.means)
    except NoRecording as error:
        ending = (
            states.gone(lease, error.problem)
            if error.problem.gone
            else states.put_off(lease, error.problem, tools.clock())
        )
    else:
        ending = states.archived(lease, stored, tools.clock())
    after = change(tools.rows, recording_id, ending, tools.patience())
    _see_to_the_next(recording_id, after, tools)
    return Outcome(after, tried=True)


def _adopted(recording_id: str, recording: Recording, tools: ArchiveTools) -> Recording | None:
    """One that was tried before: archived if its copy is in the bucket, over if it is not and its time is up."""
    now = tools.clock()
    try:
        stored = tools.means.bucket.find(stem(recording_id, recording))
    except (BucketUnavailable, BucketMisconfigured):
        if now >= recording.deadline_at:
            raise
        return recording
    step = states.over(now) if stored is None else states.adopted(stored, now)
    return change(tools.rows, recording_id, step, tools.patience())


def _see_to_the_next(recording_id: str, recording: Recording | None, tools: ArchiveTools) -> None:
    """A message for the next attempt, before the one that brought us here is given back."""
    if recording is not None and recording.state in OPEN:
        tools.jobs.put([Job(recording_id, states.due_at(recording, tools.clock()))])
