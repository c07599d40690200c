"""What the log says of a job: from what came of it to its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.domain.recording import OPEN
from receipts.recordings.naming import shown
from receipts.reporting import Line

if TYPE_CHECKING:
    from receipts.domain.recording import Recording
    from receipts.recordings.archive import Outcome


def outcome_line(recording_id: str, outcome: Outcome, now: int) -> Line:
    """The line of a job, without its time. `now` in epoch milliseconds."""
    found, which = outcome.recording, shown(recording_id)
    if found is None:
        return Line("warning", "no such recording", {**which, "do": "look whether tables were emptied, or renamed"})
    if not outcome.tried and found.state not in ("expired", "absent"):
        return Line("info", "nothing to do", {**which, "vendor": found.vendor, "state": found.state})
    if found.state == "archived":
        return Line("info", "recording archived", {**which, **_copied(found)})
    if found.state == "failed":
        do = "mend what it says, it is tried again"
        return Line("warning", "recording not archived yet", {**which, **_missed(found), **_next(found, now), "do": do})
    if found.state in OPEN:
        # Too early, or something in passing: if it stays so, the sweep warns in time.
        do = "nothing: it is tried again"
        return Line("info", "recording put off", {**which, **_missed(found), **_next(found, now), "do": do})
    return Line("warning", "recording lost", {**which, **_missed(found)})


def _copied(found: Recording) -> dict[str, object]:
    waited = (found.archived_at or 0) - found.announced_at
    return {"vendor": found.vendor, "bytes": found.bytes, "attempts": found.attempts, "waited_ms": waited}


def _missed(found: Recording) -> dict[str, object]:
    return {"vendor": found.vendor, "state": found.state, "attempts": found.attempts, "why": found.last_error}


def _next(found: Recording, now: int) -> dict[str, object]:
    return {"next_in_seconds": max(0, (found.next_attempt_at or 0) - now) // 1000}
