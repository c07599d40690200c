"""Aliyun's message types: which model reads each, which row it tells of, and as which kind of fact.

Source: Alibaba Cloud PLS, overview of receipts. Types that only samples name are not here and become dead letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.aliyun import calls, numbers, parcels, recordings, texts, transcripts
from receipts.aliyun.call_receipts import EndReceipt, PickUpReceipt, RingReceipt, StartReceipt
from receipts.aliyun.number_receipts import ExceptionReceipt, ManagementReceipt
from receipts.aliyun.parcel_receipt import ParcelReceipt
from receipts.aliyun.recording_receipt import RecordingReceipt
from receipts.aliyun.text_receipt import TextReceipt
from receipts.aliyun.transcript_receipt import TranscriptReceipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.joining.subject import Subject
    from receipts.recordings.announcement import Announcement
    from receipts.vendor.receipt import VendorReceipt


class MessageType(NamedTuple):
    """One message type.

    Attributes:
        model: reads a receipt of this type.
        subject: the rows it tells of.
        field: the field whose value names the row.
        kind: the fact's kind in the row, from the receipt.
        prefix: stands before the field's value in the key, where keys of several vendors share a table.
        announced: the recordings that a receipt announces, when it was received at so many epoch milliseconds.
    """

    model: type[VendorReceipt]
    subject: Subject
    field: str
    kind: Callable[[VendorReceipt], str]
    prefix: str = "aliyun:"
    announced: Callable[[VendorReceipt, int], tuple[Announcement, ...]] = recordings.none

    def identity(self, receipt: VendorReceipt) -> str:
        """The row's key, without its shard."""
        return f"{self.prefix}{getattr(receipt, self.field)}"


def _always(kind: str) -> Callable[[VendorReceipt], str]:
    return lambda _: kind


MESSAGE_TYPES: dict[str, MessageType] = {
    "SecretStartReport": MessageType(StartReceipt, calls.CALLS, "call_id", _always(calls.START)),
    "SecretRingReport": MessageType(RingReceipt, calls.CALLS, "call_id", _always(calls.RING)),
    "SecretPickUpReport": MessageType(PickUpReceipt, calls.CALLS, "call_id", _always(calls.PICK_UP)),
    "SecretReport": MessageType(EndReceipt, calls.CALLS, "call_id", _always(calls.END), announced=recordings.reported),
    "SecretRecording": MessageType(
        RecordingReceipt, calls.CALLS, "call_id", _always(calls.RECORDING), announced=recordings.made
    ),
    "SecretAsrReport": MessageType(
        TranscriptReceipt, transcripts.TRANSCRIPTS, "call_id", _always(transcripts.TRANSCRIPT)
    ),
    "SecretSmsIntercept": MessageType(TextReceipt, texts.TEXTS, "id", _always(texts.TEXT)),
    "SecretExceptionPhoneReport": MessageType(
        ExceptionReceipt, numbers.NUMBERS, "secret_no", _always(numbers.EXCEPTION), prefix=""
    ),
    "NumberManagementReport": MessageType(
        ManagementReceipt, numbers.NUMBERS, "secret_no", _always(numbers.MANAGEMENT), prefix=""
    ),
    "SmartLogisticsReport": MessageType(ParcelReceipt, parcels.PARCELS, "mail_no", parcels.node, prefix=""),
}

_BY_ANY_CASE = {name.lower(): message_type for name, message_type in MESSAGE_TYPES.items()}


def find(name: str) -> MessageType | None:
    """The message type of that name, whatever its case, or None."""
    return _BY_ANY_CASE.get(name.lower())
