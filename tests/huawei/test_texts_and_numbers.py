"""Texts and privacy numbers as Huawei's notifications tell them."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from receipts.huawei.numbers import NUMBERS
from receipts.intake.parsing import ParsedReceipt, told_by
from receipts.joining.facts import joined
from tests.huawei.made_up import APP, AT, A, B, X, envelope, ms, row, rows, text


def test_a_text() -> None:
    """Both spellings of the event are one; the time has milliseconds and is UTC."""
    expected = {
        "vendor": "huawei",
        "pool": APP,
        "sender": A,
        "number_x": X,
        "receiver": B,
        "content": "on my way",
        "kind": "TextSMS",
        "delivery": "2",
        "sent_at": ms("06:05:03") + 123,
    }
    for spelling in ("TextSMS", "Text SMS ", " text".title() + "SMS"):
        assert rows(text(event=spelling)) == {"huawei:sms-1": expected}


@pytest.mark.parametrize(
    "ext_info", [{"extParas": [{"key": "direction", "value": "2"}]}, {"extParas": {"direction": "2"}}, [], None, "x"]
)
def test_extension_parameters_of_any_form(ext_info: Any) -> None:
    """A list by the documents, an object in an old sample: neither costs the text its row."""
    assert row(text(extInfo=ext_info))["sender"] == A


def test_a_question_and_its_notice_are_one_text() -> None:
    """The notice comes after the text was forwarded and knows the receiver; in any order the row is the same."""
    question = text("Block", called=None, sendResult=0, timeStamp="2026-11-20T06:05:01.000Z")
    assert "receiver" not in row(question)
    decision = {"eventType": "decision", "smsIdentifier": "sms-1", "decidedAt": AT, "because": "rule"}
    for order in permutations((question, text(), decision)):
        assert row(*order) == row(text())


@pytest.mark.parametrize(
    ("status", "cause", "state", "word"),
    [
        ("5", None, "normal", None),
        ("9", None, "suspended", None),
        ("10", "2", "unavailable", "arrears"),
        (10, 5, "unavailable", "barred_by_carrier"),
        ("11", None, "frozen", None),
        ("77", "99", None, "99"),
    ],
)
def test_a_number(status: Any, cause: Any, state: str | None, word: str | None) -> None:
    """Values are text and are taken as numbers too; what is not known leaves the state open."""
    told = row({"eventType": "numStatus", "numInfo": [{"number": X, "status": status, "cause": cause}]})
    assert (told.get("state"), told.get("cause"), told["changed_at"]) == (state, word, AT)


def _number(status: str, received_at: int, cause: str = "2") -> ParsedReceipt:
    body = {"eventType": "numStatus", "numInfo": [{"number": X, "status": status, "cause": cause}]}
    (one,) = told_by(envelope(body, received_at))
    assert isinstance(one, ParsedReceipt)
    return one


def test_law_order_of_states_without_a_time() -> None:
    """The state is the one received last, since the first of those that say the same; in any order, told twice."""
    pushed = [_number("5", AT), _number("10", AT + 10), _number("10", AT + 20), _number("10", AT + 20)]
    for order in permutations(pushed):
        facts = joined({one.kind: one.fact} for one in order)
        told = NUMBERS.row({kind: fact.receipt for kind, fact in facts.items()}).columns()
        assert (told["state"], told["changed_at"]) == ("unavailable", AT + 10)


def test_the_same_number_twice_in_one_push() -> None:
    """The later element counts."""
    told = rows(
        {"eventType": "numStatus", "numInfo": [{"number": X, "status": "10"}, {"number": X, "status": "5"}]},
    )
    assert told[X]["state"] == "normal"


def test_nobody_else_says_when_a_state_was_received() -> None:
    """A field of that name in the notification is not taken."""
    sent = {"number": X, "status": "5", "received_at": 9_999_999_999_999, "receivedPlace": "x"}
    assert row({"eventType": "numStatus", "numInfo": [sent]})["changed_at"] == AT


def test_a_text_that_is_a_number() -> None:
    """A code that was texted may come without quotes; blanks are what somebody wrote."""
    assert row(text(smsContent=493817))["content"] == "493817"
    assert row(text(smsContent=" "))["content"] == " "
