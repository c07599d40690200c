"""Whatever is down, a question is answered in time, and safely; a notification only once it is kept."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from tests.deciding.support import put
from tests.functions.decide.conftest import A, B, X, call, request, text
from tests.functions.decide.test_answers import CLOSED, CONNECT, DISCARDED
from tests.functions.loading import logged
from tests.store.support import READ

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.functions.decide.conftest import Decide

SEND = "BatchSendMessage"
# Half of it is the store's: with less, a busy machine has none left for the queue.
BUDGET_MS = 1000
# A busy machine may be late by this much, and a broken time-out is so by many seconds.
LATE_SECONDS = 2.0


def timed(decide: Decide, body: Any) -> Any:
    """The answer, which came in time."""
    started = time.monotonic()
    answer = decide.answer(body)
    assert time.monotonic() - started < BUDGET_MS / 1000 + LATE_SECONDS
    return answer


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=503, code="OTSServerBusy"),
        Fault(close_before=True),
        Fault(hang=30),
        Fault(delay=30),
        Fault(status=403, code="OTSAuthFailed"),
        Fault(status=404, code="OTSObjectNotExist"),
        Fault(fail_parts=(0,), code="OTSNotEnoughCapacityUnit"),
        Fault(fail_parts=(1,), code="OTSParameterInvalid"),
    ],
)
def test_law_acknowledge_a_store_that_is_down_costs_no_time(
    deciding: Callable[..., Decide], capsys: pytest.CaptureFixture[str], fault: Fault
) -> None:
    """The safe answer within the budget, the question journalled, a line that says what is wrong."""
    decide = deciding(DECIDE_BUDGET_MS=str(BUDGET_MS))
    put(decide.store, X, A, **CONNECT, text="forward", text_receiver=B)
    decide.store.server.faults.plan(fault, on=READ, times=None)
    assert timed(decide, call()) == CLOSED
    assert timed(decide, text()) == DISCARDED
    assert decide.decision()["because"] == "store down"
    lines = [line for line in logged(capsys) if line["event"] == "question answered by default"]
    assert [line["why"] for line in lines] == ["store down"] * 2
    assert all(line["problem"] and line["do"] for line in lines)
    decide.store.server.faults.clear()
    assert decide.answer(call())["operation"] == "connect"


@pytest.mark.parametrize(
    "fault", [Fault(status=503), Fault(close_before=True), Fault(hang=30), Fault(close_after=True)]
)
def test_a_queue_that_is_down_costs_nobody_his_call(
    deciding: Callable[..., Decide], capsys: pytest.CaptureFixture[str], fault: Fault
) -> None:
    """The answer is the rule's; the log says that it was not journalled."""
    decide = deciding(DECIDE_BUDGET_MS=str(BUDGET_MS))
    put(decide.store, X, A, **CONNECT)
    decide.store.mns.faults.plan(fault, on=SEND, times=None)
    assert timed(decide, call())["operation"] == "connect"
    assert [line["event"] for line in logged(capsys)] == ["question not journalled", "question answered"]


def test_both_down_is_still_in_time(deciding: Callable[..., Decide]) -> None:
    """The store has a share of the time, the queue the rest."""
    decide = deciding(DECIDE_BUDGET_MS=str(BUDGET_MS))
    decide.store.server.faults.plan(Fault(hang=30), times=None)
    decide.store.mns.faults.plan(Fault(hang=30), times=None)
    assert timed(decide, call()) == CLOSED
    # What still waits for the store gives up by the SDK's own time-outs: threads do not pile up.
    end = time.monotonic() + 15
    while any(thread.name == "bounded" for thread in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_law_acknowledge_a_notification_waits_for_the_queue(decide: Decide) -> None:
    """503 while the queue does not take it, so that the platform sends it again."""
    decide.store.mns.faults.plan(Fault(status=503), on=SEND)
    event = request({"eventType": "fee", "feeLst": []})
    assert decide.response(event)["statusCode"] == 503
    assert decide.journal() == []
    assert decide.response(event)["statusCode"] == 200
    assert len(decide.journal()) == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"call": "connect"}, "call"),
        ({"call": "connect", "callee": "13900004711x"}, "callee"),
        ({"call": 5}, "call"),
        ({**CONNECT, "record": "true"}, "record"),
        ({**CONNECT, "user_data": "{13900004711}"}, "user_data"),
    ],
)
def test_a_row_that_cannot_be_read_is_safe(
    decide: Decide, capsys: pytest.CaptureFixture[str], row: dict[str, Any], column: str
) -> None:
    """Everybody's row is no answer in its place: the log says which column to mend, and texts go on."""
    put(decide.store, X, "*", **CONNECT)
    put(decide.store, X, A, **row, text="discard")
    assert decide.answer(call()) == CLOSED
    assert decide.decision()["because"] == "rule unreadable"
    (line,) = logged(capsys)
    assert line["problem"].startswith(f"{column}: ")
    assert decide.answer(text()) == DISCARDED
    assert decide.decision()["because"] == "rule"


def test_a_store_that_is_down_at_the_start_stops_nothing(
    store: Any, deciding: Callable[..., Decide], capsys: pytest.CaptureFixture[str]
) -> None:
    """The instance starts, and answers safely until the store is back."""
    store.server.faults.plan(Fault(status=503, code="OTSServerBusy"), times=None)
    decide = deciding()
    assert decide.answer(call()) == CLOSED
    store.server.faults.clear()
    put(store, X, "*", **CONNECT)
    assert decide.answer(call())["operation"] == "connect"


def test_a_slow_first_read_is_waited_for(store: Any, deciding: Callable[..., Decide]) -> None:
    """The start has seconds, a caller has not: the connection that was warmed is the one he gets."""
    store.server.faults.plan(Fault(delay=0.5), on=READ)
    decide = deciding(DECIDE_BUDGET_MS="300")
    # A client that was thrown away has made room for one that never connected.
    assert len(decide.module._instance.service.clients.newest.connection.pool.pools) == 1


def test_new_keys_keep_what_was_read(deciding: Callable[..., Decide], monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary keys change while callers wait: what is fresh is answered without the store, the old client closed."""
    decide = deciding(DECIDE_CACHE_SECONDS="60")
    put(decide.store, X, A, **CONNECT)
    assert decide.answer(call())["operation"] == "connect"
    old = decide.module._instance.service.clients.newest
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "renewed")
    with decide.store.counted() as calls:
        assert decide.answer(call())["operation"] == "connect"
    assert READ not in calls
    assert decide.module._instance.service.clients.newest is not old
    assert len(old.connection.pool.pools) == 0


def test_something_unforeseen_is_answered_safely(
    decide: Decide, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect costs a rule, not an answer; its message, which may hold anything, stays out of the log."""

    def broken(_: object) -> None:
        raise KeyError(A)

    monkeypatch.setattr("receipts.deciding.deciding.call_rule", broken)
    assert decide.answer(call()) == CLOSED
    (line,) = logged(capsys)
    assert line["why"] == "unforeseen"
    assert "KeyError at test_outages.py" in line["problem"]
    assert json.dumps(line).count(A) == 0
