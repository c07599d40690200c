"""`poll` around the draining: its tick, its log, its settings, its keys, its time, and what it raises."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from receipts.alicom.tokens import Queue, TokenRefused
from receipts.credentials import Credentials
from receipts.errors import Defect, SettingError, StoreUnavailable
from tests.functions.loading import Context, logged
from tests.poll.support import RECEIVE, TOKEN
from tests.store.support import KEY, WRITE, ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.functions.poll.conftest import Poll
    from tests.poll.support import Vendor

NUMBERS = ("13900000001", "17000000002", "13700000003")


def shown(lines: list[dict[str, Any]]) -> list[str]:
    """What the lines show and must not: numbers, keys, tokens, bodies."""
    text = json.dumps(lines, ensure_ascii=False)
    return [word for word in (*NUMBERS, KEY.secret, KEY.key_id, "STS.", "CAIS", "garbage", "order-1") if word in text]


def test_one_poll(poll: Poll, vendor: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    """What came to what, in one line and as the answer; the next tick finds nothing."""
    queue, other = vendor.open(), vendor.open("SecretRecording")
    vendor.send(queue, *(ended(f"c{number}") for number in range(20)), b"garbage 13900000001")
    vendor.send(other, {"call_id": "c20", "pool_key": "FC1", "call_time": "2026-11-20 12:00:00"})
    counts = {"messages": 22, "receipts": 21, "rows": 21, "recordings": 1, "letters": 1, "left": 0}
    counts |= {"alone": 0, "out_of_time": 0}
    assert poll(queue, other) == counts
    assert poll.tick() == dict.fromkeys(counts, 0)
    first, second = lines = logged(capsys)
    assert first.items() >= {"event": "queues polled", "level": "info", "request_id": "1-test-request"}.items()
    assert first.items() >= counts.items()
    assert first["types"] == {"aliyun/SecretReport": 20, "aliyun/SecretRecording": 1}
    assert first["reasons"] == {"not_json": 1}
    assert first["lag_ms"] >= 0
    assert isinstance(first["ms"], int)
    assert second["messages"] == 0
    assert shown(lines) == []
    assert (len(vendor.store.calls()), len(vendor.store.letters()), vendor.left(queue, other)) == (21, 1, 0)


def test_no_queue_to_poll(poll: Poll, capsys: pytest.CaptureFixture[str]) -> None:
    """Said in a line, as somebody has set up a trigger for nothing; it is no failure."""
    assert poll() == {}
    (line,) = logged(capsys)
    assert line["level"] == "info"
    assert (line["event"], "ALICOM_QUEUES" in line["do"]) == ("nothing to poll", True)


def test_a_queue_that_is_left_alone(poll: Poll, vendor: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    """A warning with queue, type, why and what to do; the poll goes on and ends well."""
    good, gone = vendor.open(), Queue("SecretReport", "not-there")
    vendor.send(good, ended("c1"))
    assert poll(gone, good)["messages"] == 1
    warning, done = lines = logged(capsys)
    expected = {"event": "queue left alone", "level": "warning", "queue": "not-there", "type": "SecretReport"}
    assert warning.items() >= {**expected, "do": TokenRefused.advice}.items()
    assert "isv.QUEUE_NOT_EXIST" in warning["why"]
    assert done["event"] == "queues polled"
    assert shown(lines) == []


def test_a_store_that_is_down(poll: Poll, vendor: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    """It raises out of the handler, so that the platform's metric of failures shows it, and says what to do."""
    queue = vendor.open()
    vendor.send(queue, ended("c1"))
    vendor.store.server.faults.plan(Fault(status=503, code="OTSServerBusy"), on=WRITE, times=None)
    with pytest.raises(StoreUnavailable):
        poll(queue)
    (line,) = lines = logged(capsys)
    assert line.items() >= {"event": "poll broken off", "level": "warning", "do": StoreUnavailable.advice}.items()
    assert shown(lines) == []
    assert vendor.left(queue) == 1
    vendor.store.server.faults.clear()
    vendor.pass_by()
    assert poll.tick()["messages"] == 1


def test_law_privacy_a_defect_is_told_by_its_place_only(
    poll: Poll, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message may hold anything."""

    def broken(*_: object) -> None:
        raise RuntimeError("13900000001")

    monkeypatch.setattr(poll.module, "drained", broken)
    with pytest.raises(Defect) as caught:
        poll(Queue("SecretReport", "q"))
    (line,) = logged(capsys)
    assert line["why"].startswith("RuntimeError at test_handler.py:")
    assert "13900000001" not in str(line) + str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALICOM_QUEUES", "SecretReport"),
        ("ALICOM_QUEUES", "SecretReport:"),
        ("ALICOM_QUEUES", ":q"),
        ("ALICOM_QUEUES", "SecretReport:q,"),
        ("ALICOM_QUEUES", "SecretReport:q:r"),
        ("ALICOM_QUEUES", "SecretReport:q, SecretReport : q"),
        ("ALICOM_ENDPOINT", "nowhere"),
        ("ALICOM_API_ENDPOINT", "ftp://x"),
        ("POLL_CONSUMERS", "0"),
        ("POLL_CONSUMERS", "51"),
        ("POLL_WAIT_SECONDS", "31"),
        ("POLL_WAIT_SECONDS", "-1"),
        ("POLL_BUDGET_SECONDS", "4"),
        ("POLL_BUDGET_SECONDS", "soon"),
        ("TABLESTORE_ENDPOINT", ""),
        ("MNS_ENDPOINT", ""),
        ("ALIYUN_RECORDING_DAYS", "0"),
    ],
)
def test_a_wrong_setting_is_named(poll: Poll, name: str, value: str) -> None:
    """At the first call of the instance, before anything is asked for."""
    poll.set(**{"ALICOM_QUEUES": "SecretReport:q", name: value})
    with pytest.raises(SettingError, match=name):
        poll.tick()
    assert poll.vendor.asked(TOKEN) == 0


def test_several_queues_as_somebody_writes_them(poll: Poll, vendor: Vendor) -> None:
    """With blanks around what matters."""
    queue, other = vendor.open(), vendor.open()
    poll.set(ALICOM_QUEUES=f" SecretReport : {queue.name} ,SecretReport:{other.name} ")
    vendor.send(queue, ended("c1"))
    vendor.send(other, ended("c2"))
    assert poll.tick()["messages"] == 2


class Keys:
    """A key pair in the context, as the platform gives for the function's role."""

    def __init__(self, number: int) -> None:
        self.access_key_id, self.access_key_secret = KEY.key_id, KEY.secret
        self.security_token = f"token-{number}" if number else ""


def test_clients_are_made_once_for_each_pair_of_keys(poll: Poll, vendor: Vendor) -> None:
    """A token outlives the call; when the role's keys change, everything is made anew."""
    queue = vendor.open()
    # The function's own clock is the wall's.
    vendor.clock.now = time.time()
    poll(queue, context=Context(Keys(0)))
    service = poll.module._instance.service
    poll.tick(Context(Keys(0)))
    assert poll.module._instance.service is service
    assert vendor.asked(TOKEN) == 1
    poll.module.initialize(Context(Keys(1)))
    assert poll.module._instance.service is not service
    assert poll.module._instance.made_for(Credentials(KEY.key_id, KEY.secret, "token-1"))


def test_time_that_is_over(poll: Poll, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is received once the budget is spent, and what is there is for the next tick."""
    queue = vendor.open()
    vendor.send(queue, ended("c1"))
    poll.set(POLL_BUDGET_SECONDS="5")
    seconds = iter(range(0, 1_000_000, 6))
    with monkeypatch.context() as patch:
        patch.setattr(poll.module, "Deadline", passing(poll.module.Deadline, lambda: next(seconds)))
        assert poll(queue)["messages"] == 0
    assert (vendor.asked(RECEIVE), vendor.left(queue)) == (0, 1)
    assert poll.tick()["messages"] == 1


def passing(deadline: Any, clock: Callable[[], float]) -> Callable[..., Any]:
    """Deadlines by another clock."""
    return lambda seconds, _: deadline(seconds, clock)
