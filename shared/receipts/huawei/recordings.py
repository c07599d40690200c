"""Which call records announce a recording.

A file can be had for seven days after the call record was pushed: by a link in the call record itself, or by its
name and domain through the API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.huawei.call_receipts import RecordReceipt
from receipts.recordings.announcement import Announcement

if TYPE_CHECKING:
    from receipts.recordings.announcement import Source
    from receipts.vendor.receipt import VendorReceipt

VENDOR = "huawei"
RECORDED = 1
# Of a shorter call no recording can be had.
SHORTEST_MS = 3000


def recorded(receipt: VendorReceipt, told_at: int) -> tuple[Announcement, ...]:
    """The recording that a call record, received at `told_at` (epoch milliseconds), speaks of."""
    if not isinstance(receipt, RecordReceipt) or _too_short(receipt):
        return ()
    told: dict[str, str | None] = {
        "file_name": receipt.record_object_name,
        "record_domain": receipt.record_domain,
        "app_key": receipt.app_key,
        "url": receipt.record_file_download_url,
    }
    if receipt.record_flag != RECORDED and not (told["file_name"] or told["url"]):
        return ()
    source: Source = {name: value for name, value in told.items() if value is not None}
    announced = Announcement(
        recording_id=recording_id(receipt),
        call_id=f"{VENDOR}:{receipt.session_id}",
        vendor=VENDOR,
        told_at=told_at,
        called_at=receipt.call_in_time,
        ready=True,
        days_from="push",
        source=source,
    )
    return (announced,)


def recording_id(receipt: RecordReceipt) -> str:
    """By the id of the call record, as a call may have several; one that has none is the call's only one."""
    return f"{VENDOR}:{receipt.icid or receipt.session_id}"


def _too_short(receipt: RecordReceipt) -> bool:
    answered_at, ended_at = receipt.fwd_answer_time, receipt.call_end_time
    return answered_at is not None and ended_at is not None and ended_at - answered_at < SHORTEST_MS
