"""What Huawei pushes: the body of each notification around the fields that are told."""

from __future__ import annotations

import json
from typing import Any


def call_event(event_type: str, **told: Any) -> bytes:
    """One event of a call: `callin`, `collectInfo`, `callout`, `alerting`, `answer` or `disconnect`."""
    return _body({"eventType": event_type, "statusInfo": told})


def question(**told: Any) -> bytes:
    """Where a call to a privacy number without bindings shall go: waits for an answer, see `Pusher.ask`."""
    return call_event("callin", notifyMode="Block", **told)


def call_records(*records: dict[str, Any]) -> bytes:
    """1 to 50 call records of calls that ended close together."""
    return _body({"eventType": "fee", "feeLst": list(records)})


def number_states(*states: dict[str, str]) -> bytes:
    """The states of 1 to 100 privacy numbers."""
    return _body({"eventType": "numStatus", "numInfo": list(states)})


def text(app_key: str, mode: str = "Notify", **told: Any) -> bytes:
    """One text; in the mode `Block` it waits for an answer, see `Pusher.ask`."""
    return _body({"appKey": app_key, "smsEvent": {"notificationMode": mode, **told}})


def _body(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
