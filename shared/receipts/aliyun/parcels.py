"""A parcel as Aliyun's receipts tell it: every node of its way is a fact of its own."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any, cast

from receipts.aliyun.parcel_receipt import ParcelReceipt
from receipts.domain.parcel import Parcel
from receipts.joining.facts import canonical
from receipts.joining.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from receipts.vendor.receipt import VendorReceipt

# A parcel has tens of nodes; the limit keeps a row within its size whatever is sent.
MOST_NODES = 200
# The order of nodes of the same second.
STAGES = ("WAIT", "ACCEPT", "GOT", "MODIFY_WEIGHT", "TRANSPORT", "DELIVERING", "SIGN")


def node(receipt: VendorReceipt) -> str:
    """The kind under which a node is kept: the vendor sends the same node again with the same time and status."""
    parcel = cast("ParcelReceipt", receipt)
    return f"{parcel.logistics_gmt_modified or 0}:{parcel.logistics_status or ''}:{parcel.biz_key or ''}"


def _rank(receipt: VendorReceipt) -> tuple[int, ...]:
    parcel = cast("ParcelReceipt", receipt)
    stage = STAGES.index(parcel.logistics_status) if parcel.logistics_status in STAGES else -1
    return (parcel.logistics_gmt_modified or 0, stage)


def _parcel(receipts: Mapping[str, VendorReceipt]) -> Parcel:
    kinds = sorted(receipts, key=lambda kind: (_rank(receipts[kind]), kind))
    nodes = [cast("ParcelReceipt", receipts[kind]) for kind in kinds]
    newest_first = nodes[::-1]
    latest = newest_first[0]
    return Parcel(
        vendor="aliyun",
        carrier=_newest(parcel.cp_code for parcel in newest_first),
        order_id=_newest(parcel.outer_order_code for parcel in newest_first),
        status=latest.logistics_status,
        status_text=latest.logistics_status_desc,
        detail=latest.last_logistic_detail,
        city=_newest(parcel.city for parcel in newest_first),
        price=_newest(parcel.aliyunprice for parcel in newest_first),
        weight_grams=_weight(_newest(parcel.package_dyn for parcel in newest_first)),
        changed_at=latest.logistics_gmt_modified,
        history=canonical([_entry(parcel) for parcel in nodes]),
    )


def _newest(told: Iterable[str | None]) -> str | None:
    """What a later node leaves out (weight and price come once) stays as it was told."""
    return next((value for value in told if value is not None), None)


def _entry(parcel: ParcelReceipt) -> dict[str, Any]:
    entry = {
        "changed_at": parcel.logistics_gmt_modified,
        "status": parcel.logistics_status,
        "status_text": parcel.logistics_status_desc,
        "detail": parcel.last_logistic_detail,
        "city": parcel.city,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _weight(text: str | None) -> str | None:
    try:
        fields = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    weight = fields.get("weight") if isinstance(fields, dict) else None
    if isinstance(weight, bool) or not isinstance(weight, int | float | str):
        return None
    try:
        return str(weight) if isfinite(float(weight)) else None
    except (ValueError, OverflowError):
        return None


PARCELS = Subject(table="parcels", model=lambda _: ParcelReceipt, rank=_rank, row=_parcel, most_facts=MOST_NODES)
