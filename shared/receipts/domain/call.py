"""A call: one row of `calls`."""

from __future__ import annotations

from typing import Literal

from receipts.domain.row import Row

Status = Literal["initiated", "ringing", "answered", "ended"]
Outcome = Literal["answered", "busy", "no_answer", "rejected", "unreachable", "blocked", "unbound", "failed"]
Direction = Literal["a_to_b", "b_to_a"]
Party = Literal["caller", "callee", "platform"]


class Call(Row):
    """One call between the parties A and B of a binding, through privacy number X.

    `caller` and `callee` say who called whom, `direction` the same in terms of the binding. `outcome`,
    `talk_seconds` and `ended_day` (yyyymmdd in China) are there once the call has ended, `open_since_at` until
    then; `answered_at` only if somebody answered. `release_cause` is the vendor's code, `release_text` its words in
    two languages.
    """

    vendor: str
    pool: str | None = None
    binding_id: str | None = None
    order_id: str | None = None
    number_a: str | None = None
    number_x: str | None = None
    number_b: str | None = None
    direction: Direction | None = None
    caller: str | None = None
    callee: str | None = None
    status: Status
    outcome: Outcome | None = None
    started_at: int | None = None
    dialed_at: int | None = None
    ringing_at: int | None = None
    answered_at: int | None = None
    ended_at: int | None = None
    ended_day: str | None = None
    open_since_at: int | None = None
    talk_seconds: int | None = None
    released_by: Party | None = None
    release_cause: int | None = None
    release_text: str | None = None
    city: str | None = None
    extension: str | None = None


def open_since(status: Status, *moments: int | None) -> int | None:
    """Since when a call is open: the first of the moments that is told, 0 if none is; None once it has ended."""
    return None if status == "ended" else next((moment for moment in moments if moment is not None), 0)
