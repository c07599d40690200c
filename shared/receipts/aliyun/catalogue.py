"""Aliyun's message types: which model reads each, which row it tells of, and as which kind of fact.

Source: Alibaba Cloud PLS, overview of receipts. Types that only samples name are not here and become dead letters.
"""

from __future__ import annotations

from receipts.aliyun import calls, numbers, parcels, recordings, texts, transcripts
from receipts.aliyun.call_receipts import EndReceipt, PickUpReceipt, RingReceipt, StartReceipt
from receipts.aliyun.number_receipts import ExceptionReceipt, ManagementReceipt
from receipts.aliyun.parcel_receipt import ParcelReceipt
from receipts.aliyun.recording_receipt import RecordingReceipt
from receipts.aliyun.text_receipt import TextReceipt
from receipts.aliyun.transcript_receipt import TranscriptReceipt
from receipts.contents.message_type import MessageType, always

PREFIX = "aliyun:"

MESSAGE_TYPES: dict[str, MessageType] = {
    "SecretStartReport": MessageType(StartReceipt, calls.CALLS, PREFIX, "call_id", always(calls.START)),
    "SecretRingReport": MessageType(RingReceipt, calls.CALLS, PREFIX, "call_id", always(calls.RING)),
    "SecretPickUpReport": MessageType(PickUpReceipt, calls.CALLS, PREFIX, "call_id", always(calls.PICK_UP)),
    "SecretReport": MessageType(
        EndReceipt, calls.CALLS, PREFIX, "call_id", always(calls.END), announced=recordings.reported
    ),
    "SecretRecording": MessageType(
        RecordingReceipt, calls.CALLS, PREFIX, "call_id", always(calls.RECORDING), announced=recordings.made
    ),
    "SecretAsrReport": MessageType(
        TranscriptReceipt, transcripts.TRANSCRIPTS, PREFIX, "call_id", always(transcripts.TRANSCRIPT)
    ),
    "SecretSmsIntercept": MessageType(TextReceipt, texts.TEXTS, PREFIX, "id", always(texts.TEXT)),
    "SecretExceptionPhoneReport": MessageType(
        ExceptionReceipt, numbers.NUMBERS, "", "secret_no", always(numbers.EXCEPTION)
    ),
    "NumberManagementReport": MessageType(
        ManagementReceipt, numbers.NUMBERS, "", "secret_no", always(numbers.MANAGEMENT)
    ),
    "SmartLogisticsReport": MessageType(ParcelReceipt, parcels.PARCELS, "", "mail_no", parcels.node),
}

_BY_ANY_CASE = {name.lower(): message_type for name, message_type in MESSAGE_TYPES.items()}


def find(name: str) -> MessageType | None:
    """The message type of that name, whatever its case, or None."""
    return _BY_ANY_CASE.get(name.lower())
