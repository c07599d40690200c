"""`receive` at /huawei: laws 2, 3 and 6, and the contract."""

from __future__ import annotations

import base64
import json
import os
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.cloud.faults import Fault
from local.golden.huawei import APP_KEY, APP_SECRET, signature
from receipts.errors import SettingError
from tests.functions.receive.conftest import http_event, push_event
from tests.functions.receive.test_hostile import ANY_JSON, DOCUMENTED, SHARED
from tests.store.buckets import noise

if TYPE_CHECKING:
    from tests.functions.receive.conftest import Receive

OPERATION = "BatchSendMessage"
NUMBER = "13900000001"
EVENT = json.dumps({"eventType": "answer", "statusInfo": {"sessionId": "s", "caller": f"+86{NUMBER}"}})
QUESTION = json.dumps({"eventType": "callin", "statusInfo": {"caller": f"+86{NUMBER}", "notifyMode": "Block"}})


@pytest.fixture(autouse=True)
def _application(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function knows one application, and has as long as may be set, for a busy machine."""
    monkeypatch.setenv("HUAWEI_APPS", json.dumps({APP_KEY: APP_SECRET}))
    monkeypatch.setenv("ACK_BUDGET_MS", "500")
    receive.module.initialize(None)


def headers(scheme: str = "AKSK", *, hours: float = 0, secret: str = APP_SECRET) -> dict[str, str]:
    """A signature of so many hours ago."""
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - hours * 3600))
    return signature("66c92b11ff8a425fb8d4ccfe0ed9ed1f", created, scheme=scheme, secret=secret)


def pushed(body: str = EVENT, path: str = "/huawei", **fields: Any) -> bytes:
    """A push, signed unless it brings headers of its own."""
    return http_event(path, body, **{"headers": headers(), **fields})


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The log since it was last asked for."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("path", ["/huawei", "/huawei/", "/huawei/fee", "/huawei/a/b%2Fc", "/huawei//"])
@pytest.mark.parametrize("scheme", ["AKSK", "WSSE"])
def test_a_push_is_journalled_and_answered_with_nothing(receive: Receive, path: str, scheme: str) -> None:
    """200 without a body, whatever stands behind the vendor's name; the journal holds the bytes as they came."""
    answer = receive.answer(pushed(path=path, headers=headers(scheme)))
    assert answer == {"statusCode": 200, "headers": {}, "isBase64Encoded": False, "body": ""}
    (entry,) = receive.journal()
    assert (entry.vendor, entry.type, entry.id) == ("huawei", "notification", "1-test-request")
    assert entry.body == EVENT.encode()


@pytest.mark.parametrize("body", ["not json", "", "{", "[" * 1000, "null", "话单", '{"eventType":"future"}'])
def test_any_body_is_kept_as_it_came(receive: Receive, body: str) -> None:
    """What a body tells is the business of `ingest`, also in Base64."""
    assert receive.status(pushed(body)) == 200
    coded = base64.b64encode(body.encode()).decode()
    assert receive.status(pushed(coded, isBase64Encoded=True)) == 200
    assert [entry.body for entry in receive.journal()] == [body.encode()] * 2


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"headers": {}}, 401),
        ({"headers": None}, 401),
        ({"headers": {"X-AKSK": "?"}}, 403),
        ({"headers": headers(secret="another")}, 403),
        ({"headers": headers("WSSE", secret="another")}, 403),
        ({"headers": headers(hours=25)}, 403),
        ({"headers": headers(hours=-25)}, 403),
        ({"headers": headers(hours=23)}, 200),
        ({"headers": {name.upper(): value for name, value in headers().items()}}, 200),
        ({"headers": {name.lower(): value for name, value in headers().items()}}, 200),
        ({"method": "GET"}, 405),
        ({"method": "HEAD", "headers": {}}, 405),
        ({"path": "/HUAWEI"}, 404),
        ({"path": "/huaweii"}, 404),
        ({"path": "/x/huawei"}, 404),
    ],
)
def test_status_by_path_method_and_signature(receive: Receive, fields: dict[str, Any], status: int) -> None:
    """401 without a signature, 403 with a wrong or old one, 405 otherwise than by POST; nothing of it is kept."""
    answer = receive.answer(pushed(**fields))
    assert answer["statusCode"] == status
    assert len(receive.journal()) == (1 if status == 200 else 0)
    if status != 200:
        assert json.loads(answer["body"])["code"] == status


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_413_above_the_limit_only(receive: Receive, monkeypatch: pytest.MonkeyPatch, extra: int, status: int) -> None:
    """A body of exactly MAX_BODY_BYTES is taken, one byte more is not."""
    monkeypatch.setenv("MAX_BODY_BYTES", "1024")
    receive.module.initialize(None)
    assert receive.status(pushed("x" * (1024 + extra))) == status


def test_without_applications_every_push_is_refused_with_a_hint(
    receive: Receive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The default is closed; the other vendor is not touched by it."""
    monkeypatch.delenv("HUAWEI_APPS")
    receive.module.initialize(None)
    assert receive.status(pushed()) == 403
    assert "HUAWEI_APPS is not set" in lines(capsys)[-1]["why"]
    assert receive.status(push_event()) == 200


def test_one_vendor_alone_is_enough(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without tokens only Huawei comes in; without either nothing starts."""
    monkeypatch.delenv("ALIYUN_PUSH_TOKENS")
    receive.module.initialize(None)
    assert (receive.status(pushed()), receive.status(push_event())) == (200, 403)
    monkeypatch.delenv("HUAWEI_APPS")
    with pytest.raises(SettingError, match=r"^ALIYUN_PUSH_TOKENS: is not set"):
        receive.module.initialize(None)


def test_log_mode_takes_in_what_it_would_refuse_and_says_so(
    receive: Receive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One warning for a push that is not verified, none for one that is."""
    monkeypatch.setenv("HUAWEI_AUTH", "log")
    receive.module.initialize(None)
    for sent in ({}, headers(secret="another"), headers(hours=99)):
        assert receive.status(pushed(headers=sent)) == 200
        warning, journalled = lines(capsys)
        assert (warning["level"], warning["event"]) == ("warning", "push not verified")
        assert warning["why"]
        assert journalled["event"] == "push journalled"
    assert receive.status(pushed()) == 200
    assert [line["event"] for line in lines(capsys)] == ["push journalled"]
    assert receive.status(pushed(method="GET")) == 405
    assert len(receive.journal()) == 4


def test_a_question_is_kept_and_its_way_is_told(receive: Receive, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody answers it here, so the log says which field of the console to correct."""
    answer = receive.answer(pushed(QUESTION))
    assert (answer["statusCode"], answer["body"]) == (200, "")
    warning, journalled = lines(capsys)
    assert (warning["level"], warning["event"]) == ("warning", "question not answered")
    assert "call status address" in warning["do"]
    assert "SMS control address" in warning["do"]
    assert journalled["event"] == "push journalled"
    assert [entry.body for entry in receive.journal()] == [QUESTION.encode()]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=503, code="InternalError"),
        Fault(status=403, code="SignatureDoesNotMatch"),
        Fault(close_before=True),
        Fault(close_after=True),
        Fault(fail_parts=(0,), code="InternalError"),
    ],
)
def test_law_acknowledge_a_failing_queue_is_503(receive: Receive, fault: Fault) -> None:
    """Huawei is told to push it again, and then it works."""
    receive.mns.faults.plan(fault, on=OPERATION, times=1)
    assert receive.status(pushed()) == 503
    assert receive.status(pushed()) == 200
    assert {entry.body for entry in receive.journal()} == {EVENT.encode()}


def test_law_acknowledge_a_hanging_queue_is_503_in_time(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer does not wait for a queue that does not answer."""
    monkeypatch.setenv("ACK_BUDGET_MS", "100")
    receive.module.initialize(None)
    receive.mns.faults.plan(Fault(hang=30.0), on=OPERATION)
    started = time.monotonic()
    assert receive.status(pushed()) == 503
    assert time.monotonic() - started < 5


def test_law_acknowledge_what_fits_no_message_is_claimed(receive: Receive) -> None:
    """A body that is no array cannot be split: the bucket has it whole, and the message says where."""
    body = json.dumps({"eventType": "fee", "feeLst": [{"x": noise(100_000)}]})
    assert 200 in (receive.status(pushed(body)) for _ in range(4))
    claim = receive.journal()[-1].claim
    assert claim is not None
    assert receive.oss.object(claim.bucket, claim.key) == body.encode()
    assert (receive.journal()[-1].vendor, receive.journal()[-1].type) == ("huawei", "notification")


TOKEN = st.sampled_from([headers()["X-Aksk"], headers("WSSE")["X-Wsse"], "", '="', 'Username="a",Nonce="'])
HEADERS = st.dictionaries(st.sampled_from(["X-AKSK", "x-wsse", "Authorization"]) | st.text(), TOKEN | ANY_JSON)


@SHARED
@given(
    path=st.text(max_size=30).map(lambda tail: "/huawei/" + tail) | st.just("/huawei"),
    method=st.sampled_from(["POST", "GET", ""]),
    body=ANY_JSON | st.sampled_from([QUESTION, EVENT, "Block smsEvent"]),
    headers=HEADERS | ANY_JSON,
    encoded=ANY_JSON,
)
def test_law_never_500_whatever_the_request(  # noqa: PLR0913, PLR0917 - every part of a request at once
    receive: Receive, path: str, method: str, body: Any, headers: Any, encoded: Any
) -> None:
    """Any path, method, headers and body get one of the documented statuses."""
    answer = receive.answer(http_event(path, method=method, body=body, headers=headers, isBase64Encoded=encoded))
    assert answer["statusCode"] in DOCUMENTED
    assert set(answer) == {"statusCode", "headers", "isBase64Encoded", "body"}
    json.dumps(answer)


def test_law_privacy_nothing_of_a_push_is_logged(
    receive: Receive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither body nor path, app key, secret, digest or nonce stands in a log line, whatever happens to the push."""
    right, wrong = headers(), headers(secret=NUMBER)
    for mode in ("enforce", "log"):
        monkeypatch.setenv("HUAWEI_AUTH", mode)
        if receive.module._instance.made:
            receive.module._instance.service.journal.close()
        receive.module.initialize(None)
        for sent in (right, wrong, {"X-AKSK": NUMBER}, headers(hours=99)):
            receive.status(pushed(headers=sent))
            receive.status(pushed(QUESTION, path=f"/huawei/{NUMBER}", headers=sent))
        receive.status(pushed(method=NUMBER))
        receive.mns.faults.plan(Fault(status=503, code="InternalError"), on=OPERATION)
        assert receive.status(pushed(QUESTION)) == 503
        receive.mns.faults.clear()
    monkeypatch.setenv("HUAWEI_APPS", os.environ["HUAWEI_APPS"][:-1])
    with pytest.raises(SettingError) as caught:
        receive.module.initialize(None)
    said = capsys.readouterr().out + str(caught.value)
    events = {json.loads(line)["event"] for line in said.splitlines() if line.startswith("{")}
    assert events == {
        *("push journalled", "push refused", "push not journalled"),
        *("push not verified", "question not answered"),
    }
    digests = [part for sent in (right, wrong) for part in sent["X-Aksk"].split('"')[1::2]]
    for secret in (NUMBER, APP_KEY, APP_SECRET, *digests):
        assert secret not in said
