"""A text as Huawei's notifications tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from receipts.domain.text import Text
from receipts.huawei.text_receipt import TextDecisionReceipt, TextReceipt
from receipts.joining.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from receipts.vendor.receipt import VendorReceipt

# A notice and a question about the same text are two facts: the question comes first, without a receiver.
NOTIFY, BLOCK, DECISION = "Notify", "Block", "decision"
MODELS: dict[str, type[VendorReceipt]] = {NOTIFY: TextReceipt, BLOCK: TextReceipt, DECISION: TextDecisionReceipt}
BEST_FIRST = (NOTIFY, BLOCK, DECISION)


def kind(receipt: VendorReceipt) -> str:
    """Whether a text notification asks or tells; one that does not say tells."""
    mode = getattr(receipt, "notification_mode", None) or NOTIFY
    return BLOCK if mode.strip().lower() == BLOCK.lower() else NOTIFY


def _rank(receipt: VendorReceipt) -> tuple[int, ...]:
    at = getattr(receipt, "time_stamp", None) or getattr(receipt, "decided_at", None)
    return (-1 if at is None else at,)


def _text(receipts: Mapping[str, VendorReceipt]) -> Text:
    told = [receipts[kind] for kind in BEST_FIRST if kind in receipts]

    def first(field: str) -> Any:
        return next((value for receipt in told if (value := receipt.__dict__.get(field)) is not None), None)

    event = first("event")
    return Text(
        vendor="huawei",
        pool=first("app_key"),
        binding_id=first("subscription_id"),
        order_id=first("user_data"),
        sender=first("calling"),
        number_x=first("virtual_number"),
        receiver=first("called"),
        content=first("sms_content"),
        kind=None if event is None else "".join(event.split()),
        delivery=first("send_result"),
        sent_at=first("time_stamp"),
    )


TEXTS = Subject(table="texts", model=MODELS.__getitem__, rank=_rank, row=_text)
