"""A privacy number: one row of `numbers`."""

from __future__ import annotations

from typing import Literal

from receipts.domain.row import Row

State = Literal["normal", "abnormal", "suspended", "unavailable", "frozen", "created", "deleted"]


class Number(Row):
    """The state of one privacy number since `changed_at`; absent when the vendor's value is not known here."""

    vendor: str
    pool: str | None = None
    state: State | None = None
    cause: str | None = None
    city: str | None = None
    carrier: str | None = None
    changed_at: int | None = None
