"""Where a recording is kept in the bucket, and what it is called in a log: no number and no remote path."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from receipts.masking import masked
from receipts.times import china_day

if TYPE_CHECKING:
    from receipts.domain.recording import Recording

NAME_DIGITS = 32
MOST_SHOWN = 80


def stem(recording_id: str, recording: Recording) -> str:
    """The object's key without its extension: the same at every attempt, so that a copy made before is found."""
    day = china_day(recording.called_at)
    return f"recordings/{recording.vendor}/{day[:4]}/{day[4:6]}/{day[6:]}/{name(recording_id)}"


def name(recording_id: str) -> str:
    """The object's name: what a log and a bucket know the recording by."""
    return hashlib.sha256(recording_id.encode()).hexdigest()[:NAME_DIGITS]


def shown(recording_id: str) -> dict[str, str]:
    """The log fields that tell which recording is meant: its id with long numbers masked, and its object's name."""
    return {"recording": masked(recording_id)[:MOST_SHOWN], "object": name(recording_id)}
