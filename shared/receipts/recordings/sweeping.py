"""Finds recordings that nobody asks for any more, ends those whose time is over, and names those that soon will.

A recording that is due has a job in the queue; it is swept when that job should long have been done: the message was
lost, its queue was emptied, a function died at the wrong moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.domain.recording import OPEN, Recording
from receipts.recordings import states
from receipts.recordings.jobs import Job, Jobs
from receipts.recordings.rows import change_all
from receipts.store.schema import RECORDINGS
from receipts.times import DAY_MS, SECOND_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from receipts.errors import BadReceipt
    from receipts.store.patience import Patience
    from receipts.store.pending import Columns
    from receipts.store.rows import Rows
    from receipts.store.scanning import IndexRows
    from receipts.store.schema import Index

MINUTE_MS = 60 * SECOND_MS
# How long a recording may be due before the sweep asks for it: its own job should have come by then.
GRACE_MS = 10 * MINUTE_MS
# One that was swept is not queued again before that: a queue that is slow is not made longer.
PAUSE_MS = 30 * MINUTE_MS
WARNED_MS = DAY_MS
BY_ATTEMPT, BY_DEADLINE, _ = RECORDINGS.indexes


class SweepTools(NamedTuple):
    """What a sweep works with.

    Attributes:
        rows: where recordings are.
        indexes: where they are found.
        jobs: where they are asked for.
        patience: for one page and its changes.
        now: the time of day in epoch milliseconds.
        out_of_time: whether to leave the rest to the next sweep.
    """

    rows: Rows
    indexes: IndexRows
    jobs: Jobs
    patience: Callable[[], Patience]
    now: int
    out_of_time: Callable[[], bool]


class Swept(NamedTuple):
    """What came of one page: recordings queued again, those that ended, and why others cannot be read at all."""

    queued: list[str]
    ended: list[tuple[str, Recording]]
    refused: dict[str, BadReceipt]


def sweep(tools: SweepTools) -> Iterator[Swept]:
    """Page by page, queue again what is overdue and end what is over. Raises as `change_all`, and QueueUnavailable."""
    for page in _pages(tools, BY_ATTEMPT, tools.now - GRACE_MS):
        found = [str(row["recording_id"]) for row in page]
        steps = dict.fromkeys(found, states.swept(tools.now, PAUSE_MS))
        after, refused = change_all(tools.rows, steps, tools.patience())
        queued = [name for name, recording in after.items() if recording.queued_at == tools.now]
        tools.jobs.put([Job(name, tools.now) for name in queued])
        ended = [(name, recording) for name, recording in after.items() if recording.state not in OPEN]
        yield Swept(queued, ended, refused)


def near_deadline(tools: SweepTools) -> Iterator[list[Columns]]:
    """Page by page, what the index tells of open recordings that have less than a day left."""
    yield from _pages(tools, BY_DEADLINE, tools.now + WARNED_MS)


def _pages(tools: SweepTools, index: Index, limit: int) -> Iterator[list[Columns]]:
    for state in OPEN:
        for page in tools.indexes.below(index, state, limit, tools.patience()):
            yield page
            if tools.out_of_time():
                return
