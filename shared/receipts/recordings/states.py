"""How a recording moves from state to state: steps for `rows.change`, each of which recognises its own work.

::

    pending ──take──▶ pending, leased ──archived──▶ archived
       ▲ ▲               │      │  └────gone──────▶ absent
       │ └──put_off──────┘      └────put_off──────▶ failed (as pending, but a person must mend something)
       └──a new announcement── absent
    pending, failed ──take or swept, after the deadline──▶ absent (if the vendor said so last), else expired

A lease that ran out is the mark of one who died at it: then the bucket is asked for a copy before the recording ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.domain.recording import OPEN, Recording
from receipts.recordings.schedule import next_attempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.recordings.bucket import Stored
    from receipts.recordings.problem import Problem

# A queue's clock and a function's are not the same: so early a message is still in time.
EARLY_MS = 5_000
FREE = {"lease_owner": None, "lease_until": None}


class Lease(NamedTuple):
    """Who works on a recording, and until when at the latest (epoch milliseconds)."""

    owner: str
    until: int


def leased(recording: Recording, now: int) -> bool:
    """Whether somebody works on it."""
    return recording.lease_owner is not None and now < (recording.lease_until or 0)


def due_at(recording: Recording, now: int) -> int:
    """When the next attempt is, at the earliest."""
    at = recording.next_attempt_at or now
    return max(at, recording.lease_until or 0) if leased(recording, now) else at


def take(lease: Lease, now: int) -> Callable[[Recording], Recording | None]:
    """Begin an attempt, if one is due and nobody else is at it; end the recording if its time is over."""

    def step(before: Recording) -> Recording | None:
        if before.lease_owner == lease.owner or before.state not in OPEN or leased(before, now):
            return None
        if now >= before.deadline_at:
            # An attempt that died may have left a copy: see `over`.
            return None if before.lease_owner else _ended(before)
        if (before.next_attempt_at or 0) > now + EARLY_MS:
            return None
        changes = {
            "attempts": before.attempts + 1,
            "lease_owner": lease.owner,
            "lease_until": lease.until,
            # Where it stands in the index, should nobody come back.
            "next_attempt_at": lease.until,
        }
        return before.model_copy(update=changes)

    return step


def archived(lease: Lease, stored: Stored, now: int) -> Callable[[Recording], Recording | None]:
    """The copy is in the bucket."""
    return _mine(lease, lambda before: _archived(before, stored, now))


def adopted(stored: Stored, now: int) -> Callable[[Recording], Recording | None]:
    """A copy is found in the bucket that no row tells of yet: it is whole, no matter who holds the lease."""
    return lambda before: _archived(before, stored, now) if before.state in OPEN else None


def over(now: int) -> Callable[[Recording], Recording | None]:
    """No copy is found in the bucket, nobody is at it, and its time is over."""
    return lambda before: (
        _ended(before) if before.state in OPEN and now >= before.deadline_at and not leased(before, now) else None
    )


def _archived(before: Recording, stored: Stored, now: int) -> Recording:
    changes = {
        "state": "archived",
        "object_key": stored.key,
        "bytes": stored.size,
        "crc64": str(stored.crc64),
        "content_type": stored.content_type,
        "archived_at": now,
        "next_attempt_at": None,
        "vendor_code": None,
        "last_error": None,
    }
    return before.model_copy(update={**FREE, **changes})


def gone(lease: Lease, problem: Problem) -> Callable[[Recording], Recording | None]:
    """The vendor says that there will never be one."""
    changes = {
        "state": "absent",
        "next_attempt_at": None,
        "vendor_code": problem.vendor_code,
        "last_error": problem.told,
    }
    return _mine(lease, lambda before: before.model_copy(update={**FREE, **changes}))


def put_off(lease: Lease, problem: Problem, now: int) -> Callable[[Recording], Recording | None]:
    """Not this time."""

    def step(before: Recording) -> Recording:
        changes = {
            "state": "failed" if problem.needs_a_person else "pending",
            "next_attempt_at": next_attempt(before.attempts, now, before.deadline_at),
            "vendor_code": problem.vendor_code,
            "last_error": problem.told,
        }
        return before.model_copy(update={**FREE, **changes})

    return _mine(lease, step)


def swept(now: int, pause: int) -> Callable[[Recording], Recording | None]:
    """Give up what the vendor has deleted by now; mark what is overdue as queued now, unless it was of late.

    A recording whose attempt died is not given up here: its job looks for the copy that may have been left.

    `now` and `pause` in milliseconds.
    """

    def step(before: Recording) -> Recording | None:
        if before.state not in OPEN or leased(before, now):
            return None
        if now >= before.deadline_at and before.lease_owner is None:
            return _ended(before)
        due = (before.next_attempt_at or 0) <= now and (before.queued_at or 0) <= now - pause
        return before.model_copy(update={"queued_at": now}) if due else None

    return step


def _ended(before: Recording) -> Recording:
    state = "absent" if before.vendor_code else "expired"
    return before.model_copy(update={**FREE, "state": state, "next_attempt_at": None})


def _mine(lease: Lease, step: Callable[[Recording], Recording]) -> Callable[[Recording], Recording | None]:
    """Only as long as the lease is held: whoever took it over goes on with the recording as it then is."""
    return lambda before: step(before) if before.lease_owner == lease.owner else None
