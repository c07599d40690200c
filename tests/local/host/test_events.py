"""The events of queue and topic triggers."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from local.host.events import TopicMessage, queue_event, topic_event
from local.host.queue_source import HeldMessage
from template.functions import TopicTrigger
from tests.local.host.support import QUEUE_TRIGGER

if TYPE_CHECKING:
    from tests.local.host.support import MakeFunction, StartHost

_QUEUE = QUEUE_TRIGGER._replace(queue="zeus")
_TOPIC = TopicTrigger("subscription", "receipts", json_format=True)
_PUBLISHED = TopicMessage("hello 号", {}, "2F5B", 1550216480040)


def _message(body: str) -> HeldMessage:
    return HeldMessage("C6DB", body, "handle", 1700000030000, 1700000000123)


def _base64(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def test_a_cloud_event_has_the_documented_keys() -> None:
    """Attributes, extensions of the vendor, and the data with the decoded body."""
    event = queue_event(_QUEUE, _message(_base64("TEST")), account_id="99", function="f", parse_json_bodies=False)
    data = event.pop("data")
    assert {**event, "id": "", "aliyunpublishaddr": ""} == {
        "id": "",
        "source": "MNS-f-receipts",
        "specversion": "1.0",
        "type": "mns:Queue:SendMessage",
        "datacontenttype": "application/json; charset=utf-8",
        "subject": "acs:mns:cn-hangzhou:99:queues/zeus",
        "time": "2023-11-14T22:13:20.123Z",
        "aliyunaccountid": "99",
        "aliyunpublishtime": "2023-11-14T22:13:20.123Z",
        "aliyunoriginalaccountid": "99",
        "aliyuneventbusname": "MNS-f-receipts",
        "aliyunregionid": "cn-hangzhou",
        "aliyunpublishaddr": "",
    }
    assert (data["messageId"], data["messageBody"]) == ("C6DB", "TEST")
    assert data.keys() == {"requestId", "messageId", "messageBody"}


@pytest.mark.parametrize(
    ("decode", "parse", "sent", "body"),
    [
        (True, False, _base64('{"a": 1}'), '{"a": 1}'),
        (True, True, _base64('{"a": 1}'), {"a": 1}),
        (True, True, _base64("plain"), "plain"),
        (False, False, _base64("x"), _base64("x")),
        (False, True, "[1]", [1]),
        (True, False, "not base64!", "not base64!"),
        (True, False, _base64(b"\xff"), "\ufffd"),
    ],
)
def test_bodies(decode: bool, parse: bool, sent: str, body: object) -> None:  # noqa: FBT001 - a table of cases
    """Decoded if the trigger says so, parsed if the host is told so; otherwise as sent."""
    trigger = _QUEUE._replace(base64_decode=decode, raw_data=True)
    data = queue_event(trigger, _message(sent), account_id="99", function="f", parse_json_bodies=parse)
    assert data["messageBody"] == body


def test_a_topic_message_as_json() -> None:
    """Eight keys, and the attributes next to them."""
    event = json.loads(topic_event(_TOPIC, _PUBLISHED, account_id="99"))
    assert event == {
        "TopicOwner": "99",
        "Message": "hello 号",
        "Subscriber": "99",
        "PublishTime": 1550216480040,
        "SubscriptionName": "subscription",
        "MessageMD5": "2E6019942B0A76F5E5A90E2E0F59270E",
        "TopicName": "receipts",
        "MessageId": "2F5B",
    }
    attributed = _PUBLISHED._replace(attributes={"key": "value", "TopicName": "forged"})
    assert json.loads(topic_event(_TOPIC, attributed, account_id="99")) == {**event, "key": "value"}


def test_a_topic_message_as_a_stream() -> None:
    """The bare message; with attributes an object of two."""
    stream = _TOPIC._replace(json_format=False)
    assert topic_event(stream, _PUBLISHED, account_id="99") == "hello 号".encode()
    attributed = _PUBLISHED._replace(attributes={"Extend": '{"key":"value"}'})
    assert json.loads(topic_event(stream, attributed, account_id="99")) == {
        "body": "hello 号",
        "attrs": {"Extend": '{"key":"value"}'},
    }


def test_the_host_publishes_to_a_function(make: MakeFunction, start: StartHost) -> None:
    """In the format of its trigger, repeated as an asynchronous invocation."""
    source = "def handler(event, context):\n    return event\n"
    host = start(make(source, triggers=(_TOPIC,)), account_id="99")
    event = json.loads(host.publish("f", "hello", {"key": "value"}).payload)
    assert (event["Message"], event["TopicOwner"], event["key"]) == ("hello", "99", "value")
