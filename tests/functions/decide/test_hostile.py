"""Laws 3 and 6 for `decide`: any bytes get a documented answer of the documented shape, and reach no log."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.cloud.faults import Fault
from local.golden.huawei import signature
from local.stack import HUAWEI_APPS
from receipts.deciding import answers
from receipts.deciding.numbers import is_global
from receipts.deciding.rules import BadRule, call_rule, text_rule
from tests.deciding.support import put
from tests.functions.decide.conftest import CREATED, A, B, X, call, request, text
from tests.functions.decide.test_answers import CONNECT
from tests.functions.loading import logged

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.functions.decide.conftest import Decide

EVENTS = Path(__file__).resolve().parents[3] / "events" / "decide"
DOCUMENTED = {200, 401, 403, 404, 405, 413, 503}
REFUSED = {"wrong-method.json": 405, "unsigned.json": 401, "wrong-secret.json": 403}
MARKED = ("13900004711", "17000004712", "s3cr3t-text")
VALUE = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
ANY_JSON = st.recursive(
    VALUE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
ASKED = st.fixed_dictionaries(
    {"statusInfo": st.fixed_dictionaries({"notifyMode": st.just("Block"), "called": ANY_JSON, "caller": ANY_JSON})},
    optional={"smsEvent": st.fixed_dictionaries({"notificationMode": st.just("Block"), "virtualNumber": ANY_JSON})},
).map(lambda fields: {"eventType": "callin", **fields})
SHARED = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def well_formed(answer: Any) -> None:
    """It is one of the documented answers, within the documented limits."""
    if "actions" in answer:
        (action,) = answer["actions"]
        assert action["operation"] in ("vNumberRoute", "DiscardMessage")
        message = action.get("message", {})
        assert message.keys() <= {"called", "calling"}
        assert (action["operation"] == "vNumberRoute") == ("called" in message)
        assert all(len(number) <= 64 for number in message.values())
        return
    assert answer["operation"] in ("connect", "close")
    (info,) = (value for name, value in answer.items() if name == f"{answer['operation']}Info")
    if isinstance(info, list):
        (info,) = info
    assert len(answer) == 2
    assert ("calleeNum" in info) == (answer["operation"] == "connect")
    for name, value in info.items():
        if name in ("calleeNum", "displayCalleeNum"):
            assert is_global(value)
        elif name == "maxDuration":
            assert 0 <= value <= 1440
        elif name == "recordFlag":
            assert value in ("true", "false")
            assert value == "false" or "recordHintTone" in info
        elif name == "userData":
            assert len(value) <= 256
            assert value.isascii()
            assert not set("{}") & set(value)
        else:
            assert name in ("waitVoice", "recordHintTone", "lastMinVoice", "closeHintTone")
            assert 0 < len(value) <= 128


def checked(decide: Decide, event: bytes) -> None:
    """The answer is one that the platform takes."""
    response = decide.response(event)
    assert response["statusCode"] in DOCUMENTED
    assert set(response) == {"statusCode", "headers", "isBase64Encoded", "body"}
    json.dumps(response)
    if response["statusCode"] == 200 and response["body"]:
        well_formed(json.loads(response["body"]))


@SHARED
@given(event=st.binary(max_size=300) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_law_never_500_whatever_the_event(decide: Decide, event: bytes) -> None:
    """An event that is none of the HTTP trigger's is answered, not raised."""
    checked(decide, event)


@SHARED
@given(body=ASKED | ANY_JSON | st.binary(max_size=200))
def test_law_never_500_whatever_the_body(decide: Decide, body: Any) -> None:
    """Whatever is in the fields of a question, or instead of one."""
    checked(decide, request(body))


@SHARED
@given(headers=ANY_JSON, method=st.text(max_size=8), path=st.text(max_size=40), encoded=ANY_JSON)
def test_law_never_500_whatever_the_request(decide: Decide, headers: Any, method: str, path: str, encoded: Any) -> None:
    """Any path, method and headers."""
    checked(
        decide, request(call(), path, headers, isBase64Encoded=encoded, requestContext={"http": {"method": method}})
    )


COLUMN = (
    st.none() | st.integers(-5, 2000) | st.text(max_size=300) | st.sampled_from(["true", A, "13900000001", "t.wav"])
)
RULE = st.fixed_dictionaries(
    {"call": st.sampled_from(["connect", "close"]), "text": st.sampled_from(["forward", "discard"])},
    optional=dict.fromkeys(
        [
            *("callee", "display_number", "max_minutes", "wait_tone", "record", "record_tone"),
            *("last_minute_tone", "user_data", "close_tone", "text_receiver"),
        ],
        COLUMN,
    ),
)


@settings(max_examples=300, deadline=None)
@given(row=RULE, form=st.sampled_from(["object", "array"]))
def test_whatever_is_accepted_makes_a_documented_answer(row: dict[str, Any], form: answers.Form) -> None:
    """Any row is refused, or makes an answer of the documented shape and limits."""
    with suppress(BadRule):
        call_told = call_rule(row)
        assert call_told is not None
        well_formed(json.loads(json.dumps(answers.to_call(call_told, form))))
    with suppress(BadRule):
        text_told = text_rule(row)
        assert text_told is not None
        well_formed(json.loads(json.dumps(answers.to_text(text_told, A))))


@pytest.mark.parametrize("name", sorted(path.name for path in EVENTS.glob("*.json")))
def test_golden_events(deciding: Callable[..., Decide], name: str) -> None:
    """Every event in events/decide is answered as its README says."""
    decide = deciding(HUAWEI_APPS=json.dumps(HUAWEI_APPS))
    put(decide.store, "+8617000000008", "*", **CONNECT, text="forward", text_receiver=A)
    response = decide.response((EVENTS / name).read_bytes())
    assert response["statusCode"] == REFUSED.get(name, 200)
    if name.startswith("question"):
        assert json.loads(response["body"]).get("operation", "vNumberRoute") in ("connect", "vNumberRoute")
        assert decide.decision()["because"] == "rule"


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 401), ({"X-AKSK": 'UsernameToken Username="x"'}, 403), ({"x-wsse": ""}, 403)]
)
def test_who_cannot_sign_learns_nothing(decide: Decide, headers: dict[str, str], status: int) -> None:
    """Where a number leads is told to the platform only; nothing is journalled."""
    put(decide.store, X, "*", **CONNECT)
    response = decide.response(request(call(), headers=headers))
    assert response["statusCode"] == status
    assert "connect" not in response["body"]
    assert decide.journal() == []


def test_the_way_in_may_be_tried_first(deciding: Callable[..., Decide], capsys: pytest.CaptureFixture[str]) -> None:
    """With `HUAWEI_AUTH=log` what is not signed is answered, and told of: safely, as the rule book holds numbers."""
    decide = deciding(HUAWEI_AUTH="log", DECIDE_CACHE_SECONDS="60", DECIDE_CLOSE_TONE="t.wav")
    put(decide.store, X, "*", **CONNECT, text="forward", text_receiver=B)
    assert decide.answer(call())["operation"] == "connect"
    wrong = signature("a1", CREATED, secret="another")
    closed, discarded = {"operation": "close", "closeInfo": {"closeHintTone": "t.wav"}}, answers.discarded()
    for headers in ({}, wrong):
        for asked, safe in ((call(), closed), (text(), discarded)):
            capsys.readouterr()
            response = decide.response(request(asked, headers=headers))
            assert (response["statusCode"], json.loads(response["body"])) == (200, safe)
            assert decide.decision()["because"] == "not verified"
            pushed, answered = logged(capsys)
            assert (pushed["event"], answered["event"]) == ("push not verified", "question answered by default")
            assert (answered["level"], answered["why"]) == ("warning", "not verified")
            assert answered["problem"] == pushed["why"]
    assert decide.answer(text())["actions"][0]["operation"] == "vNumberRoute"


def test_law_privacy_no_line_holds_a_number(
    deciding: Callable[..., Decide], capsys: pytest.CaptureFixture[str]
) -> None:
    """Masked numbers and words of our own, whatever goes wrong."""
    caller, x, said = MARKED
    decide = deciding(DECIDE_CLOSE_TONE="t.wav")
    put(decide.store, f"+86{x}", "*", call="connect", callee=f"+86{caller}", user_data=said, text="forward")
    asked = (call(caller=caller, called=x, sessionId=said), text(calling=caller, virtualNumber=x, smsContent=said))
    for body in asked:
        decide.answer(body)
    put(decide.store, f"+86{x}", "*", call="connect", callee=caller * 4, user_data=f"{{{said}}}")
    for body in asked:
        decide.answer(body)
    decide.response(request(said, headers={"X-AKSK": f'Username="{caller}"'}))
    decide.store.mns.faults.plan(Fault(status=503), on="BatchSendMessage")
    decide.answer(asked[0])
    out = capsys.readouterr().out
    assert "139****4711" in out
    assert "question not journalled" in out
    assert not any(word in out for word in MARKED)
