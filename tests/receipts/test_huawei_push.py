"""Which pushes of Huawei's may come in, and which of them are questions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.golden import EVENTS
from local.golden.huawei import APP_KEY, APP_SECRET, NOTIFICATIONS, signature
from receipts.edge.http_event import HttpRequest
from receipts.edge.huawei import unproved_reason
from receipts.edge.questions import MOST_BYTES, asks
from receipts.edge.settings import HuaweiSettings
from receipts.errors import Refusal
from tests.receipts.support import JSON, PROPERTY

NOW = 1795168800.0
MOST = 100
ENFORCE = HuaweiSettings({APP_KEY: APP_SECRET.encode()}, enforce=True, max_age_seconds=3600, max_body_bytes=MOST)
LOG = ENFORCE._replace(enforce=False)
SIGNED = {name.lower(): value for name, value in signature("n", "2026-11-20T10:00:00Z").items()}
WRONG = {name.lower(): value for name, value in signature("n", "2026-11-20T10:00:00Z", secret="x").items()}


def push(headers: dict[str, str], body: bytes = b"{}", method: str = "POST") -> HttpRequest:
    """A request."""
    return HttpRequest(method, ("huawei",), headers, body)


def test_a_signed_push_comes_in_either_way() -> None:
    """Nothing is to be said of it; its body may be as large as is allowed."""
    for settings in (ENFORCE, LOG):
        assert unproved_reason(push(SIGNED, b"x" * MOST), settings, NOW) is None


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (push({}, b"x" * 101, method="GET"), 405),
        (push(SIGNED, method="PUT"), 405),
        (push({}, b"x" * 101), 401),
        (push(WRONG, b"x" * 101), 403),
        (push({"x-wsse": "?"}), 403),
        (push(SIGNED, b"x" * 101), 413),
    ],
)
def test_everything_else_is_refused_with_its_status(request_: HttpRequest, status: int) -> None:
    """Method, signature, size, in this order: who has no secret learns nothing of the limits."""
    with pytest.raises(Refusal) as caught:
        unproved_reason(request_, ENFORCE, NOW)
    assert caught.value.status == status
    assert caught.value.headers == ({"Allow": "POST"} if status == 405 else {})


def test_log_tells_what_enforce_would_have_said() -> None:
    """The same words, and the push comes in; method and size are no matter of signatures."""
    for headers in ({}, WRONG):
        with pytest.raises(Refusal) as caught:
            unproved_reason(push(headers), ENFORCE, NOW)
        assert unproved_reason(push(headers), LOG, NOW) == str(caught.value)
    for request, status in ((push({}, method="GET"), 405), (push({}, b"x" * 101), 413)):
        with pytest.raises(Refusal) as caught:
            unproved_reason(request, LOG, NOW)
        assert caught.value.status == status


@pytest.mark.parametrize("settings", [ENFORCE, LOG])
@pytest.mark.parametrize("headers", [{}, WRONG, SIGNED])
def test_without_applications_nothing_comes_in(headers: dict[str, str], settings: HuaweiSettings) -> None:
    """Who has the other vendor only lets nobody write in this one's name, whatever the mode."""
    with pytest.raises(Refusal, match="HUAWEI_APPS is not set") as caught:
        unproved_reason(push(headers), settings._replace(apps={}), NOW)
    assert caught.value.status == 403


def body(name: str) -> dict[str, Any]:
    """A golden body."""
    told: dict[str, Any] = json.loads((EVENTS / "bodies" / f"huawei-{name}.json").read_bytes())
    return told


def test_of_the_notifications_the_questions_alone_ask() -> None:
    """Everything else wants 200 and nothing more."""
    assert [name for name in NOTIFICATIONS if asks(json.dumps(body(name)).encode())] == ["question", "question-text"]


CALL = {"eventType": "callin", "statusInfo": {"notifyMode": "Block"}}
TEXT = {"smsEvent": {"notificationMode": "Block"}}


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (CALL, "call"),
        (TEXT, "text"),
        (CALL | TEXT, "call"),
        (TEXT | {"eventType": "disconnect", "statusInfo": {"notifyMode": "Block"}}, "text"),
        ({"event_type": "CallIn", "status_info": {"notify_mode": "block"}}, "call"),
        ({"EventType": "callin ", "Status-Info": {"NOTIFYMODE": "BLOCK "}}, "call"),
        ({"sms_event": {"notification_mode": " bLOCK"}}, "text"),
        ({"SMSEVENT": {"Notification Mode": "Block"}}, "text"),
        (CALL | {"eventType": "callout"}, None),
        (CALL | {"eventType": ["callin"]}, None),
        (CALL | {"statusInfo": {"notifyMode": "Notify", "userData": "Block"}}, None),
        (CALL | {"statusInfo": "Block"}, None),
        (TEXT | {"smsEvent": {"notificationMode": "Notify", "smsContent": "Block"}}, None),
        (TEXT | {"smsEvent": [{"notificationMode": "Block"}]}, "text"),
        (CALL | {"statusInfo": [{"notifyMode": "Block"}]}, "call"),
        (TEXT | {"smsEvent": [{"notificationMode": "Block"}] * 2}, None),
        (TEXT | {"smsEvent": [[{"notificationMode": "Block"}]]}, None),
        (TEXT | {"smsEvent": []}, None),
        ({"statusInfo": {"notifyMode": "Block"}}, None),
        ({"eventType": "fee", "feeLst": [{"notifyMode": "Block"}]}, None),
        ([CALL], "call"),
        ([TEXT], "text"),
        ([CALL, CALL], None),
        ([], None),
        ("smsEvent Block", None),
    ],
)
def test_what_asks_is_a_call_that_came_in_or_a_text_in_block_mode(told: Any, asked: str | None) -> None:
    """The mode counts where it belongs: a call record of mode X holds it, too, and a text may speak of it.

    However it is spelt: who waits is not left waiting for a capital letter.
    """
    assert asks(json.dumps(told).encode()) == asked


@given(st.binary() | JSON.map(lambda value: json.dumps({"smsEvent": value, "x": "Block"}).encode()))
@PROPERTY
def test_whether_it_asks_is_answered_for_any_bytes(raw: bytes) -> None:
    """Neither what is no JSON nor what has another form ends in an error."""
    for made in (raw, raw + b"Block smsEvent", b'{"statusInfo":"Block",' + raw):
        assert asks(made) is None


@pytest.mark.parametrize("depth", [1000, MOST_BYTES // 2])
def test_deep_and_large_bodies_are_no_questions(depth: int) -> None:
    """Neither depth nor size costs more than a look."""
    assert asks(b'{"smsEvent":"Block","x":' + b"[" * depth) is None
    large = json.dumps(TEXT | {"x": "y" * MOST_BYTES}).encode()
    assert asks(large) is None


def test_what_is_no_question_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most pushes hold no mode, or no event beside it: a look at the bytes is all they cost."""

    def read(_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("receipts.edge.questions.json.loads", read)
    for told in ({"statusInfo": {"notifyMode": "Notify"}}, {"eventType": "fee", "feeLst": [{"notifyMode": "Block"}]}):
        assert asks(json.dumps(told).encode()) is None
    with pytest.raises(AssertionError):
        asks(json.dumps(CALL).encode())
