"""What the log says of a push, and the answer to one that is not taken in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from receipts.deadline import Deadline
from receipts.edge.push_log import PushLog
from receipts.errors import QueueUnavailable, Refusal, TooLarge
from receipts.journal.envelope import Envelope
from receipts.logs import Log
from tests.store.support import Clock

HEAD = {"level": "warning", "function": "receive", "request_id": "r-1"}
TAIL = {"ms": 250, "cold": True}
NUMBER = "13900000001"


def made() -> PushLog:
    """Of a request that came a quarter of a second ago, the first of its instance."""
    clock = Clock()
    deadline = Deadline(1, clock.monotonic)
    clock.now += 0.25
    return PushLog(Log("receive"), "r-1", deadline, cold=True)


def logged(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The line written since."""
    (line,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    return dict(line)


@pytest.mark.parametrize(("kind", "shown"), [("SecretReport", "SecretReport"), (NUMBER, "other")])
def test_a_push_on_the_queue(kind: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whose it is, of which type if that is a word, its bytes and messages, and the time until the answer."""
    made().journalled(Envelope("aliyun", kind, 1, "r-1", b"[{}]"), 2)
    about = {"event": "push journalled", "vendor": "aliyun", "type": shown, "bytes": 4, "messages": 2}
    assert logged(capsys) == HEAD | {"level": "info"} | about | TAIL


def test_a_refusal_is_answered_with_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    """With its own headers; the line says why."""
    answer = made().not_taken(Refusal(405, "only POST", {"Allow": "POST"}))
    assert (answer["statusCode"], answer["headers"]["Allow"]) == (405, "POST")  # type: ignore[index]  # an answer
    assert logged(capsys) == HEAD | {"event": "push refused", "status": 405, "why": "only POST"} | TAIL


@pytest.mark.parametrize(
    ("error", "why", "do"),
    [
        (QueueUnavailable("the queue answered 503"), "the queue answered 503", QueueUnavailable.advice),
        (TooLarge("nothing takes it"), "nothing takes it", "look at its sender: nothing holds it yet"),
        (ValueError(NUMBER), "ValueError at ", "report this defect"),
    ],
    ids=["ours", "too large", "unforeseen"],
)
def test_law_acknowledge_whatever_else_fails_is_to_be_sent_again(
    error: Exception, why: str, do: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """503, why and what to do; of something unforeseen its kind and place only."""
    answer = made().not_taken(error)
    assert (answer["statusCode"], json.loads(str(answer["body"]))["code"]) == (503, 503)
    assert logged(capsys) == HEAD | {"event": "push not journalled", "why": why, "do": do} | TAIL


def test_a_push_that_only_a_trial_lets_in(capsys: pytest.CaptureFixture[str]) -> None:
    """Said beside the line of its result, so without its time."""
    made().not_verified("no signature")
    line = logged(capsys)
    assert line.pop("do").endswith("HUAWEI_AUTH=enforce")
    assert line == HEAD | {"event": "push not verified", "why": "no signature"}
