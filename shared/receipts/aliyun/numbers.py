"""A privacy number as Aliyun's receipts tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.aliyun.number_receipts import ExceptionReceipt, ManagementReceipt
from receipts.domain.number import Number, State
from receipts.joining.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from receipts.vendor.receipt import VendorReceipt

EXCEPTION, MANAGEMENT = "SecretExceptionPhoneReport", "NumberManagementReport"
MODELS: dict[str, type[VendorReceipt]] = {EXCEPTION: ExceptionReceipt, MANAGEMENT: ManagementReceipt}
CONDITIONS: dict[int, State] = {0: "abnormal", 1: "normal"}
ACTIONS: dict[int, State] = {1: "created", 2: "deleted"}
CARRIERS = {1: "china_mobile", 2: "china_unicom", 3: "china_telecom"}


def _told(receipt: VendorReceipt) -> tuple[int, State | None]:
    """When the number came into which state."""
    if isinstance(receipt, ExceptionReceipt):
        moment, value, words = receipt.timestamp, receipt.no_status, CONDITIONS
    elif isinstance(receipt, ManagementReceipt):
        moment, value, words = receipt.operating_time, receipt.status, ACTIONS
    else:
        raise TypeError(type(receipt).__name__)
    return (-1 if moment is None else moment, None if value is None else words.get(value))


def _rank(receipt: VendorReceipt) -> tuple[int, ...]:
    return (_told(receipt)[0],)


def _number(receipts: Mapping[str, VendorReceipt]) -> Number:
    # Of the same second, the management of the number says more than its condition.
    newest = max(receipts, key=lambda kind: (_told(receipts[kind])[0], kind == MANAGEMENT))
    moment, state = _told(receipts[newest])
    management = receipts.get(MANAGEMENT)
    city, carrier = (management.city, management.vendor) if isinstance(management, ManagementReceipt) else (None, None)
    pools = (getattr(receipts[kind], "pool_key", None) for kind in (newest, *sorted(receipts)))
    return Number(
        vendor="aliyun",
        pool=next((pool for pool in pools if pool), None),
        state=state,
        city=city,
        carrier=None if carrier is None else CARRIERS.get(carrier, str(carrier)),
        changed_at=None if moment < 0 else moment,
    )


NUMBERS = Subject(table="numbers", model=MODELS.__getitem__, rank=_rank, row=_number)
