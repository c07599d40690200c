"""SmartLogisticsReport: one node on the way of a parcel. camelCase on the wire in both forms.

Source: Alibaba Cloud PLS, SmartLogisticsReport over MNS and over HTTP.
"""

from __future__ import annotations

from receipts.vendor.fields import ChinaTime, Text
from receipts.vendor.keys import Key
from receipts.vendor.receipt import VendorReceipt


class ParcelReceipt(VendorReceipt):
    """Parcel `mail_no` reached `logistics_status` at `logistics_gmt_modified`.

    `logistics_status`: WAIT, ACCEPT, GOT, MODIFY_WEIGHT, TRANSPORT, DELIVERING, SIGN. `package_dyn` is JSON text
    (weight in grams), `aliyunprice` yuan as text.

    Raises (from `read`):
        InvalidReceipt: `mailNo` is missing or too long, or a field cannot be understood.
    """

    mail_no: Key
    cp_code: Text = None
    logistics_status: Text = None
    logistics_status_desc: Text = None
    last_logistic_detail: Text = None
    logistics_gmt_modified: ChinaTime = None
    package_dyn: Text = None
    aliyunprice: Text = None
    city: Text = None
    biz_key: Text = None
    outer_order_code: Text = None
