"""The events of the triggers other than HTTP, as Function Compute and EventBridge document them."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import json
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.host.queue_source import HeldMessage
    from template.functions import QueueTrigger, TimerTrigger, TopicTrigger


class TopicMessage(NamedTuple):
    """A message as it was published to a topic.

    Attributes:
        text: the body.
        attributes: its MessageAttributes.
        message_id: what publishing gave.
        published_at: epoch milliseconds.
    """

    text: str
    attributes: Mapping[str, str]
    message_id: str
    published_at: int


def timer_event(trigger: TimerTrigger, at: datetime) -> bytes:
    """The event of a timer that fires at `at` (UTC)."""
    event = {
        "triggerTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "triggerName": trigger.name,
        "payload": trigger.payload,
    }
    return json.dumps(event).encode()


def queue_event(
    trigger: QueueTrigger, message: HeldMessage, *, account_id: str, function: str, parse_json_bodies: bool
) -> dict[str, Any]:
    """One queue message as EventBridge wraps it: a CloudEvent, or its data alone for the RawData schema.

    Args:
        trigger: decides the schema and whether the body is decoded from base64.
        message: as it was received.
        account_id: owner of the queue.
        function: named in the event bus's name.
        parse_json_bodies: a body that is JSON arrives as that value instead of as its text. The vendor's
            pages show text only; both are accepted by the functions, so both can be produced.
    """
    data = {
        "requestId": uuid.uuid4().hex[:24].upper(),
        "messageId": message.message_id,
        "messageBody": _message_body(trigger, message.body, parse_json_bodies=parse_json_bodies),
    }
    if trigger.raw_data:
        return data
    bus = f"MNS-{function}-{trigger.name}"
    published = _iso(datetime.fromtimestamp(message.enqueued_at / 1000, timezone.utc))
    return {
        "id": str(uuid.uuid4()),
        "source": bus,
        "specversion": "1.0",
        "type": "mns:Queue:SendMessage",
        "datacontenttype": "application/json; charset=utf-8",
        "subject": f"acs:mns:{trigger.region}:{account_id}:queues/{trigger.queue}",
        "time": published,
        "aliyunaccountid": account_id,
        "aliyunpublishtime": published,
        "aliyunoriginalaccountid": account_id,
        "aliyuneventbusname": bus,
        "aliyunregionid": trigger.region,
        "aliyunpublishaddr": "127.0.0.1",
        "data": data,
    }


def topic_event(trigger: TopicTrigger, message: TopicMessage, *, account_id: str) -> bytes:
    """A topic message in the trigger's content format.

    MessageAttributes are further top-level keys in JSON and an `attrs` object in STREAM.
    """
    extra = dict(message.attributes)
    if not trigger.json_format:
        return json.dumps({"body": message.text, "attrs": extra}).encode() if extra else message.text.encode()
    event = {
        "TopicOwner": account_id,
        "Message": message.text,
        "Subscriber": account_id,
        "PublishTime": message.published_at,
        "SubscriptionName": trigger.name,
        "MessageMD5": _md5(message.text),
        "TopicName": trigger.topic,
        "MessageId": message.message_id,
    }
    return json.dumps({**extra, **event}).encode()


def _message_body(trigger: QueueTrigger, body: str, *, parse_json_bodies: bool) -> Any:
    if trigger.base64_decode:
        # A producer that does not encode: handed on as it came. What the platform does with that, and with
        # bytes that are no text, is not documented.
        with contextlib.suppress(binascii.Error, ValueError):
            body = base64.b64decode(body, validate=True).decode(errors="replace")
    if parse_json_bodies:
        with contextlib.suppress(ValueError):
            return json.loads(body)
    return body


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
