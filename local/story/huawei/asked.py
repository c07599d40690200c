"""A call of mode X: the platform asks where it goes, and tells afterwards what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from local.story.huawei.calls import APP
from local.story.huawei.notifications import utc
from local.story.world import DAY, HOUR, epoch_ms

if TYPE_CHECKING:
    from datetime import date

    from local.story.huawei.day import HuaweiDay

CALLER, NUMBER_X, CALLEE = "+8613900090001", "+8617000090002", "+8613700090003"
SESSION = "1201_612_90001@callenabler.invalid"
ORDER, RECORD = "order-90001", "icid-90001"
BEGAN, ANSWERED, ENDED = 12 * HOUR, 12 * HOUR + 9, 12 * HOUR + 75


class Asked(NamedTuple):
    """The question, what has to be answered, and what is pushed once that was done.

    Attributes:
        question: the notification that wants an answer.
        rule: the columns of `bindings` for every caller of `NUMBER_X`.
        callee: whom the answer has to name.
        notifications: what comes after the answer.
    """

    question: bytes
    rule: dict[str, str | int]
    callee: str
    notifications: list[bytes]


def asked(day: date = DAY) -> Asked:
    """The same call every time; it happens at noon of `day`, in China."""
    midnight = (day - DAY).days * 24 * HOUR
    began, answered, ended = (utc(midnight + second) for second in (BEGAN, ANSWERED, ENDED))
    same = {"sessionId": SESSION, "userData": ORDER}
    record = {
        "notifyMode": "Block", "direction": 0, "appKey": APP, "icid": RECORD, "bindNum": NUMBER_X,
        "callerNum": CALLER, "calleeNum": NUMBER_X, "fwdDstNum": CALLEE, "callInTime": began, "fwdAnswerTime": answered,
        "callEndTime": ended, "ulFailReason": 0, "fwdUnaswRsn": 0, "recordFlag": 0,
    }  # fmt: skip
    bodies = [
        _event("answer", same | {"timestamp": answered, "caller": NUMBER_X, "called": CALLEE}),
        _event("disconnect", same | {"timestamp": ended, "stateCode": 0}),
        {"eventType": "fee", "feeLst": [same | record]},
    ]
    question = {"sessionId": SESSION, "timestamp": began, "caller": CALLER, "called": NUMBER_X, "notifyMode": "Block"}
    return Asked(
        question=_bytes(_event("callin", question)),
        rule={"call": "connect", "callee": CALLEE, "user_data": ORDER},
        callee=CALLEE,
        notifications=[_bytes(body) for body in bodies],
    )


def with_question(huawei: HuaweiDay, day: date = DAY) -> HuaweiDay:
    """What must come of the day with that call."""
    midnight = (day - DAY).days * 24 * HOUR
    columns: dict[str, str | int] = {
        "number_x": NUMBER_X,
        "caller": CALLER,
        "callee": CALLEE,
        "order_id": ORDER,
        "outcome": "answered",
        "started_at": epoch_ms(midnight + BEGAN),
        "talk_seconds": ENDED - ANSWERED,
    }
    call_id = f"huawei:{SESSION}"
    kinds = frozenset({"callin", "decision", "answer", "disconnect", f"fee@{RECORD}"})
    return huawei._replace(calls=huawei.calls | {call_id: columns}, told=huawei.told | {call_id: kinds})


def _event(kind: str, told: dict[str, Any]) -> dict[str, Any]:
    return {"eventType": kind, "statusInfo": told}


def _bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()
