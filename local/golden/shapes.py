"""What Function Compute hands to a handler: an HTTP request, a queue's messages, a topic's notification, a timer.

Everything in them that is not the message is made up: account 1234567890123456, hosts under example.com, addresses
from the documentation range 203.0.113.0/24.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timezone
from typing import Any

from local.golden.envelope import received_at, request_id

ACCOUNT = "1234567890123456"
HOST = "receipts.example.com"
AGENT = "PNP-Push/1.0"
JSON_HEADERS = {
    "Accept": "*/*",
    "Content-Type": "application/json;charset=UTF-8",
    "Host": HOST,
    "User-Agent": AGENT,
}


def http_event(
    path: str,
    body: str | bytes,
    number: int,
    *,
    method: str = "POST",
    headers: dict[str, str] = JSON_HEADERS,
) -> dict[str, Any]:
    """The event of an HTTP trigger (`version: v1`); a body in bytes is carried in base64."""
    return {
        "version": "v1",
        "rawPath": path,
        "headers": headers,
        "queryParameters": {},
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": isinstance(body, bytes),
        "requestContext": {
            "accountId": ACCOUNT,
            "triggerId": "00000000-0000-4000-8000-000000000001",
            "domainName": HOST,
            "domainPrefix": "receipts",
            "requestId": request_id(number),
            "time": instant(number),
            "timeEpoch": str(received_at(number)),
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": AGENT,
            },
        },
    }


def raw_data(message_body: Any, number: int) -> dict[str, Any]:
    """A queue's message under the delivery option `RawData`; also the `data` of a CloudEvent."""
    return {
        "requestId": f"{number:024X}",
        "messageId": _digest(f"message {number}"),
        "messageBody": message_body,
    }


def cloud_event(message_body: Any, number: int, *, queue: str = "receipts") -> dict[str, Any]:
    """A queue's message as EventBridge hands it on by default."""
    return {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "source": f"{queue}-queue",
        "specversion": "1.0",
        "type": "mns:Queue:SendMessage",
        "datacontenttype": "application/json; charset=utf-8",
        "subject": f"acs:mns:cn-hangzhou:{ACCOUNT}:queues/{queue}",
        "time": instant(number),
        "aliyunaccountid": ACCOUNT,
        "aliyunpublishtime": instant(number),
        "aliyunoriginalaccountid": ACCOUNT,
        "aliyuneventbusname": f"{queue}-queue",
        "aliyunregionid": "cn-hangzhou",
        "aliyunpublishaddr": "203.0.113.9",
        "data": raw_data(message_body, number),
    }


def topic_notification(message: str, number: int, **attributes: str) -> dict[str, Any]:
    """A topic's notification in the format `JSON`; attributes stand beside the fixed keys."""
    return {
        "TopicOwner": ACCOUNT,
        "Message": message,
        "Subscriber": ACCOUNT,
        "PublishTime": received_at(number),
        "SubscriptionName": "receipts-ingest",
        "MessageMD5": _digest(message),
        "TopicName": "receipts",
        "MessageId": _digest(f"message {number}"),
        **attributes,
    }


def timer_event(trigger: str, number: int) -> dict[str, Any]:
    """The event of a timer trigger without a payload."""
    return {"triggerTime": instant(number), "triggerName": trigger, "payload": ""}


def instant(number: int) -> str:
    """When the request of that number came, as `yyyy-MM-ddTHH:mm:ssZ`."""
    return datetime.fromtimestamp(received_at(number) / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()
