"""What tells the course of a call: the call events, the call record (话单), and what `decide` answered.

Sources: Huawei Cloud PrivateNumber, call event notification of the modes AX, AXB, AXE, AXYB and X, and call record
notification of the same. Text times are UTC; here epoch milliseconds. A call event is read as one object: the fields
of `statusInfo` and those beside it.
"""

from __future__ import annotations

from receipts.vendor.fields import Flag, Text, UtcTime, Whole
from receipts.vendor.keys import Key, OptionalKey
from receipts.vendor.receipt import VendorReceipt


class CallReceipt(VendorReceipt):
    """What all of them have in common. Only `session_id` is required: one value for all that is told of a call.

    It is opaque, and of the newer form holds the numbers of both parties.

    Raises (from `read`):
        InvalidReceipt: `session_id` is missing or too long, or a field cannot be understood.
    """

    session_id: Key
    subscription_id: OptionalKey = None
    user_data: OptionalKey = None
    notify_mode: Text = None
    call_rel_direction: Whole = None


class EventReceipt(CallReceipt):
    """A call event: `callin`, `callout`, `alerting`, `answer`, `disconnect`, or `collectInfo` of mode AXE.

    `caller` and `called` are those of the leg that the event is about: in `callin` the privacy number is `called`.
    In `disconnect` they need not be the parties at all. `state_code`: why the call ended, see `release_causes`.
    `call_rel_direction`: 1 the caller hung up, 2 the callee. `digit_info`: what the caller typed.
    """

    event_type: Text = None
    timestamp: UtcTime = None
    caller: OptionalKey = None
    called: OptionalKey = None
    digit_info: Text = None
    state_code: Whole = None
    state_desc: Text = None


class RecordReceipt(CallReceipt):
    """One call record of a `fee` notification; there is one for a call that nobody answered, too.

    `direction`: 0 B called A, 1 A called B (mode AX: others called A, A called others), 2 abnormal. `bind_num`: the
    privacy number. `caller_num`: who really called; `fwd_dst_num`: whom the call was really put through to;
    `callee_num`: what the caller dialled. `fwd_unasw_rsn` and `call_out_unasw_rsn`: Q.850. `ul_fail_reason`: see
    `release_causes`. `record_flag`: 1 recorded. `call_duration`: seconds.
    """

    app_key: Text = None
    icid: OptionalKey = None
    direction: Whole = None
    bind_num: OptionalKey = None
    caller_num: Text = None
    callee_num: Text = None
    fwd_display_num: Text = None
    fwd_dst_num: Text = None
    call_in_time: UtcTime = None
    fwd_start_time: UtcTime = None
    fwd_alerting_time: UtcTime = None
    fwd_answer_time: UtcTime = None
    call_end_time: UtcTime = None
    fail_time: UtcTime = None
    fwd_unasw_rsn: Whole = None
    ul_fail_reason: Whole = None
    sip_status_code: Whole = None
    call_out_unasw_rsn: Whole = None
    record_flag: Flag = None
    record_start_time: UtcTime = None
    record_object_name: Text = None
    record_domain: Text = None
    record_file_download_url: Text = None
    extend_num: Text = None
    area_code: Text = None
    call_duration: Whole = None


class DecisionReceipt(CallReceipt):
    """What `decide` answered to a question about a call, at `decided_at` (epoch milliseconds); not of the vendor."""

    app_key: Text = None
    decided_at: Whole = None
    because: Text = None
