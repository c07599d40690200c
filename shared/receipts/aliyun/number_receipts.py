"""The two receipts about a privacy number itself.

Sources: Alibaba Cloud PLS, SecretExceptionPhoneReport over MNS, NumberManagementReport over MNS and over HTTP.
The documents disagree with themselves on the spelling of the second (snake or camel case): both are taken.
"""

from __future__ import annotations

from typing import ClassVar

from receipts.vendor.fields import ChinaTime, Text, Whole
from receipts.vendor.keys import Key
from receipts.vendor.receipt import VendorReceipt


class ExceptionReceipt(VendorReceipt):
    """SecretExceptionPhoneReport: number `secret_no` became abnormal (`no_status` 0) or normal again (1).

    Raises (from `read`):
        InvalidReceipt: the number is missing or too long, or a field cannot be understood.
    """

    synonyms: ClassVar[dict[str, tuple[str, ...]]] = {"pool_key": ("partner_key",)}

    secret_no: Key
    pool_key: Text = None
    no_status: Whole = None
    timestamp: ChinaTime = None


class ManagementReceipt(VendorReceipt):
    """NumberManagementReport: number `secret_no` was created (`status` 1) or deleted (2) in a pool.

    `vendor`: the carrier, 1 China Mobile, 2 China Unicom, 3 China Telecom.

    Raises (from `read`):
        InvalidReceipt: the number is missing or too long, or a field cannot be understood.
    """

    synonyms: ClassVar[dict[str, tuple[str, ...]]] = {"pool_key": ("partner_key",)}

    secret_no: Key
    pool_key: Text = None
    city: Text = None
    operating_time: ChinaTime = None
    status: Whole = None
    vendor: Whole = None
