"""A text notification: a text that went through a privacy number, or that wants to.

Source: Huawei Cloud PrivateNumber, SMS notification of the modes AX, AXB and X. The time is UTC. A notification is
read as one object: the fields of `smsEvent` and those beside it.
"""

from __future__ import annotations

from typing import Any

from receipts.vendor.fields import Content, Text, UtcTime, Whole
from receipts.vendor.keys import Key, OptionalKey
from receipts.vendor.receipt import VendorReceipt


class TextReceipt(VendorReceipt):
    """One text (短信), at `time_stamp`.

    `notification_mode`: `Notify`, or `Block` for a question what is to become of it. `called` is there once the text
    was forwarded. `event`: `TextSMS`, however it is spelt. `ext_info`: `extParas` with `splitNum` and `direction`,
    as a list of `key` and `value` or as an object; kept, not read. `send_result`: values are not documented.

    Raises (from `read`):
        InvalidReceipt: `sms_identifier` is missing or too long, or a field cannot be understood.
    """

    sms_identifier: Key
    app_key: Text = None
    notification_mode: Text = None
    calling: Text = None
    called: Text = None
    virtual_number: OptionalKey = None
    event: Text = None
    time_stamp: UtcTime = None
    subscription_id: OptionalKey = None
    user_data: OptionalKey = None
    sms_content: Content = None
    ext_info: Any = None
    send_result: Text = None
    area_code: Text = None


class TextDecisionReceipt(VendorReceipt):
    """What `decide` answered to a question about a text, at `decided_at` (epoch milliseconds); not of the vendor."""

    sms_identifier: Key
    app_key: Text = None
    decided_at: Whole = None
    because: Text = None
