"""The bodies of messages: Base64 of JSON, or JSON; anything else is kept as a dead letter, byte by byte."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from receipts.alicom.consumer import Received
from receipts.alicom.messages import envelope
from receipts.alicom.tokens import Queue
from tests.store.support import RECEIVED_AT, body_of, ended, push

if TYPE_CHECKING:
    from tests.poll.support import Vendor

CALL = ended("c1", out_id="订单")
ARRAY = [CALL, ended("c2")]


def in_lines(value: object) -> bytes:
    """Base64 as MIME writes it, which a queue carries as plain text."""
    return base64.encodebytes(json.dumps(value).encode())


FORMS = {
    "base64": (json.dumps(CALL).encode(), False),
    "base64 of utf-8": (json.dumps(CALL, ensure_ascii=False).encode(), False),
    "base64 in lines": (in_lines(CALL), True),
    "plain": (json.dumps(CALL).encode(), True),
    "plain utf-8": (b"\n " + json.dumps(CALL, ensure_ascii=False).encode(), True),
}


@pytest.mark.parametrize(("body", "plain"), FORMS.values(), ids=FORMS.keys())
def test_every_form_of_the_same_receipt(vendor: Vendor, body: bytes, plain: bool) -> None:  # noqa: FBT001 - a case
    """The same row as a push of it."""
    vendor.store.take_in([push("SecretReport", CALL)])
    reference = vendor.store.drained()
    queue = vendor.open()
    vendor.send(queue, body, plain=plain)
    assert vendor.poll(queue).items() >= {"messages": 1, "receipts": 1, "letters": 0}.items()
    assert vendor.store.tables() == reference
    assert vendor.left(queue) == 0


@pytest.mark.parametrize("body", [json.dumps(ARRAY).encode(), in_lines(ARRAY)], ids=["plain", "base64 in lines"])
def test_several_receipts_in_a_message(vendor: Vendor, body: bytes) -> None:
    """As in a push: each is a receipt."""
    queue = vendor.open()
    vendor.send(queue, body, plain=True)
    assert vendor.poll(queue).items() >= {"messages": 1, "receipts": 2, "rows": 2}.items()
    assert set(vendor.store.calls()) == {"c1", "c2"}


# What is sent, whether as it is, and what the letter has to keep.
GARBAGE = {
    "text": (b"garbage", True, b"garbage"),
    "text in Base64": (b"garbage", False, b"garbage"),
    "no utf-8": (b"\xff\xfe\x00\x80", False, b"\xff\xfe\x00\x80"),
    "a number": (b"5", False, b"5"),
    "a plain number": (b"5", True, b"5"),
    "half of a receipt": (json.dumps(CALL).encode()[:60], True, json.dumps(CALL).encode()[:60]),
    "half of a receipt in Base64": (json.dumps(CALL).encode()[:61], False, json.dumps(CALL).encode()[:61]),
    "Base64 of Base64": (base64.b64encode(b"{}"), False, base64.b64encode(b"{}")),
    "other letters": ("回执".encode(), True, "回执".encode()),
    "angles": (b"<a>&amp;</a>", True, b"<a>&amp;</a>"),
    "nothing": (b"\x00", False, b"\x00"),
}


@pytest.mark.parametrize(("sent", "plain", "kept"), GARBAGE.values(), ids=GARBAGE.keys())
def test_what_is_no_receipt(vendor: Vendor, sent: bytes, plain: bool, kept: bytes) -> None:  # noqa: FBT001 - a case
    """A dead letter with the very bytes, its neighbours stored, and nothing left in the queue to come again."""
    queue = vendor.open()
    vendor.send(queue, CALL)
    vendor.send(queue, sent, plain=plain)
    vendor.send(queue, ended("c2"))
    assert vendor.poll(queue).items() >= {"messages": 3, "receipts": 2, "letters": 1, "left": 0}.items()
    (letter,) = vendor.store.letters()
    assert body_of(letter) == kept
    assert letter["type"] == "SecretReport"
    assert set(vendor.store.calls()) == {"c1", "c2"}
    assert vendor.left(queue) == 0


def test_a_type_that_is_not_known(vendor: Vendor) -> None:
    """A queue of a type of tomorrow: its receipts are kept as dead letters, to be taken in again later."""
    queue = vendor.open("SecretFutureReport")
    vendor.send(queue, {"call_id": "c1"})
    assert vendor.poll(queue)["letters"] == 1
    (letter,) = vendor.store.letters()
    assert (letter["type"], body_of(letter)) == ("SecretFutureReport", b'{"call_id": "c1"}')


def test_the_envelope_of_a_message() -> None:
    """Vendor, type, the time at which the vendor put it there, and its id: the same for each delivery of it."""
    queue = Queue("SecretReport", "q")
    once, again = (envelope(queue, Received("e30=", handle, "id-1", RECEIVED_AT)) for handle in "ab")
    assert once == again
    assert (once.vendor, once.type, once.at) == ("aliyun", "SecretReport", RECEIVED_AT)
    assert once.body == b"{}"
