"""Which event stands in which file."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from local.golden import huawei
from local.golden.bodies import TYPES, Bodies, compact
from local.golden.envelope import envelope
from local.golden.recordings import job, recordings
from local.golden.shapes import (
    JSON_HEADERS,
    cloud_event,
    http_event,
    raw_data,
    timer_event,
    topic_notification,
)

EVENTS = Path(__file__).resolve().parents[2] / "events"
TOKEN_PATH = "/aliyun/local-push-token"  # noqa: S105 - the made-up token of the loopback cloud


def derived(events: Path) -> dict[str, str]:
    """Every event that is made from the bodies under `events`: path relative to it -> the file's text."""
    bodies = Bodies(events / "bodies")
    made = {f"receive/{name}": event for name, event in _receive(bodies).items()}
    made |= {f"receive/{name}": event for name, event in huawei.events(bodies).items()}
    made |= {f"decide/{name}": event for name, event in huawei.decide_events(bodies).items()}
    made |= {f"ingest/{name}": event for name, event in _ingest(bodies).items()}
    made |= {f"archive/{name}": event for name, event in _archive(bodies).items()}
    made |= {
        "sweep/timer.json": timer_event("every-ten-minutes", 61),
        "poll/timer.json": timer_event("every-minute", 62),
    }
    return {name: _laid_out(event) for name, event in made.items()}


def _laid_out(event: Any) -> str:
    # A stream's event is the message itself, so its bytes stay as they are on the wire.
    text = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False, indent=2)
    return text + "\n"


def _receive(bodies: Bodies) -> dict[str, Any]:
    body = bodies.push("SecretReport")
    text, path = body.decode(), f"{TOKEN_PATH}/SecretReport"
    binary = {**JSON_HEADERS, "Content-Type": "application/octet-stream"}
    lower = {name.lower(): value for name, value in JSON_HEADERS.items()}
    first = bodies.receipts("SecretReport")[0]
    events = {
        f"{message_type}.json": http_event(f"{TOKEN_PATH}/{message_type}", bodies.push(message_type).decode(), number)
        for number, message_type in enumerate(TYPES, 1)
    }
    return events | {
        "base64-body.json": http_event(path, body, 11, headers=binary),
        "lower-case-headers.json": http_event(path, text, 12, headers=lower),
        "unknown-type.json": http_event(f"{TOKEN_PATH}/SecretFutureReport", compact([first]).decode(), 13),
        "not-json.json": http_event(path, text[: len(text) // 2], 14),
        "wrong-token.json": http_event("/aliyun/not-the-token/SecretReport", text, 15),
        "wrong-method.json": http_event(path, "", 16, method="GET"),
        "unknown-path.json": http_event("/elsewhere", text, 17),
        "bare-object.json": http_event(path, compact(first).decode(), 18),
    }


def _ingest(bodies: Bodies) -> dict[str, Any]:
    report = envelope("SecretReport", bodies.push("SecretReport"), 21)
    queued = [envelope(name, bodies.queue(name), number) for number, name in enumerate(TYPES, 31)]
    in_base64 = base64.b64encode(report.encode()).decode()
    attributes = {"source": "receive", "type": "SecretReport"}
    return {
        "eventbridge-array.json": [cloud_event(text, number) for number, text in enumerate(_day(bodies), 1)],
        "eventbridge-single.json": cloud_event(report, 21),
        "eventbridge-object-body.json": [cloud_event(json.loads(report), 21)],
        "eventbridge-base64-body.json": [cloud_event(in_base64, 21)],
        "rawdata-array.json": [raw_data(text, number) for number, text in enumerate(queued, 31)],
        "rawdata-single.json": raw_data(report, 21),
        "topic-json.json": topic_notification(report, 21),
        "topic-json-attributes.json": topic_notification(in_base64, 21, **attributes),
        "topic-stream.json": report,
        "topic-stream-attributes.json": {"body": report, "attrs": {"Extend": compact(attributes).decode()}},
    }


def _archive(bodies: Bodies) -> dict[str, Any]:
    pushed, queued = (job(one.recording_id) for one in recordings(bodies))
    in_base64 = base64.b64encode(pushed.encode()).decode()
    return {
        "eventbridge-single.json": cloud_event(pushed, 41, queue="recordings"),
        "eventbridge-object-body.json": cloud_event(json.loads(pushed), 41, queue="recordings"),
        "eventbridge-base64-body.json": cloud_event(in_base64, 41, queue="recordings"),
        "rawdata-single.json": raw_data(pushed, 41),
        "eventbridge-array.json": [
            cloud_event(text, number, queue="recordings") for number, text in enumerate((pushed, queued), 41)
        ],
        "unknown-recording.json": cloud_event(job("aliyun:7b3d90c4e1f20aff:call"), 43, queue="recordings"),
        "not-a-job.json": cloud_event("recording please", 44, queue="recordings"),
    }


def _day(bodies: Bodies) -> list[str]:
    """The pushes of all types as one batch of the queue, in every encoding, with three things that are wrong.

    A receipt without `call_id` stands among good ones, one message has a type nobody knows, and one holds
    JSON in GBK, which is no JSON to a reader of UTF-8.
    """
    pushes = {name: bodies.push(name) for name in TYPES} | {"SecretReport": _with_poison(bodies)}
    packed = {"SecretRecording", "SecretAsrReport"}
    in_gbk = bodies.push("SecretSmsIntercept").decode().encode("gbk")
    return [
        *(envelope(name, body, number, packed=name in packed) for number, (name, body) in enumerate(pushes.items(), 1)),
        envelope("SecretFutureReport", compact(bodies.receipts("SecretReport")[:1]), 11),
        envelope("SecretSmsIntercept", in_gbk, 12),
    ]


def _with_poison(bodies: Bodies) -> bytes:
    first, *others = bodies.receipts("SecretReport")
    poison = {name: value for name, value in first.items() if name != "call_id"}
    return compact([first, poison, *others])
