"""A text as Aliyun's receipts tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from receipts.aliyun.text_receipt import TextReceipt
from receipts.domain.text import Text
from receipts.joining.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from receipts.vendor.receipt import VendorReceipt

TEXT = "SecretSmsIntercept"
KINDS = {1: "intercepted", 2: "smart", 3: "smart"}
STATES = {1: "sent", 2: "failed"}
# Handed over to the carrier: the only code that a later one replaces.
UNSETTLED = (None, "ACCEPTD")


def _rank(receipt: VendorReceipt) -> tuple[int, ...]:
    text = cast("TextReceipt", receipt)
    return (text.start_time if text.start_time is not None else -1, int(text.code not in UNSETTLED))


def _text(receipts: Mapping[str, VendorReceipt]) -> Text:
    text = cast("TextReceipt", receipts[TEXT])
    return Text(
        vendor="aliyun",
        pool=text.pool_key,
        binding_id=text.sub_id,
        order_id=text.out_id,
        call_id=text.call_id,
        sender=text.send_no,
        number_x=text.secret_no,
        receiver=text.receive_no,
        content=text.sms_content,
        kind=None if text.sms_type is None else KINDS.get(text.sms_type, str(text.sms_type)),
        delivery=text.code or (STATES.get(text.status) if text.status is not None else None),
        intercept=text.sms_intercept_type,
        sent_at=text.start_time,
    )


TEXTS = Subject(table="texts", model={TEXT: TextReceipt}.__getitem__, rank=_rank, row=_text)
