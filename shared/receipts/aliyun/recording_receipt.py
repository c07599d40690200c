"""SecretRecording: the recording of a call exists and can be asked for. It holds no link.

Source: Alibaba Cloud PLS, SecretRecording over MNS and over HTTP.
"""

from __future__ import annotations

from typing import ClassVar

from receipts.vendor.fields import ChinaTime, Text
from receipts.vendor.keys import Key, OptionalKey
from receipts.vendor.receipt import VendorReceipt


class RecordingReceipt(VendorReceipt):
    """The recording of call `call_id`, initiated at `call_time` (sent as epoch milliseconds, unlike elsewhere).

    Raises (from `read`):
        InvalidReceipt: `call_id` is missing or too long, or a field cannot be understood.
    """

    synonyms: ClassVar[dict[str, tuple[str, ...]]] = {"sub_id": ("subs_id",), "pool_key": ("partner_key",)}

    call_id: Key
    pool_key: Text = None
    sub_id: OptionalKey = None
    out_id: OptionalKey = None
    call_time: ChinaTime = None
