"""Questions are answered by the rule book, in the platform's words."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.deciding.support import put
from tests.functions.decide.conftest import SESSION, A, B, X, call, request, text
from tests.store.support import READ

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.functions.decide.conftest import Decide

CONNECT = {"call": "connect", "callee": B}
CLOSED: dict[str, Any] = {"operation": "close", "closeInfo": {}}
DISCARDED = {"actions": [{"operation": "DiscardMessage"}]}


def forwarded(calling: str = A) -> dict[str, Any]:
    """A text on its way to B."""
    return {"actions": [{"operation": "vNumberRoute", "message": {"called": B, "calling": calling}}]}


def test_a_call_is_connected_with_all_that_the_rule_says(decide: Decide) -> None:
    """Every column has its field; flags are words, user data that is not ASCII is Base64."""
    rule = {
        **CONNECT,
        "display_number": X,
        "max_minutes": 30,
        "wait_tone": "wait.wav",
        "record": "true",
        "record_tone": "hint.wav",
        "last_minute_tone": "last.wav",
        "user_data": "订单 1",
    }
    put(decide.store, X, A, **rule)
    assert decide.answer(call()) == {
        "operation": "connect",
        "connectInfo": {
            "calleeNum": B,
            "displayCalleeNum": X,
            "maxDuration": 30,
            "waitVoice": "wait.wav",
            "recordFlag": "true",
            "recordHintTone": "hint.wav",
            "lastMinVoice": "last.wav",
            "userData": base64.b64encode("订单 1".encode()).decode(),
        },
    }


@pytest.mark.parametrize("place", ["body", "part"])
def test_a_question_in_a_list_of_one_is_answered(decide: Decide, place: str) -> None:
    """Whoever waits is not left without an answer for a pair of brackets."""
    put(decide.store, X, A, **CONNECT, text="forward", text_receiver=B)
    asked = [call(), text()]
    if place == "part":
        asked = [{name: [part] if isinstance(part, dict) else part for name, part in one.items()} for one in asked]
    answers = [decide.answer(one if place == "part" else [one]) for one in asked]
    assert [answers[0]["operation"], answers[1]] == ["connect", forwarded()]


def test_a_short_rule_is_a_short_answer(decide: Decide) -> None:
    """What a rule does not say is left to the platform; a hint tone is sent with recorded calls only."""
    put(decide.store, X, A, **CONNECT, record_tone="hint.wav")
    assert decide.answer(call())["connectInfo"] == {"calleeNum": B, "recordFlag": "false"}
    put(decide.store, X, A, call="close", close_tone="bye.wav", user_data="o-1")
    assert decide.answer(call()) == {"operation": "close", "closeInfo": {"closeHintTone": "bye.wav", "userData": "o-1"}}


def test_the_form_of_the_answer_is_a_setting(deciding: Callable[..., Decide]) -> None:
    """Object or list of one: nobody knows which the platform wants until it is tried."""
    decide = deciding(HUAWEI_CONTROL_FORM="array", DECIDE_CLOSE_TONE="none.wav")
    put(decide.store, X, A, **CONNECT)
    assert decide.answer(call()) == {"operation": "connect", "connectInfo": [{"calleeNum": B, "recordFlag": "false"}]}
    assert decide.answer(call(caller=B)) == {"operation": "close", "closeInfo": [{"closeHintTone": "none.wav"}]}


def test_the_partys_own_row_answers_first_and_whole(decide: Decide) -> None:
    """Calls and texts are looked up apart; columns of two rows never mix."""
    put(decide.store, X, "*", call="close", close_tone="bye.wav", text="forward", text_receiver=B)
    put(decide.store, X, A, **CONNECT)
    assert decide.answer(call())["operation"] == "connect"
    assert decide.answer(text()) == forwarded()
    assert decide.answer(call(caller=B))["closeInfo"] == {"closeHintTone": "bye.wav"}
    put(decide.store, X, A, call="close", text="discard")
    assert decide.answer(call()) == CLOSED
    assert decide.answer(text()) == DISCARDED


def test_where_nothing_matches_the_answer_is_safe(decide: Decide) -> None:
    """No rule, or one of another number: the call is closed, the text discarded."""
    put(decide.store, B, "*", **CONNECT, text="forward", text_receiver=A)
    assert decide.answer(call()) == CLOSED
    assert decide.decision()["because"] == "default"
    assert decide.answer(text()) == DISCARDED


@pytest.mark.parametrize("called", ["17000000002", "+86 17000000002", "008617000000002", 17000000002])
@pytest.mark.parametrize("caller", ["13900000001", "8613900000001"])
def test_numbers_are_compared_in_one_form(decide: Decide, called: object, caller: str) -> None:
    """However the question writes them; the answer to a text repeats who writes as it came."""
    put(decide.store, X, A, **CONNECT, text="forward", text_receiver="137-0000-0003")
    assert decide.answer(call(called=called, caller=caller))["operation"] == "connect"
    assert decide.answer(text(virtualNumber=called, calling=caller)) == forwarded(caller)


@pytest.mark.parametrize(
    "asked",
    [
        call(called=None),
        call(called="anonymous"),
        call(called=["x"]),
        {"eventType": "callin", "statusInfo": {"notifyMode": "Block"}},
    ],
)
def test_a_question_that_cannot_be_read_is_answered(decide: Decide, asked: Any) -> None:
    """Safely, and the decision says why."""
    put(decide.store, X, "*", **CONNECT)
    assert decide.answer(asked) == CLOSED
    assert decide.decision()["because"] == "question unreadable"
    assert decide.answer({"smsEvent": {"notificationMode": "Block"}}) == DISCARDED


def test_what_waits_is_answered(decide: Decide) -> None:
    """Of a body that holds both a call and a text, the one that asks; a caller rather than a text."""
    assert decide.answer(call() | text(notificationMode="Notify")) == CLOSED
    assert decide.answer(call() | text()) == CLOSED
    assert decide.answer(text() | {"eventType": "callin", "statusInfo": {"notifyMode": "Notify"}}) == DISCARDED
    assert decide.answer(text() | call() | {"eventType": "disconnect"}) == DISCARDED
    spelt = json.dumps(call()).replace("statusInfo", "status_info").replace("notifyMode", "Notify_Mode")
    assert decide.answer(spelt.replace("Block", "BLOCK ")) == CLOSED


def test_an_unknown_party_is_everybody(decide: Decide) -> None:
    """Who hides his number gets what everybody gets; and nobody is called `*`."""
    put(decide.store, X, "*", **CONNECT, text="forward", text_receiver=B)
    for caller in ("anonymous", "", None, "*"):
        assert decide.answer(call(caller=caller))["operation"] == "connect"
    assert decide.answer(text(calling=None)) == {"actions": [{"operation": "vNumberRoute", "message": {"called": B}}]}


def test_questions_and_answers_are_journalled(decide: Decide) -> None:
    """The question as the bytes that came, the decision as a receipt of its own, in one call to the queue."""
    put(decide.store, X, A, **CONNECT, text="discard")
    calls = decide.store.mns.faults.calls
    sent = calls["BatchSendMessage"]
    written = json.dumps(call(), indent=1)
    answer = decide.answer(written)
    assert calls["BatchSendMessage"] == sent + 1
    asked, told = decide.journal()
    assert (asked.vendor, asked.type, asked.body) == ("huawei", "notification", written.encode())
    assert (told.vendor, told.type, told.id) == ("huawei", "notification", asked.id)
    decision = json.loads(told.body)
    assert 0 <= decision.pop("decidedAt") - asked.at < 60_000
    assert decision == {
        "eventType": "decision",
        "sessionId": SESSION,
        "appKey": "a1DemoAppKey0000000000000001",
        "because": "rule",
        "answer": answer,
    }
    decide.answer(text())
    decision = decide.decision()
    assert (decision["smsIdentifier"], decision["because"]) == ("sms-1", "rule")


def test_what_asks_nothing_is_journalled_as_by_receive(decide: Decide) -> None:
    """One address of the console gets questions and notifications: 200 without a body, once the queue has it."""
    for body in (json.dumps(call(notifyMode="Notify")), '{"eventType":"fee","feeLst":[]}', "no json", "x" * 40_000):
        response = decide.response(request(body, "/whatever/path"))
        assert (response["statusCode"], response["body"]) == (200, "")
        (push,) = decide.journal()
        assert (push.vendor, push.type, push.body) == ("huawei", "notification", body.encode())


def test_a_question_is_one_read(deciding: Callable[..., Decide]) -> None:
    """And none while what was read is fresh: calls and texts share it."""
    decide = deciding(DECIDE_CACHE_SECONDS="60")
    put(decide.store, X, A, **CONNECT)
    with decide.store.counted() as calls:
        for asked in (call(), text(), call(caller="13900000001")):
            decide.answer(asked)
    assert calls == {READ: 1}
    with decide.store.counted() as calls:
        decide.answer(call(called=B))
        assert decide.response(request({"eventType": "fee"}))["statusCode"] == 200
    assert calls == {READ: 1}


@pytest.mark.parametrize("length", [513, 1000])
def test_the_longest_id_is_that_of_the_decision(decide: Decide, length: int) -> None:
    """Whatever a row's key may hold: a decision without its id would be a dead letter."""
    assert decide.answer(call(sessionId="s" * length)) == CLOSED
    assert decide.decision()["sessionId"] == "s" * length
    decide.answer(text(smsIdentifier="s" * length))
    assert decide.decision()["smsIdentifier"] == "s" * length
    assert decide.answer(call(sessionId="s" * 1001)) == CLOSED
    assert decide.decision()["sessionId"] == ""


def test_question_and_decision_become_facts_of_one_row(decide: Decide) -> None:
    """Whoever looks at the call, or the text, sees what was asked and what was answered, and why."""
    put(decide.store, X, "*", **CONNECT, text="discard")
    answer = decide.answer(call())
    decide.answer(text())
    assert decide.store.take_in(decide.journal()).letters == 0
    (row,) = decide.store.tables()["calls"]
    facts = json.loads(row["facts"])
    assert (row["call_id"], row["pool"]) == (f"huawei:{SESSION}", "a1DemoAppKey0000000000000001")
    assert set(facts) == {"callin", "decision"}
    assert facts["decision"]["answer"] == answer
    (row,) = decide.store.tables()["texts"]
    assert set(json.loads(row["facts"])) == {"Block", "decision"}
