"""The transcript of a call: one row of `transcripts`."""

from __future__ import annotations

from receipts.domain.row import Row


class Transcript(Row):
    """A call as text. `sentences` is a JSON array ordered by begin; `duration_ms` the audio's length."""

    vendor: str
    pool: str | None = None
    number_x: str | None = None
    sentences: str
    duration_ms: int | None = None
    status_code: str | None = None
