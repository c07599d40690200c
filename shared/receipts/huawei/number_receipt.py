"""A number status notification (X号码状态通知).

Source: Huawei Cloud PrivateNumber, X-number status notification. Its values are text.
"""

from __future__ import annotations

from receipts.vendor.fields import Text, Whole
from receipts.vendor.keys import Key
from receipts.vendor.receipt import VendorReceipt


class NumberReceipt(VendorReceipt):
    """Privacy number `number` came into a state.

    `status`: 5 normal, 9 suspended, 10 unavailable, 11 bindings frozen. `cause` of 10: 1 deleted, 2 arrears,
    3 stopped, 5 barred by the carrier, 6 the bar lifted, 7 to 9 forwarding was set on it.
    `received_at` (epoch milliseconds) and `received_place` in the push are not of the vendor, who tells no time.

    Raises (from `read`):
        InvalidReceipt: the number is missing or too long, or a field cannot be understood.
    """

    number: Key
    status: Text = None
    cause: Text = None
    received_at: Whole = None
    received_place: Whole = None
