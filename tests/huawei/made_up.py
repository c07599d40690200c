"""Made-up notifications of Huawei's, and what they come to."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from receipts.intake.parsing import ParsedReceipt, told_by
from receipts.joining.facts import joined
from receipts.journal.envelope import Envelope

A, X, B = "+8613900000001", "+8617000000002", "+8613700000003"
SESSION = "1200_1827_4294967295_20261120060503@callenabler246.example.com"
APP = "a1DemoAppKey0000000000000001"
AT = 1795154800000
Row = dict[str, Any]


def ms(clock: str) -> int:
    """A time of the made-up day, UTC, as epoch milliseconds; worked out without the code under test."""
    moment = datetime.strptime(f"2026-11-20 {clock}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 1000


def at(clock: str) -> str:
    """A text time of the made-up day, as the vendor writes it."""
    return f"2026-11-20 {clock}"


def event(kind: str, clock: str = "06:05:03", **fields: Any) -> dict[str, Any]:
    """A call event."""
    return {"eventType": kind, "statusInfo": {"sessionId": SESSION, "timestamp": at(clock)} | fields}


def record(**fields: Any) -> dict[str, Any]:
    """A call record: A called X, B answered, both talked for 16 s and were recorded."""
    told = {
        "direction": 1,
        "appKey": APP,
        "icid": "0f1e.1",
        "bindNum": X,
        "sessionId": SESSION,
        "subscriptionId": "e97b2863",
        "callerNum": A,
        "calleeNum": X,
        "fwdDisplayNum": X,
        "fwdDstNum": B,
        "callInTime": at("06:05:03"),
        "fwdStartTime": at("06:05:04"),
        "fwdAlertingTime": at("06:05:09"),
        "fwdAnswerTime": at("06:05:17"),
        "callEndTime": at("06:05:33"),
        "fwdUnaswRsn": 0,
        "ulFailReason": 0,
        "sipStatusCode": 0,
        "recordFlag": 1,
        "recordDomain": "ostor.example.com",
        "recordObjectName": "26112006051701.wav",
    } | fields
    return {name: value for name, value in told.items() if value is not None}


def unanswered(**fields: Any) -> dict[str, Any]:
    """The record of a call that nobody answered."""
    return record(fwdAnswerTime=None, recordFlag=0, recordDomain=None, recordObjectName=None, **fields)


def fee(*records: Any) -> dict[str, Any]:
    """A notification of call records."""
    return {"eventType": "fee", "feeLst": list(records)}


def text(mode: str = "Notify", **fields: Any) -> dict[str, Any]:
    """A text notification."""
    told = {
        "smsIdentifier": "sms-1",
        "notificationMode": mode,
        "calling": A,
        "called": B,
        "virtualNumber": X,
        "event": "Text SMS ",
        "timeStamp": "2026-11-20T06:05:03.123Z",
        "smsContent": "on my way",
        "extInfo": {"extParas": [{"key": "splitNum", "value": "1"}]},
        "sendResult": 2,
    }
    return {"appKey": APP, "smsEvent": told | fields}


def envelope(body: Any, received_at: int = AT, kind: str = "notification") -> Envelope:
    """A journalled push."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Envelope("huawei", kind, received_at, f"r-{received_at}", raw)


def told(*bodies: Any) -> list[ParsedReceipt]:
    """What the notifications tell; nothing of them is a dead letter."""
    found = []
    for number, body in enumerate(bodies):
        for one in told_by(envelope(body, AT + number)):
            assert isinstance(one, ParsedReceipt), one.error
            found.append(one)
    return found


def rows(*bodies: Any) -> dict[str, Row]:
    """The rows that the notifications come to, by their key."""
    by_row: dict[str, list[ParsedReceipt]] = {}
    for one in told(*bodies):
        by_row.setdefault(one.identity, []).append(one)
    return {
        identity: dict(
            same[0]
            .subject.row({kind: fact.receipt for kind, fact in joined({one.kind: one.fact} for one in same).items()})
            .columns()
        )
        for identity, same in by_row.items()
    }


def row(*bodies: Any) -> Row:
    """The one row that they come to."""
    (only,) = rows(*bodies).values()
    return only
