"""The queue messages inside an event, whichever trigger brought them.

An MNS queue through EventBridge: an array of CloudEvents, one CloudEvent, or their `data` alone (RawData). An MNS
topic: JSON (`Message` among the topic's own fields) or STREAM (the message itself, or `body` beside `attrs`).
Source: Function Compute 3.0, MNS queue triggers and MNS topic triggers.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from receipts.json_text import parsed
from receipts.nesting import too_deep


class QueueMessage(NamedTuple):
    """One message: its body (text, bytes, or an object that was parsed on the way) and its id, if it has one."""

    body: object
    id: str = ""

    @property
    def raw(self) -> bytes:
        """The body's bytes."""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, str):
            return self.body.encode("utf-8", "surrogatepass")
        return json.dumps(self.body, ensure_ascii=False).encode("utf-8", "surrogatepass")


def messages_in(event: bytes) -> list[QueueMessage]:
    """Every message of the event. What is not an event of any known form is one message as it stands."""
    try:
        value = parsed(event)
    except (ValueError, RecursionError):
        return [QueueMessage(event)]
    if isinstance(value, list):
        return [_kept(_message(one), event) for one in value]
    return [_kept(_message(value), event)] if isinstance(value, dict) else [QueueMessage(event)]


def _kept(message: QueueMessage, event: bytes) -> QueueMessage:
    """The message; one nested to just what could be read, and could not be written again, is all that it came in."""
    return QueueMessage(event, message.id) if too_deep(message.body) else message


def _message(value: Any) -> QueueMessage:
    if not isinstance(value, dict):
        return QueueMessage(value)
    if "Message" in value and "TopicName" in value:
        # First: a topic's message attributes stand beside it, under whatever names their sender chose.
        return QueueMessage(value["Message"], str(value.get("MessageId", "")))
    data = value.get("data")
    carrier = data if isinstance(data, dict) and "messageBody" in data else value
    if "messageBody" in carrier:
        return QueueMessage(carrier["messageBody"], str(carrier.get("messageId", "")))
    if "body" in value and "attrs" in value:
        return QueueMessage(value["body"])
    return QueueMessage(data if data is not None and "specversion" in value else value, str(value.get("id", "")))
