"""The ten models against the golden bodies: what each tells, and that both forms of a receipt tell the same."""

from __future__ import annotations

from typing import Any

import pytest

from receipts.aliyun.catalogue import MESSAGE_TYPES, find
from receipts.vendor.receipt import squeezed
from tests.receipts.support import at, fields, golden, model, ms

CALLERS = {"phone_no": "13900000001", "secret_no": "17000000002", "peer_no": "13700000003"}
PUSHED = {"pool_key": "FC100000000000001", "sub_id": "1000000000000001", "out_id": "order-10001"}
CALL = {**CALLERS, **PUSHED, "call_id": "7b3d90c4e1f20a01", "call_time": ms(at("09:12:40")), "call_type": 0}
RUNG, ANSWERED = ms(at("09:12:44")), ms(at("09:12:52"))
QUERY = "Expires=1797729307&OSSAccessKeyId=made-up&Signature=made-up%3D"
URL = "https://recordings.example.com/7b3d90c4e1f20a01"

# The first receipt of each push, in full: every documented field under its one name.
FIRST: dict[str, dict[str, Any]] = {
    "SecretStartReport": {
        **CALL,
        "city": "杭州",
        "unconnected_cause": 0,
        "called_display_no": "17000000002",
        "control_type": "CONTINUE",
    },
    "SecretRingReport": {**CALL, "city": "杭州", "ring_time": RUNG},
    "SecretPickUpReport": {**CALL, "city": "杭州", "ring_time": RUNG, "start_time": ANSWERED},
    "SecretReport": {
        **CALL,
        "city": "杭州",
        "called_display_no": "17000000002",
        "unconnected_cause": 0,
        "control_type": "CONTINUE",
        "control_msg": "OK",
        "call_out_time": ms(at("09:12:41")),
        "ring_time": RUNG,
        "free_ring_time": RUNG,
        "start_time": ANSWERED,
        "release_time": ms(at("09:15:07")),
        "release_dir": 1,
        "release_cause": 16,
        "record_url": f"{URL}.mp3?{QUERY}",
        "ring_record_url": f"{URL}-ring.mp3?{QUERY}",
    },
    "SecretRecording": {**PUSHED, "call_id": "7b3d90c4e1f20a01", "call_time": ms(at("09:12:40"))},
    "SecretAsrReport": {
        "call_id": "7b3d90c4e1f20a01",
        "biz_duration": 135000,
        "secret_no": "17000000002",
        "pool_key": "FC100000000000001",
        "status_code": "21050000",
    },
    "SecretExceptionPhoneReport": {
        "secret_no": "17000000005",
        "pool_key": "FC100000000000001",
        "no_status": 0,
        "timestamp": 1795129200000,
    },
    "SmartLogisticsReport": {
        "cp_code": "YTO",
        "mail_no": "YT0000000010001",
        "logistics_gmt_modified": ms(at("08:05:00")),
        "city": "杭州",
        "biz_key": "BK0000000010001",
        "logistics_status_desc": "已揽收",
        "last_logistic_detail": "快件已由网点揽收",
        "package_dyn": '{"weight": 860.5}',
        "aliyunprice": "6.5",
        "logistics_status": "GOT",
        "outer_order_code": "order-10001",
    },
    "NumberManagementReport": {
        "secret_no": "17000000008",
        "pool_key": "FC100000000000001",
        "city": "杭州",
        "operating_time": ms(at("00:05:00")),
        "status": 1,
    },
    "SecretSmsIntercept": {
        **PUSHED,
        "id": "2000000000301",
        "sms_type": 1,
        "send_no": "13900000001",
        "secret_no": "17000000002",
        "receive_no": "13700000003",
        "sms_content": "我到楼下了",
        "status": 1,
        "sms_intercept_type": "NORMAL",
        "call_id": "20261120141000000000301",
        "code": "DELIVRD",
        "start_time": ms(at("14:10:00")),
    },
}
# How the queue's form of a receipt differs from the push, by the vendor's pages: fields it lacks, and the rest
# renamed or written otherwise.
ONLY_PUSHED = {"id", "partner_key", "city", "control_type"}
CALL_FORMS: dict[str, Any] = {"call_type": int, "sub_id": int}
QUEUE_FORMS: dict[str, dict[str, Any]] = {
    "SecretStartReport": CALL_FORMS,
    "SecretRingReport": CALL_FORMS,
    "SecretPickUpReport": {**CALL_FORMS, "ring_time": ("ring_Time", str)},
    "SecretReport": CALL_FORMS,
    "SecretRecording": {"sub_id": ("subs_id", int), "call_time": str},
    "SecretAsrReport": {},
    "SecretExceptionPhoneReport": {},
    "SmartLogisticsReport": {},
    "NumberManagementReport": {
        "secret_no": ("secretNo", str),
        "partner_key": ("partnerKey", str),
        "operating_time": ("operatingTime", str),
    },
    "SecretSmsIntercept": {"status": int, "sms_intercept_type": ("sms-intercept-type", str)},
}
CALL_TYPES = tuple(MESSAGE_TYPES)[:4]


def as_queued(message_type: str, pushed: dict[str, Any]) -> dict[str, Any]:
    """A pushed receipt in the form in which the queue delivers it."""
    queued: dict[str, Any] = {"extension": None} if message_type in CALL_TYPES else {}
    for name, value in pushed.items():
        if message_type in CALL_TYPES and name in ONLY_PUSHED:
            continue
        form = QUEUE_FORMS[message_type].get(name)
        spelling, written = form if isinstance(form, tuple) else (name, form or (lambda same: same))
        queued[spelling] = written(value)
    return queued


def test_all_ten_documented_types_are_here() -> None:
    """The catalogue holds what the vendor documents, no more: other types become dead letters."""
    assert set(MESSAGE_TYPES) == set(FIRST) == set(QUEUE_FORMS)
    assert len({message_type.model for message_type in MESSAGE_TYPES.values()}) == 10


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
def test_a_pushed_receipt_is_read_in_full(message_type: str) -> None:
    """Every documented field of the golden push comes out under its one name, as text, number or moment."""
    receipt = model(message_type).read(golden(message_type, "push")[0])
    told = fields(receipt)
    assert told.pop("sentences", None) is None or message_type == "SecretAsrReport"
    assert told == FIRST[message_type]


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
@pytest.mark.parametrize("way", ["push", "queue"])
def test_no_field_of_a_golden_body_is_overlooked(message_type: str, way: str) -> None:
    """What is left as unknown of a documented receipt is known to be of no use: the record id alone."""
    for sent in golden(message_type, way):
        receipt = model(message_type).read(sent)
        assert set(receipt.model_extra or {}) <= {"id"}
        known = {squeezed(name) for name in type(receipt).model_fields}
        synonyms = {squeezed(name) for names in type(receipt).synonyms.values() for name in names}
        assert {squeezed(name) for name in sent} <= known | synonyms | {"id"}


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
def test_both_forms_of_one_receipt_tell_the_same(message_type: str) -> None:
    """Pushed or queued, renamed and retyped as the pages differ: the same fields with the same values."""
    for pushed in golden(message_type, "push"):
        by_push = fields(model(message_type).read(pushed))
        by_queue = fields(model(message_type).read(as_queued(message_type, pushed)))
        left_out = set(by_push) - set(by_queue)
        assert left_out <= ({"city", "control_type"} if message_type in CALL_TYPES else set())
        assert by_queue == {name: value for name, value in by_push.items() if name not in left_out}


@pytest.mark.parametrize("message_type", ["NumberManagementReport", "SecretExceptionPhoneReport"])
def test_the_golden_pair_of_one_receipt_tells_the_same(message_type: str) -> None:
    """Where the golden bodies hold one receipt in both forms, they agree as far as both tell."""
    by_push = fields(model(message_type).read(golden(message_type, "push")[0]))
    by_queue = fields(model(message_type).read(golden(message_type, "queue")[0]))
    shared = set(by_push) & set(by_queue)
    assert shared == set(by_push)
    assert {name: by_queue[name] for name in shared} == by_push


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
def test_the_queue_form_is_read_to_the_same_kinds_of_values(message_type: str) -> None:
    """In the golden queue form, too, numbers are numbers, ids are text, times are epoch milliseconds of the day."""
    told = fields(model(message_type).read(golden(message_type, "queue")[0]))
    for name, value in FIRST[message_type].items():
        assert name not in told or type(told[name]) is type(value), name
    times = [value for name, value in told.items() if name.endswith("_time") or name == "timestamp"]
    assert all(ms(at("00:00:00")) <= moment < ms("2026-11-21 00:00:00") for moment in times)


@pytest.mark.parametrize("message_type", MESSAGE_TYPES)
def test_a_type_is_found_by_its_name_in_any_case(message_type: str) -> None:
    """The name stands in a URL that somebody typed; an unknown one is None."""
    assert find(message_type) is find(message_type.lower()) is find(message_type.upper()) is MESSAGE_TYPES[message_type]
    assert find(f"{message_type}2") is None


@pytest.mark.parametrize(
    ("message_type", "identity"),
    [
        ("SecretReport", "aliyun:7b3d90c4e1f20a01"),
        ("SecretRecording", "aliyun:7b3d90c4e1f20a01"),
        ("SecretAsrReport", "aliyun:7b3d90c4e1f20a01"),
        ("SecretSmsIntercept", "aliyun:2000000000301"),
        ("SecretExceptionPhoneReport", "17000000005"),
        ("NumberManagementReport", "17000000008"),
        ("SmartLogisticsReport", "YT0000000010001"),
    ],
)
def test_a_receipt_names_its_row(message_type: str, identity: str) -> None:
    """Ids of a vendor carry the vendor's name, phone numbers and waybills do not."""
    receipt = model(message_type).read(golden(message_type, "push")[0])
    assert MESSAGE_TYPES[message_type].identity(receipt) == identity
