"""Announcements joined into the recording that they are about: each recording is announced once, however often told.

Until the first attempt, the recording is a function of its announcements, whatever their order; later ones add what
they know and leave the progress alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from receipts.domain.recording import OPEN, Recording
from receipts.joining.facts import canonical
from receipts.times import DAY_MS, SECOND_MS

if TYPE_CHECKING:
    from receipts.recordings.announcement import Announcement, Source
    from receipts.recordings.settings import RecordingRules


def joined(before: Recording | None, told: Announcement, rules: RecordingRules) -> Recording:
    """The recording with what the announcement adds to it."""
    if before is None:
        return _new(told, rules)
    known: Source = json.loads(before.source)
    source = _union(known, told.source)
    if before.attempts == 0 and before.state == "pending":
        return _untouched(before, told, source, rules)
    changes: dict[str, Any] = {"source": canonical(source)}
    if source != known and before.lease_owner is None:
        # Something new is known of it: it is worth a try now.
        at = ready_at(told, rules)
        if before.state in OPEN:
            changes["next_attempt_at"] = min(at, before.next_attempt_at or at)
        elif before.state == "absent":
            # A vendor that called a file gone and announces it afterwards is believed the second time.
            changes |= {"state": "pending", "next_attempt_at": at}
    return before.model_copy(update=changes)


def _new(told: Announcement, rules: RecordingRules) -> Recording:
    called_at = _called_at(told)
    return Recording(
        call_id=told.call_id,
        vendor=told.vendor,
        state="pending",
        source=canonical(told.source),
        called_at=called_at,
        announced_at=told.told_at,
        next_attempt_at=ready_at(told, rules),
        deadline_at=_deadline(told, called_at, told.told_at, rules),
    )


def _untouched(before: Recording, told: Announcement, source: Source, rules: RecordingRules) -> Recording:
    """Before the first attempt: the earliest of everything."""
    called_at = min(before.called_at, _called_at(told))
    announced_at = min(before.announced_at, told.told_at)
    at = ready_at(told, rules)
    return before.model_copy(
        update={
            "source": canonical(source),
            "called_at": called_at,
            "announced_at": announced_at,
            "next_attempt_at": min(before.next_attempt_at or at, at),
            "deadline_at": _deadline(told, called_at, announced_at, rules),
        }
    )


def ready_at(told: Announcement, rules: RecordingRules) -> int:
    """When the file can be had, as far as this announcement tells; epoch milliseconds."""
    return told.told_at if told.ready else told.told_at + rules.url_delay_seconds * SECOND_MS


def _called_at(told: Announcement) -> int:
    """When the call was, or at the latest was."""
    return told.told_at if told.called_at is None else told.called_at


def _deadline(told: Announcement, called_at: int, announced_at: int, rules: RecordingRules) -> int:
    """When the vendor deletes it; a call that is said to be older than that gets a day of tries all the same."""
    kept_ms = rules.days(told.vendor) * DAY_MS
    return announced_at + kept_ms if told.days_from == "push" else max(called_at + kept_ms, announced_at + DAY_MS)


def _union(one: Source, other: Source) -> Source:
    """Of two values for one thing the greater text: any choice will do that does not depend on the order."""
    return {
        name: max((each[name] for each in (one, other) if name in each), key=str) for name in sorted({*one, *other})
    }
