"""Whether a push of Huawei's is a question: in Block mode the platform waits for what to do with a call or a text."""

from __future__ import annotations

import json
from typing import Any

MODE = b"Block"
# A question is one event or one text, a few KB; what is larger is not read for it.
MOST_BYTES = 16 * 1024


def asks(body: bytes) -> bool:
    """Whether the body asks where a call or a text shall go. Never raises.

    Cheap for everything else: only a body that holds the mode's name beside an event or a text is read. A call record
    of the same mode (`feeLst`) holds the name, too, and asks nothing.
    """
    if len(body) > MOST_BYTES or MODE not in body or not (b"statusInfo" in body or b"smsEvent" in body):
        return False
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(told, dict):
        return False
    call, text = told.get("statusInfo"), told.get("smsEvent")
    of_call = told.get("eventType") == "callin" and _mode(call, "notifyMode")
    return of_call or _mode(text, "notificationMode")


def _mode(part: Any, name: str) -> bool:
    return isinstance(part, dict) and part.get(name) == MODE.decode()
