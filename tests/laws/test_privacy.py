"""Law 6, Privacy: what people said and who they are never reaches logs, errors, tracebacks or reasons."""

from __future__ import annotations

import json
import re
import time
import traceback
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from local.demo.reading import rows_of
from local.golden.huawei import APP_SECRET, signature
from local.stack import KEY, PUSH_TOKEN, Stack
from local.story import story
from ops.settings import OpsSettings
from receipts.domain.letter import Letter
from receipts.errors import ReceiptsError
from receipts.intake.parsing import told_by
from receipts.intake.pipeline import take_in
from receipts.logs import Log
from receipts.store import schema
from receipts.store.client import client
from receipts.store.rows import PASSING, Rows
from tests.laws.test_crash import event_of
from tests.store.support import Clock, ended, push

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.journal.envelope import Envelope
    from tests.store.support import Row, Store

# One mark for each kind of thing that must not show; none is a part of another or of anything else.
NUMBERS = ("13900004711", "17000004712", "13700004713")
TEXT = "今晚八点老地方见"
SENTENCE = "我的密码是四个七"
ORDER = "order-of-mrs-4714"
WRONG_TOKEN = "token-of-somebody-else"
FAULT_SECONDS = 1
BUSY = 503
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
# Request ids and content hashes: eleven digits in a row come up in one of them sooner or later.
RANDOM_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[0-9]*[a-f])[0-9a-f]{16,}\b")
DAY = story(23, calls=11)


def told(**fields: Any) -> dict[str, Any]:
    """A call record of the marked people."""
    a, x, b = NUMBERS
    return ended("c4715", phone_no=a, secret_no=x, peer_no=b, out_id=ORDER, sms_content=TEXT) | fields


def text(**fields: Any) -> dict[str, Any]:
    """A text between them."""
    a, x, b = NUMBERS
    return {"id": 4716, "send_no": a, "secret_no": x, "receive_no": b, "sms_content": TEXT} | fields


def transcript(sentence: Any) -> dict[str, Any]:
    """What they said."""
    return {"callId": "c4715", "secretNo": NUMBERS[1], "sentences": [sentence]}


SAID = {"beginTime": 1, "text": SENTENCE}
# Good and bad, so that every marked value stands once in every kind of fault.
BODIES: list[tuple[str, Any]] = [
    ("SecretReport", [told(), told(call_id=None), told(call_time=TEXT), told(release_dir=NUMBERS), told(sub_id=TEXT)]),
    ("SecretReport", [told(call_type=TEXT), told(call_id=NUMBERS[0] * 200), told(x=float("nan"))]),
    ("SecretReport", json.dumps([told(city="\ud83d"), told(call_id=TEXT * 100)]).encode()),
    ("SecretReport", json.dumps([told(**{NUMBERS[0]: TEXT})]).encode()[:-20]),
    ("SecretReport", json.dumps([told()], ensure_ascii=False).encode("gbk")),
    ("SecretReport", [NUMBERS[0], [TEXT], int(NUMBERS[0])]),
    ("SecretSmsIntercept", [text(), text(start_time=NUMBERS[0] * 2), text(sms_content=[TEXT]), text(id=[TEXT])]),
    ("SecretAsrReport", [transcript(one) for one in (SAID, SENTENCE, [SENTENCE], {"text": [SENTENCE]})]),
    ("SecretAsrReport", {"callId": SENTENCE, "sentences": SENTENCE, "secretNo": {"is": NUMBERS[1]}}),
    ("NumberManagementReport", [{"secret_no": NUMBERS[1], "status": NUMBERS[0], "operating_time": TEXT}]),
    ("SecretFutureReport", [told()]),
    ("SecretRecording", [{"call_id": "c4715", "phone_no": int(NUMBERS[0]), "secret_no": TEXT * 400}]),
]
PUSHES: list[tuple[str, bytes]] = [
    (message_type, body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode())
    for message_type, body in BODIES
]
# Huawei's say who called whom in the very id of the call.
SESSION = f"+86{NUMBERS[0]}_+86{NUMBERS[2]}_4_627e5c1f_1_0"
NOTIFICATIONS: list[bytes] = [
    json.dumps(one, ensure_ascii=False).encode()
    for one in (
        {"eventType": "answer", "statusInfo": {"sessionId": SESSION, "caller": f"+86{NUMBERS[0]}", "userData": ORDER}},
        {"eventType": "callin", "statusInfo": {"sessionId": SESSION, "notifyMode": "Block", "userData": ORDER}},
        {"smsEvent": {"notificationMode": "Block", "calling": NUMBERS[0], "smsContent": TEXT}},
        {"eventType": "fee", "feeLst": [TEXT, {"callerNum": NUMBERS[0], "icid": TEXT}]},
        {"eventType": "futureEvent", "statusInfo": {"caller": NUMBERS[0]}},
        {"eventType": NUMBERS[0], "feeLst": TEXT},
        [TEXT],
    )
]
SIGNED, FORGED = (signature("n4717", "2026-11-20T10:00:00Z", secret=secret) for secret in (APP_SECRET, WRONG_TOKEN))
DIGESTS = {headers["X-Aksk"].split('"')[3] for headers in (SIGNED, FORGED)}
HIDDEN = {WRONG_TOKEN, PUSH_TOKEN, KEY.secret, APP_SECRET, *DIGESTS}
SECRETS = {*NUMBERS, TEXT, SENTENCE, ORDER, *HIDDEN, "您好,我到门口了。", "我到楼下了"}


def leaks(shown: str) -> set[str]:
    """Whatever in `shown` must not be shown, in any way in which JSON or Python would write it."""
    found = set(PHONE.findall(RANDOM_ID.sub("", shown)))
    for secret in SECRETS:
        escaped = json.dumps(secret)[1:-1]
        forms = {secret, escaped, escaped.replace("\\", "\\\\"), repr(secret.encode())[2:-1]}
        found |= {secret for form in forms if form in shown}
    return found


def post(url: str, body: bytes, headers: dict[str, str] | None = None) -> int:
    """POST; the status."""
    headers = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - http
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - http
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def pushed(url: str, body: bytes, headers: dict[str, str] | None = None) -> int:
    """POST as the vendor does: up to four times, as a busy machine may miss the deadline."""
    return next((status for _ in range(4) if (status := post(url, body, headers)) != BUSY), BUSY)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Both functions with their queue and store, which give up after a second."""
    environment = {"STORE_BUDGET_SECONDS": str(FAULT_SECONDS)}
    with Stack(database=None, log_dir=tmp_path_factory.mktemp("logs"), environment=environment) as running:
        yield running


def letters_of(stack: Stack) -> list[Row]:
    """The dead letters in the stack's store."""
    settings = OpsSettings.read(stack.environment())
    reader = client(settings.store, settings.keys)
    found = list(rows_of(reader, schema.DEAD_LETTERS))
    reader.connection.pool.clear()
    return found


def shown_of(letter: Row) -> str:
    """What of a letter is shown in lists and alarms: everything but the body itself."""
    return json.dumps({name: value for name, value in letter.items() if name != "body"}, default=str)


def test_law_privacy_of_the_real_functions(stack: Stack) -> None:
    """Pushes good and bad, a store and a queue in trouble: logs, error reports and letters show nobody's data."""
    url = stack.host.url("receive")
    statuses = [pushed(f"{url}/aliyun/{PUSH_TOKEN}/{message_type}", body) for message_type, body in PUSHES]
    statuses += [pushed(f"{url}/aliyun/{PUSH_TOKEN}/{one.message_type}", one.body) for one in DAY.pushes]
    statuses += [pushed(f"{url}/huawei/{NUMBERS[0]}", body, SIGNED) for body in NOTIFICATIONS]
    assert set(statuses) == {200}
    assert [pushed(f"{url}/huawei", NOTIFICATIONS[0], headers) for headers in (FORGED, None)] == [403, 401]
    assert post(f"{url}/aliyun/{WRONG_TOKEN}/SecretReport", PUSHES[0][1]) == 403
    assert post(f"{url}/{NUMBERS[0]}/{TEXT.encode().hex()}", PUSHES[0][1]) == 404
    stack.mns.faults.plan(Fault(status=500, code="InternalError"), on="BatchSendMessage", times=None)
    assert post(f"{url}/aliyun/{PUSH_TOKEN}/SecretReport", PUSHES[0][1]) == BUSY
    stack.mns.faults.clear()

    batch = [push(message_type, body, number) for number, (message_type, body) in enumerate(PUSHES)]
    event = event_of(batch)
    reports = []
    for fault in (
        Fault(status=503, code="OTSServerBusy"),
        Fault(close_before=True),
        Fault(status=403, code="OTSNoPermissionAccess"),
        Fault(fail_parts=tuple(range(200)), code="OTSNoPermissionAccess"),
    ):
        stack.tablestore.faults.plan(fault, on="BatchWriteRow", times=None)
        reports.append(stack.host.invoke("ingest", event))
        stack.tablestore.faults.clear()
    assert [result.ok for result in reports] == [False] * len(reports)
    reports.append(stack.host.invoke("ingest", json.dumps([{"data": {"messageBody": TEXT}}, NUMBERS[0]]).encode()))
    reports.append(stack.host.invoke("ingest", event))
    assert reports[-1].ok

    everything = [*batch, *(push(one.message_type, one.body) for one in DAY.pushes)]
    expected = {one.letter_id for envelope in everything for one in told_by(envelope) if isinstance(one, Letter)}
    deadline = time.monotonic() + 20
    letters = letters_of(stack)
    while not expected <= {letter["letter_id"] for letter in letters}:
        assert time.monotonic() < deadline, "letters are missing"
        time.sleep(0.1)
        letters = letters_of(stack)
    assert len(expected) > 20
    assert {letter["reason"] for letter in letters} >= {"invalid", "not_json", "unknown_type", "bad_envelope"}
    logs = stack.host.log("ingest") + stack.host.log("receive")
    assert "batch not stored" in logs
    assert "push not journalled" in logs
    assert "push refused" in logs
    assert "question not answered" in logs
    shown = [logs, *(result.payload.decode() for result in reports), *map(shown_of, letters)]
    assert set().union(*map(leaks, shown)) == set()


@pytest.mark.parametrize("code", [*sorted(PASSING)[:3], "OTSNoPermissionAccess", "OTSObjectNotExist"])
def test_law_privacy_of_errors_and_their_tracebacks(store: Store, code: str) -> None:
    """Whatever is raised says no value, nor does what it was raised from, as a traceback prints it."""
    batch: list[Envelope] = [push(message_type, body, number) for number, (message_type, body) in enumerate(PUSHES)]
    store.server.faults.plan(Fault(status=400, code=code), on="BatchWriteRow", times=None)
    with pytest.raises(ReceiptsError) as caught:
        take_in(batch, [], store.stores(Rows(store.client, "")), Clock().patience())
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert leaks(shown) == set()
    # The service's own words may repeat a key.
    assert "As planned" not in shown


def test_law_privacy_the_search_finds_a_leak(capsys: pytest.CaptureFixture[str]) -> None:
    """The search can fail: a log line, a traceback and a reason that leak are found, each in its own spelling."""
    Log("ingest").info("batch stored", "1-r", number=NUMBERS[0], text=TEXT)
    assert leaks(capsys.readouterr().out) == {NUMBERS[0], TEXT}
    with pytest.raises(ValueError, match="text") as caught:
        raise ValueError({"text": SENTENCE.encode(), "token": PUSH_TOKEN})
    assert leaks("".join(traceback.format_exception(caught.value))) == {SENTENCE, PUSH_TOKEN}
    assert leaks(shown_of({"reason": "invalid", "error": f"out_id: {ORDER}", "body": TEXT})) == {ORDER}
    assert leaks(json.dumps({"errorMessage": json.dumps({"said": SENTENCE})})) == {SENTENCE}
    assert leaks("139****4711") == set()
