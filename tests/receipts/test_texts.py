"""A text's row from its receipts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from receipts.joining.facts import joined, written
from tests.receipts.support import at, fact, golden, ms, row_of

SMS = "SecretSmsIntercept"


def text(*told: dict[str, Any]) -> dict[str, Any]:
    """The columns of one text."""
    return dict(row_of(SMS, joined(fact(SMS, {"id": 2000000000301, **sent}) for sent in told)).columns())


def test_the_golden_text_is_a_full_row() -> None:
    """Every column of a text from one push."""
    assert row_of(SMS, fact(SMS, golden(SMS, "push")[0])).columns() == {
        "vendor": "aliyun",
        "pool": "FC100000000000001",
        "binding_id": "1000000000000001",
        "order_id": "order-10001",
        "call_id": "20261120141000000000301",
        "sender": "13900000001",
        "number_x": "17000000002",
        "receiver": "13700000003",
        "content": "我到楼下了",
        "kind": "intercepted",
        "delivery": "DELIVRD",
        "intercept": "NORMAL",
        "sent_at": ms(at("14:10:00")),
    }


@pytest.mark.parametrize(("sent", "kind"), [(1, "intercepted"), ("2", "smart"), (3, "smart"), (9, "9"), (None, None)])
def test_the_kind_of_a_text(sent: Any, kind: str | None) -> None:
    """Both numberings of a smart text; an undocumented kind is kept as its number."""
    assert text({"sms_type": sent}).get("kind") == kind


@pytest.mark.parametrize(
    ("told", "delivery"),
    [
        ({"code": "DELIVRD", "status": 2}, "DELIVRD"),
        ({"code": "SOMETHING_NEW"}, "SOMETHING_NEW"),
        ({"status": 1}, "sent"),
        ({"status": "2", "code": ""}, "failed"),
        ({"status": 7}, None),
        ({}, None),
    ],
)
def test_the_delivery_is_the_code_else_the_status(told: dict[str, Any], delivery: str | None) -> None:
    """The carrier's code says more than sent or failed; without either nothing is claimed."""
    assert text(told).get("delivery") == delivery


@pytest.mark.parametrize("settled", ["DELIVRD", "REJECTD", "UNDELIV", "EXPIRED"])
def test_handed_over_gives_way_to_what_came_of_it(settled: str) -> None:
    """`ACCEPTD` is not the end: what the carrier says later of the same second stays, in either order."""
    accepted, final = ({"start_time": at("14:10:00"), "code": code, "sub_id": 1} for code in ("ACCEPTD", settled))
    more = {**accepted, "out_id": "o", "sms_sign": "s", "city": "杭州"}
    for told in ([accepted, final], [final, accepted], [final, more], [more, final], [{**more, "code": None}, final]):
        assert text(*told)["delivery"] == settled


def test_a_later_receipt_of_the_same_text_stays() -> None:
    """The newer moment counts, and one with a moment is newer than one without."""
    early, late = {"start_time": at("14:10:00"), "code": "EXPIRED"}, {"start_time": at("14:10:01"), "code": "DELIVRD"}
    timeless = {"code": "REJECTD", "out_id": "o", "sms_sign": "s"}
    assert text(late, early)["delivery"] == text(early, late)["delivery"] == "DELIVRD"
    assert text(timeless, early)["delivery"] == text(early, timeless)["delivery"] == "EXPIRED"


@pytest.mark.parametrize("content", ["", "  两端有空格  ", "code: 123456", "\n", "📦"])
def test_the_content_is_kept_to_the_letter(content: str) -> None:
    """A text is evidence: nothing of it is trimmed, not even a blank one."""
    assert text({"sms_content": content})["content"] == content
    told = fact(SMS, {"id": 1, "sms_content": content})
    assert json.loads(written(told))[SMS]["sms_content"] == content
