"""Random receipts about one thing, as a vendor might send them: early, late, twice, with a field more or less."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from receipts.vendor.receipt import squeezed
from tests.receipts.support import CALL_TYPES

if TYPE_CHECKING:
    import random

Sent = tuple[str, dict[str, Any]]

# Few values, so that receipts often agree in all but one field; each moment in several forms.
TIMES = (None, "", "2026-11-20 14:05:03", 1795154703000, "1795154703000", "2026-11-20 14:05:09", "2026-11-20 14:06:41")
SMALL = (None, 0, 1, 2, "1", "2", 1.0, 4, 5, 77)
# Equal to Python, or to a database, but not the same receipt.
ALIKE = (1, 1.0, "1", True, None, [1], [True], "１", {"a": 1}, {"a": 1.0}, -0.0, 0)
NAMES = ("杭州", "成都", None)
KEYS = ("FC1", "FC2", None)

CALL: dict[str, tuple[Any, ...]] = {
    "call_time": TIMES,
    "call_type": SMALL,
    "phone_no": ("13900000001", None),
    "secret_no": ("17000000002", 17000000002, None),
    "peer_no": ("13700000003", None),
    "pool_key": KEYS,
    "sub_id": (1, "1", 2, None),
    "out_id": ("o-1", "o-2", None),
    "city": NAMES,
    "control_msg": ("OK", "NO_SUBS_EXIST", None),
    "unconnected_cause": SMALL,
}
RUNG = {"ring_time": TIMES, "extension": ("8011", None)}
FIELDS: dict[str, dict[str, tuple[Any, ...]]] = {
    "SecretStartReport": CALL,
    "SecretRingReport": {**CALL, **RUNG},
    "SecretPickUpReport": {**CALL, **RUNG, "start_time": TIMES},
    "SecretReport": {
        **CALL,
        **dict.fromkeys(("start_time", "call_out_time", "ring_time", "release_time"), TIMES),
        "release_dir": SMALL,
        "release_cause": (None, 16, 17, "19", 21, 9999),
    },
    "SecretRecording": {"call_time": TIMES, "pool_key": KEYS, "subs_id": (1, "1", None), "out_id": ("o-1", None)},
    "SecretSmsIntercept": {
        "start_time": TIMES,
        "code": ("ACCEPTD", "DELIVRD", "EXPIRED", None, ""),
        "status": SMALL,
        "sms_type": SMALL,
        "sms_content": ("您好", "", None),
        "sms-intercept-type": ("NORMAL", None),
    },
    "SecretExceptionPhoneReport": {"timestamp": TIMES, "noStatus": SMALL, "partnerKey": KEYS},
    "NumberManagementReport": {
        "operatingTime": TIMES,
        "status": SMALL,
        "vendor": SMALL,
        "city": NAMES,
        "partner_key": KEYS,
    },
    "SecretAsrReport": {
        "statusCode": ("21050000", "21050001", None),
        "bizDuration": (None, 0, 1000, "2000"),
        "partnerKey": KEYS,
        "sentences": (None, [], [{"beginTime": 1, "text": "a"}], [{"beginTime": "1", "text": "b"}, {"text": "c"}]),
    },
    "SmartLogisticsReport": {
        "logisticsGmtModified": TIMES,
        "logisticsStatus": ("WAIT", "GOT", "TRANSPORT", "SIGN", "TELEPORTED", None),
        "bizKey": ("1", None),
        "packageDyn": ('{"weight": 5}', '{"weight": 6}', None),
        "aliyunprice": ("6", 7, None),
        "city": NAMES,
    },
}
SUBJECTS: dict[str, tuple[str, ...]] = {
    "call": tuple(CALL_TYPES.values()),
    "text": ("SecretSmsIntercept",),
    "number": ("SecretExceptionPhoneReport", "NumberManagementReport"),
    "transcript": ("SecretAsrReport",),
    "parcel": ("SmartLogisticsReport",),
}
IDENTITY = {
    "call": ("call_id", "7b3d90c4e1f20a01"),
    "text": ("id", 2000000000301),
    "number": ("secretNo", "17000000005"),
}
IDENTITY |= {"transcript": ("callId", "7b3d90c4e1f20a01"), "parcel": ("mailNo", "YT0000000010001")}


def _spelled(field: str, rng: random.Random) -> str:
    """The field's name, or one of the other ways in which the vendor writes it."""
    return rng.choice({"ring_time": ("ring_time", "ring_Time", "ringTime")}.get(field, (field,)))


def one(about: str, rng: random.Random) -> Sent:
    """A receipt of one of the subject's types."""
    message_type = rng.choice(SUBJECTS[about])
    name, value = IDENTITY[about]
    sent = {name: value}
    for field, values in FIELDS[message_type].items():
        if rng.random() < 0.8:
            sent[_spelled(field, rng)] = copy.deepcopy(rng.choice(values))
    if rng.random() < 0.3:
        sent["news"] = copy.deepcopy(rng.choice(ALIKE))
    return message_type, sent


def nearly(same: Sent, rng: random.Random) -> Sent:
    """The receipt with one field more, one less or one changed; or its fields in another order."""
    message_type, sent = same
    field = rng.choice([*FIELDS[message_type], "news"])
    names = list(sent)
    rng.shuffle(names)
    changed = {name: sent[name] for name in names if squeezed(name) != squeezed(field)}
    chance = rng.randrange(3)
    if chance == 0:
        changed[field] = copy.deepcopy(rng.choice(FIELDS[message_type].get(field, ALIKE)))
    elif chance == 1 and field in sent:
        changed[field] = sent[field]
    return message_type, changed


def some(about: str, rng: random.Random, most: int = 8) -> list[Sent]:
    """Up to `most` receipts about one thing, among them such that differ in one field."""
    receipts = [one(about, rng)]
    while len(receipts) < rng.randint(1, most):
        receipts.append(nearly(rng.choice(receipts), rng) if rng.random() < 0.5 else one(about, rng))
    return receipts


ABOUT = st.sampled_from(sorted(SUBJECTS))
CHANCE = st.randoms(use_true_random=False)
