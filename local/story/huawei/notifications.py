"""How calls and texts are told: call events, call records, text notifications. Times are UTC."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from local.story.huawei.calls import APP, file_of, icid_of, times_of
from local.story.world import HOUR, epoch_ms

if TYPE_CHECKING:
    from random import Random

    from local.story.huawei.calls import Call

DOMAIN = "recordings.huawei.invalid"
UTC = timezone.utc
Receipt = dict[str, Any]


def utc(second: int) -> str:
    """A moment as notifications write it: UTC."""
    moment = datetime.fromtimestamp(epoch_ms(second) / 1000, UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def record(call: Call, link: Any) -> Receipt:
    """The call record; `link` makes the link to a recording from its file's name."""
    a, x, b = call.parties
    caller, callee = (b, a) if call.incoming else (a, b)
    bound = call.ending.outcome != "unbound"
    record: Receipt = {
        "direction": (0 if call.incoming else 1) if bound else 2,
        "spId": "made_up",
        "appKey": APP,
        "icid": icid_of(call),
        "bindNum": x,
        "sessionId": call.session_id,
        "subscriptionId": f"binding-{call.number}" if bound else "",
        "callerNum": caller,
        "calleeNum": x,
        "fwdUnaswRsn": call.ending.q850,
        "ulFailReason": call.ending.code,
        "recordFlag": int(call.recorded),
        **{name: utc(second) for name, second in times_of(call).items()},
    }
    if bound:
        record |= {"fwdDisplayNum": x, "fwdDstNum": callee, "userData": f"order-{20_001 + call.number}"}
    if call.ending.hung_up:
        record["callRelDirection"] = call.ending.hung_up
    if call.recorded and call.linked:
        record |= {"recordFileDownloadUrl": link(file_of(call)), "recordObjectName": "", "recordDomain": ""}
    elif call.recorded:
        record |= {"recordObjectName": file_of(call), "recordDomain": DOMAIN}
    return record


def events(call: Call) -> list[Receipt]:
    """The call events, in order."""
    a, x, b = call.parties
    caller, callee = (b, a) if call.incoming else (a, b)
    times = times_of(call)
    legs = [("callin", "callInTime", caller, x), ("callout", "fwdStartTime", x, callee)]
    legs += [("alerting", "fwdAlertingTime", x, callee), ("answer", "fwdAnswerTime", x, callee)]
    told: list[dict[str, Any]] = [
        {"sessionId": call.session_id, "timestamp": utc(times[when]), "caller": source, "called": target, "kind": kind}
        for kind, when, source, target in legs
        if when in times
    ]
    # The numbers of the last event need not be the parties.
    end = {"sessionId": call.session_id, "timestamp": utc(times["callEndTime"]), "caller": x, "called": x}
    told.append(end | {"stateCode": call.ending.code, "stateDesc": "The user releases the call.", "kind": "disconnect"})
    return [{"eventType": event.pop("kind"), "statusInfo": event} for event in told]


def kinds(call: Call) -> frozenset[str]:
    """The kinds of receipts that tell the call."""
    return frozenset({event["eventType"] for event in events(call)} | {f"fee@{icid_of(call)}"})


def text(rng: Random, number: int, midnight: int) -> Receipt:
    """A text notification."""
    sent = datetime.fromtimestamp(epoch_ms(midnight + rng.randrange(24 * HOUR)) / 1000, UTC)
    paras = [{"key": "splitNum", "value": "1"}, {"key": "direction", "value": "1"}]
    event: Receipt = {
        "smsIdentifier": f"sms-{number}-{rng.getrandbits(32):08x}",
        "notificationMode": "Notify",
        "calling": f"+86139000{number + 1:05d}",
        "called": f"+86137000{number + 1:05d}",
        "virtualNumber": f"+86170000{number + 1:05d}",
        "event": rng.choice(("TextSMS", "Text SMS ")),
        "timeStamp": sent.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "smsContent": "made up",
        "extInfo": {"extParas": rng.choice((paras, {"splitNum": "1"}))},
        "sendResult": 2,
    }
    return {"appKey": APP, "smsEvent": event}
