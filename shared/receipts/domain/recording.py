"""A recording: one row of `recordings`."""

from __future__ import annotations

from typing import Literal

from receipts.domain.row import Row

State = Literal["pending", "archived", "absent", "expired", "failed"]
# Still tried: `failed` waits for a person as well, and is archived at the next attempt after the cause is mended.
OPEN: tuple[State, ...] = ("pending", "failed")


class Recording(Row):
    """One recording of a call, from its announcement to its end. Times are epoch milliseconds.

    `state`: `pending` (to be archived), `archived`, `failed` (a person must mend something; still tried),
    `absent` (the vendor does not have it), `expired` (not had by the deadline).
    `source`: JSON, what a link to it can be had with. `deadline_at`: when the vendor deletes it.
    `queued_at`: when the sweep last queued it again. `lease_owner`: who works on it, until `lease_until`.
    `object_key`, `bytes`, `crc64` (CRC-64/ECMA-182 in decimal, as OSS writes it), `content_type`, `archived_at`: the
    copy. `vendor_code`: what the vendor's API said instead of a link, the last time. `last_error`: what went wrong
    the last time, without any link.
    """

    call_id: str
    vendor: str
    state: State
    source: str
    called_at: int
    announced_at: int
    deadline_at: int
    next_attempt_at: int | None = None
    attempts: int = 0
    queued_at: int | None = None
    lease_owner: str | None = None
    lease_until: int | None = None
    object_key: str | None = None
    bytes: int | None = None
    crc64: str | None = None
    content_type: str | None = None
    archived_at: int | None = None
    vendor_code: str | None = None
    last_error: str | None = None
