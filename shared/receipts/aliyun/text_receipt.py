"""SecretSmsIntercept: a text that went through a privacy number, with its content.

Source: Alibaba Cloud PLS, SecretSmsIntercept over MNS and over HTTP.
"""

from __future__ import annotations

from typing import ClassVar

from receipts.vendor.fields import ChinaTime, Content, Text, Whole
from receipts.vendor.keys import Key, OptionalKey
from receipts.vendor.receipt import VendorReceipt


class TextReceipt(VendorReceipt):
    """One text (短信), sent at `start_time`.

    `sms_type`: 1 intercepted, 3 (formerly 2) smart SMS. `status`: 1 sent, 2 failed. `code`: DELIVRD, REJECTD,
    UNDELIV, EXPIRED, ACCEPTD. `sms_intercept_type`: NORMAL, SUBS_NOT_EXISTS, CONTROL_DISABLE, CALLED_NOT_EXISTS.

    Raises (from `read`):
        InvalidReceipt: `id` is missing or too long, or a field cannot be understood.
    """

    synonyms: ClassVar[dict[str, tuple[str, ...]]] = {"sub_id": ("subs_id",), "pool_key": ("partner_key",)}

    id: Key
    pool_key: Text = None
    sub_id: OptionalKey = None
    out_id: OptionalKey = None
    call_id: Text = None
    sms_type: Whole = None
    send_no: Text = None
    secret_no: OptionalKey = None
    receive_no: Text = None
    sms_content: Content = None
    sms_sign: Text = None
    status: Whole = None
    sms_intercept_type: Text = None
    code: Text = None
    start_time: ChinaTime = None
