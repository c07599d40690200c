"""The four receipts that tell the course of a call.

Sources: Alibaba Cloud PLS, receipts over MNS and over HTTP: SecretStartReport, SecretRingReport,
SecretPickUpReport, SecretReport. Text times are China Standard Time (UTC+8); here epoch milliseconds UTC.
"""

from __future__ import annotations

from typing import ClassVar

from receipts.vendor.fields import ChinaTime, Text, Whole
from receipts.vendor.keys import Key, OptionalKey
from receipts.vendor.receipt import VendorReceipt


class CallReceipt(VendorReceipt):
    """What the four have in common. Only `call_id` is required: a call is told by what came of it.

    `call_type`: 0 `phone_no` called `peer_no`; 1 the reverse; 4 blocked; 2, 3, 5 records of texts (old pages).
    `unconnected_cause`: 0 normal, 1 blacklist, 2 no binding, 3 call restriction, 4 other.
    `control_msg`: NO_SUBS_EXIST when the privacy number has no binding.

    Raises (from `read`):
        InvalidReceipt: `call_id` is missing or too long, or a field cannot be understood.
    """

    synonyms: ClassVar[dict[str, tuple[str, ...]]] = {
        "sub_id": ("subs_id",),
        "pool_key": ("partner_key",),
    }

    call_id: Key
    pool_key: Text = None
    sub_id: OptionalKey = None
    out_id: OptionalKey = None
    phone_no: Text = None
    secret_no: OptionalKey = None
    peer_no: Text = None
    called_display_no: Text = None
    call_type: Whole = None
    call_time: ChinaTime = None
    city: Text = None
    extension: Text = None
    unconnected_cause: Whole = None
    control_type: Text = None
    control_msg: Text = None


class StartReceipt(CallReceipt):
    """SecretStartReport: the call was initiated at `call_time`."""


class RingReceipt(CallReceipt):
    """SecretRingReport: the callee's phone rings since `ring_time`. Some carriers' numbers only."""

    ring_time: ChinaTime = None


class PickUpReceipt(CallReceipt):
    """SecretPickUpReport: the callee answered at `start_time`. Some carriers' numbers only."""

    ring_time: ChinaTime = None
    start_time: ChinaTime = None


class EndReceipt(CallReceipt):
    """SecretReport: the call has ended; the call record (话单).

    Times that did not happen are filled by the vendor: `start_time` = `release_time` when nobody answered,
    `call_out_time` = `call_time` when the callee was never dialled, `ring_time` = `call_out_time` without ringing.
    `release_dir`: 0 platform, 1 caller, 2 callee. `release_cause`: see `release_causes`.
    """

    start_time: ChinaTime = None
    call_out_time: ChinaTime = None
    ring_time: ChinaTime = None
    free_ring_time: ChinaTime = None
    release_time: ChinaTime = None
    release_dir: Whole = None
    release_cause: Whole = None
    record_url: Text = None
    ring_record_url: Text = None
    sms_number: Whole = None
