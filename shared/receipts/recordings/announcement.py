"""What a receipt says of a recording: that there is one, and whether it can be had already."""

from __future__ import annotations

from typing import Literal, NamedTuple

Source = dict[str, str | int | bool]


class Announcement(NamedTuple):
    """One recording, as one receipt announces it.

    Attributes:
        recording_id: `aliyun:<call_id>:call`, `aliyun:<call_id>:ring` or `huawei:<icid>`; several receipts may announce
            the same.
        call_id: the key of the call's row.
        vendor: who keeps the file.
        told_at: when the receipt was received, epoch milliseconds.
        called_at: when the call was initiated, epoch milliseconds; None if the receipt does not say.
        ready: whether the vendor says that the file is there; else it is still being made.
        days_from: whether the days for which the vendor keeps the file begin with the call or with the push.
        source: what a link to it can be had with.
    """

    recording_id: str
    call_id: str
    vendor: str
    told_at: int
    called_at: int | None
    ready: bool
    days_from: Literal["call", "push"]
    source: Source
