"""The messages in an event, whichever trigger brought it."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.golden import EVENTS
from local.golden.bodies import TYPES
from receipts.contents.bodies import Sent, receipts_in
from receipts.errors import BadEnvelope
from receipts.journal.envelope import opened
from receipts.triggers.queue_messages import QueueMessage, messages_in
from tests.receipts.support import JSON, PROPERTY, deeper, golden

SINGLES = [
    *("eventbridge-single", "eventbridge-object-body", "eventbridge-base64-body", "rawdata-single"),
    *("topic-json", "topic-json-attributes", "topic-stream", "topic-stream-attributes"),
]
KEYS = [
    "data",
    "messageBody",
    "messageId",
    "Message",
    "MessageId",
    "TopicName",
    "body",
    "attrs",
    "specversion",
    "id",
    "x",
]


def event(name: str) -> bytes:
    """A golden event of `ingest`."""
    return (EVENTS / "ingest" / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", SINGLES)
def test_every_single_event_carries_the_same_push(name: str) -> None:
    """Array or object, JSON, text or Base64, queue or topic: one message, one envelope, the golden reports."""
    (message,) = messages_in(event(name))
    envelope = opened(message.body)
    assert (envelope.vendor, envelope.type, envelope.at) == ("aliyun", "SecretReport", 1795168821000)
    assert json.loads(envelope.body) == golden("SecretReport", "push")
    if name == "topic-stream":
        assert message.id == envelope.id
    elif name != "topic-stream-attributes":
        assert len(message.id) == 32


def test_an_array_from_the_bus_carries_every_push_of_the_day_and_its_poison() -> None:
    """All ten types in order of arrival, each message with an id of its own."""
    messages = messages_in(event("eventbridge-array"))
    envelopes = [opened(message.body) for message in messages]
    assert {envelope.type for envelope in envelopes} >= set(TYPES)
    assert len({message.id for message in messages}) == len(messages) == len(json.loads(event("eventbridge-array")))
    told = [
        item.receipt
        for one in envelopes
        if one.type in TYPES
        for item in receipts_in(one.body)
        if isinstance(item, Sent)
    ]
    assert all(receipt in told for message_type in TYPES for receipt in golden(message_type, "push"))


def test_an_array_of_raw_data_carries_every_queue_form() -> None:
    """One message per type, each with the golden receipt in the form of the queue."""
    envelopes = [opened(message.body) for message in messages_in(event("rawdata-array"))]
    assert [envelope.type for envelope in envelopes] == list(TYPES)
    assert [[json.loads(envelope.body)] for envelope in envelopes] == [golden(name, "queue") for name in TYPES]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([], []),
        ([5, None, "x"], [QueueMessage(5), QueueMessage(None), QueueMessage("x")]),
        ({}, [QueueMessage({})]),
        ({"data": {"messageBody": "b", "messageId": "m"}}, [QueueMessage("b", "m")]),
        ({"messageBody": "b"}, [QueueMessage("b")]),
        ({"messageBody": None, "messageId": 5}, [QueueMessage(None, "5")]),
        ({"data": {"other": 1}, "specversion": "1.0", "id": "i"}, [QueueMessage({"other": 1}, "i")]),
        ({"data": "text", "specversion": "1.0", "id": "i"}, [QueueMessage("text", "i")]),
        ({"data": None, "specversion": "1.0"}, [QueueMessage({"data": None, "specversion": "1.0"})]),
        ({"data": "text"}, [QueueMessage({"data": "text"})]),
        ({"Message": "m", "TopicName": "t", "MessageId": "i"}, [QueueMessage("m", "i")]),
        ({"Message": "m", "TopicName": "t", "messageBody": "x", "data": {"messageBody": "y"}}, [QueueMessage("m")]),
        ({"Message": "m", "TopicName": "t", "body": "x", "attrs": {}}, [QueueMessage("m")]),
        ({"Message": "m"}, [QueueMessage({"Message": "m"})]),
        ({"body": "b", "attrs": {}}, [QueueMessage("b")]),
        ({"body": "b"}, [QueueMessage({"body": "b"})]),
        ([{"messageBody": "a"}, {"body": "b", "attrs": None}], [QueueMessage("a"), QueueMessage("b")]),
    ],
)
def test_each_shape_gives_its_messages(value: Any, found: list[QueueMessage]) -> None:
    """The documented shapes, and those that are nearly one: kept whole, as one message each."""
    messages = messages_in(json.dumps(value).encode())
    assert [(message.body, message.id) for message in messages] == [(one.body, one.id) for one in found]


@pytest.mark.parametrize(
    "raw", [b"", b"\xff", b"5", b'"x"', b"null", b"not json", b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"]
)
def test_law_poison_what_is_no_event_is_one_message_as_it_stands(raw: bytes) -> None:
    """Nothing is thrown away: the bytes become a message, and then a letter."""
    assert messages_in(raw) == [QueueMessage(raw)]
    assert messages_in(raw)[0].raw == raw


@given(
    JSON
    | st.dictionaries(st.sampled_from(KEYS), JSON)
    | st.lists(st.dictionaries(st.sampled_from(KEYS), JSON | st.dictionaries(st.sampled_from(KEYS), JSON)))
)
@settings(PROPERTY, max_examples=30)
def test_law_poison_no_shape_raises(value: Any) -> None:
    """Any JSON: a message for each element, whose id is text, whose bytes can be had, and which opens or is bad."""
    for ascii_only in (True, False):
        text = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        messages = messages_in(text)
        assert len(messages) == (len(value) if isinstance(value, list) else 1)
        for message in messages:
            assert isinstance(message.id, str)
            assert isinstance(message.raw, bytes)
            with pytest.raises(BadEnvelope):
                opened(message.body)


@given(st.binary(max_size=300))
@PROPERTY
def test_law_poison_any_bytes_are_messages(raw: bytes) -> None:
    """Never an error."""
    assert all(isinstance(message.raw, bytes) for message in messages_in(raw))


@pytest.mark.parametrize(
    ("body", "raw"),
    [
        (b"\xff", b"\xff"),
        ("号", "号".encode()),
        ("\ud800", b"\xed\xa0\x80"),
        ({"a": "号"}, '{"a": "号"}'.encode()),
        (None, b"null"),
        ({"a": "\ud800"}, b'{"a": "\xed\xa0\x80"}'),
    ],
)
def test_the_bytes_of_a_body_in_each_form(body: object, raw: bytes) -> None:
    """Bytes as they are, text in UTF-8, an object as JSON."""
    assert QueueMessage(body).raw == raw


def test_law_poison_the_bytes_of_a_deep_body_can_be_had_where_letters_are_made() -> None:
    """A body nested to just what the parser takes does not sink its batch a few calls deeper."""
    for depth in range(800, 1010):
        nested = b'[{"messageBody":' + b"[" * depth + b"]" * depth + b"}]"
        for message in messages_in(nested):
            assert deeper(4, partial(getattr, message, "raw"))
