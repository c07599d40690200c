"""How the vendor's queues word the receipts of a call: less in them than in a push, some fields named otherwise.

Source: Alibaba Cloud PLS, the MNS pages of each type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from local.story.world import Receipt

_PUSHED_ONLY = frozenset(("id", "partner_key", "city", "control_type"))


def _without(receipt: Receipt, names: Container[str]) -> Receipt:
    return {name: value for name, value in receipt.items() if name not in names}


def _start(receipt: Receipt) -> Receipt:
    return _without(receipt, _PUSHED_ONLY | {"unconnected_cause"})


def _ring(receipt: Receipt) -> Receipt:
    return receipt | {name: int(receipt[name]) for name in ("call_type", "sub_id")}


def _pickup(receipt: Receipt) -> Receipt:
    return _without(_ring(receipt), ("ring_time",)) | {"ring_Time": receipt["ring_time"]}


def _report(receipt: Receipt) -> Receipt:
    return _without(receipt, _PUSHED_ONLY) | {"sms_number": None, "extension": None}


def _recording(receipt: Receipt) -> Receipt:
    fields = {"subs_id": receipt["sub_id"], "call_time": str(receipt["call_time"])}
    return _without(receipt, ("sub_id",)) | fields


def _same(receipt: Receipt) -> Receipt:
    return receipt


QUEUE_FORMS: dict[str, Callable[[Receipt], Receipt]] = {
    "SecretStartReport": _start,
    "SecretRingReport": _ring,
    "SecretPickUpReport": _pickup,
    "SecretReport": _report,
    "SecretRecording": _recording,
    "SecretAsrReport": _same,
    "SecretExceptionPhoneReport": _same,
}
"""The queue's form of a receipt, from its push form."""
