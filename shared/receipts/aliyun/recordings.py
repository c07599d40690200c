"""Which of Aliyun's receipts announce a recording.

SecretRecording says that a call's recording can be had, and holds no link. `record_url` and `ring_record_url` of a
SecretReport are links to files that may still be made for the next quarter of an hour or so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.aliyun.call_receipts import EndReceipt
from receipts.aliyun.recording_receipt import RecordingReceipt
from receipts.recordings.announcement import Announcement

if TYPE_CHECKING:
    from receipts.recordings.announcement import Source
    from receipts.vendor.receipt import VendorReceipt

VENDOR = "aliyun"
CALL, RING = "call", "ring"


def made(receipt: VendorReceipt, told_at: int) -> tuple[Announcement, ...]:
    """The recording that a SecretRecording, received at `told_at` (epoch milliseconds), says to be there."""
    return (_announcement(receipt, CALL, None, told_at),) if isinstance(receipt, RecordingReceipt) else ()


def reported(receipt: VendorReceipt, told_at: int) -> tuple[Announcement, ...]:
    """The recordings that a SecretReport, received at `told_at` (epoch milliseconds), has links to."""
    if not isinstance(receipt, EndReceipt):
        return ()
    links = ((CALL, receipt.record_url), (RING, receipt.ring_record_url))
    return tuple(_announcement(receipt, kind, url, told_at) for kind, url in links if url is not None)


def _announcement(receipt: RecordingReceipt | EndReceipt, kind: str, url: str | None, told_at: int) -> Announcement:
    known: dict[str, str | int | bool | None] = {
        "kind": kind,
        "call_id": receipt.call_id,
        "call_time": receipt.call_time,
        "pool_key": receipt.pool_key,
        "url": url,
        "ready": url is None or None,
    }
    source: Source = {name: value for name, value in known.items() if value is not None}
    return Announcement(
        recording_id=f"{VENDOR}:{receipt.call_id}:{kind}",
        call_id=f"{VENDOR}:{receipt.call_id}",
        vendor=VENDOR,
        told_at=told_at,
        called_at=receipt.call_time,
        ready=url is None,
        days_from="call",
        source=source,
    )
