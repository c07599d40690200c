"""A transcript as Aliyun's receipts tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from receipts.aliyun.transcript_receipt import Sentence, TranscriptReceipt
from receipts.domain.transcript import Transcript
from receipts.joining.facts import canonical
from receipts.joining.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from receipts.vendor.receipt import VendorReceipt

TRANSCRIPT = "SecretAsrReport"
SUCCESS = "21050000"


def _rank(receipt: VendorReceipt) -> tuple[int, ...]:
    """The receipt has no time of its own: one that succeeded, then the longer audio, counts as newer."""
    transcript = cast("TranscriptReceipt", receipt)
    return (int(transcript.status_code == SUCCESS), transcript.biz_duration or 0, len(transcript.sentences))


def _place(sentence: Sentence) -> tuple[int, int, int]:
    return (sentence.begin_time or 0, sentence.end_time or 0, sentence.channel_id or 0)


def _said(sentence: Sentence) -> dict[str, Any]:
    """The sentence with every field that says something, unknown ones included."""
    fields = {**sentence.__dict__, **(sentence.model_extra or {})}
    return {name: value for name, value in fields.items() if value is not None}


def _transcript(receipts: Mapping[str, VendorReceipt]) -> Transcript:
    transcript = cast("TranscriptReceipt", receipts[TRANSCRIPT])
    sentences = sorted(transcript.sentences, key=_place)
    return Transcript(
        vendor="aliyun",
        pool=transcript.pool_key,
        number_x=transcript.secret_no,
        sentences=canonical([_said(sentence) for sentence in sentences]),
        duration_ms=transcript.biz_duration,
        status_code=transcript.status_code,
    )


TRANSCRIPTS = Subject(
    table="transcripts", model={TRANSCRIPT: TranscriptReceipt}.__getitem__, rank=_rank, row=_transcript
)
