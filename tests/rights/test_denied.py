"""What a right that is missing looks like: the log names it, and nothing is lost or acknowledged that is not stored."""

from __future__ import annotations

import copy
import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.ram import Policy
from local.demo.pushing import send
from local.demo.reading import read_all
from local.roles import role
from local.stack import PUSH_TOKEN, Stack
from local.story import Push
from local.story.huawei import asked
from ops.settings import OpsSettings
from receipts.errors import GRANT
from receipts.store.client import opened
from tests.local.support import wait_until
from tests.rights.support import ENVIRONMENT, POOL, policy_of
from tests.store.buckets import body_of, transcript
from tests.store.support import ended

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE_SECONDS = 40.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One cloud for all; every test gives back the right that it takes."""
    with Stack(database=None, log_dir=tmp_path_factory.mktemp("logs"), environment=ENVIRONMENT) as running:
        yield running


@contextmanager
def without(stack: Stack, function: str, action: str) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The function's role without one action; gives the lines that the function has logged meanwhile."""
    whole = policy_of(stack, function)
    less = copy.deepcopy(whole)
    for statement in less["Statement"]:
        statement["Action"] = [each for each in statement["Action"] if each != action]
    less["Statement"] = [statement for statement in less["Statement"] if statement["Action"]]
    assert less != whole
    key, token = role(function)
    before = len(stack.host.log(function))
    stack.identities.attach(key, Policy.read(less), token=token)
    try:
        yield lambda: _lines(stack.host.log(function)[before:])
    finally:
        stack.identities.attach(key, Policy.read(whole), token=token)


def _lines(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines() if line.startswith('{"level"')]


def named(lines: list[dict[str, Any]], right: str) -> dict[str, Any] | None:
    """The line that names the right."""
    return next((line for line in lines if re.search(rf" to {right}(?!\w)", str(line.get("why", "")))), None)


def pushed(stack: Stack, message_type: str, *receipts: Any) -> int:
    """What the vendor is answered in the end, after all its tries."""
    (answer,) = send(stack.host.url("receive"), PUSH_TOKEN, [Push(message_type, body_of(*receipts))])
    return answer.status


def ids(stack: Stack, table: str) -> set[str]:
    """The calls that there are rows about."""
    settings = OpsSettings.read(stack.environment())
    with opened(settings.store, settings.keys) as client:
        return {str(row["call_id"]).rpartition(":")[2] for row in getattr(read_all(client), table)}


@pytest.mark.parametrize(
    ("action", "right", "push"),
    [
        ("mns:BatchSendMessage", "mns:BatchSendMessage on receipts", ("SecretReport", ended("d1"))),
        ("oss:PutObject", r"oss:PutObject on oversize/\*", ("SecretAsrReport", transcript("d2", 100_000))),
    ],
)
def test_law_rights_receive_acknowledges_nothing_without_them(
    stack: Stack, action: str, right: str, push: tuple[str, dict[str, Any]]
) -> None:
    """503, so that the vendor sends again; the log names the right, and where it is told how to give it."""
    with without(stack, "receive", action) as lines:
        assert pushed(stack, *push) == 503
        told = named(lines(), right)
        assert told is not None
        assert (told["event"], told["do"]) == ("push not journalled", GRANT)
    assert pushed(stack, *push) == 200


@pytest.mark.parametrize("action", ["ots:BatchGetRow", "ots:BatchWriteRow", "oss:GetObject", "oss:DeleteObject"])
def test_law_rights_ingest_loses_nothing_without_them(stack: Stack, action: str) -> None:
    """The batch stays in the queue until the right is there, and is stored then; only a clean-up is let go."""
    call_id = action.partition(":")[2]
    right = rf"{action} on oversize/\*" if action.startswith("oss:") else f"{action} on [a-z_, ]*"
    with without(stack, "ingest", action) as lines:
        assert pushed(stack, "SecretAsrReport", transcript(call_id, 100_000)) == 200
        told = wait_until(lambda: named(lines(), right), PATIENCE_SECONDS)
        assert told["do"] == GRANT
        assert action == "oss:DeleteObject" or call_id not in ids(stack, "transcripts")
    wait_until(lambda: call_id in ids(stack, "transcripts"), PATIENCE_SECONDS)


def test_decide_closes_the_call_without_the_rule_book(stack: Stack) -> None:
    """The caller is answered all the same, and the log says what is missing."""
    with without(stack, "decide", "ots:BatchGetRow") as lines:
        told = stack.huawei_pusher().ask(f"{stack.host.url('decide')}/huawei", asked().question)
        assert (told.answer or {}).get("operation") == "close"
        (line,) = [line for line in lines() if line["event"] == "question answered by default"]
        assert (line["problem"].partition(" to ")[2], line["do"]) == ("ots:BatchGetRow on bindings", GRANT)


@pytest.mark.parametrize(
    ("action", "right"),
    [
        ("oss:PutObject", r"oss:PutObject on recordings/\*"),
        ("dypls:QueryRecordFileDownloadUrl", "dypls:QueryRecordFileDownloadUrl"),
    ],
)
def test_archive_waits_for_its_rights(stack: Stack, action: str, right: str) -> None:
    """The recording is `failed`, for a person to mend, and its row names the right; it is asked for again."""
    call_id = f"archive{action.partition(':')[2].lower()}"
    stack.files.put(f"{call_id}.mp3", 20_000)
    at = 1_795_000_000_000
    stack.pls.recordings.add(call_id, at, POOL, f"{call_id}.mp3")
    with without(stack, "archive", action) as lines:
        assert pushed(stack, "SecretRecording", {"call_id": call_id, "pool_key": POOL, "call_time": at}) == 200
        told = wait_until(lambda: named(lines(), right), PATIENCE_SECONDS)
        assert (told["event"], told["state"]) == ("recording not archived yet", "failed")


def test_sweep_fails_without_its_rights(stack: Stack) -> None:
    """The platform's metric of failures shows it, and the log names the right."""
    with without(stack, "sweep", "ots:GetRange") as lines:
        assert not stack.host.tick("sweep").ok
        told = named(lines(), "ots:GetRange on recordings_by_attempt")
        assert told is not None
        assert told["do"] == GRANT


def test_poll_leaves_the_queue_alone_without_its_rights(stack: Stack) -> None:
    """What cannot be had, or not be stored, stays in the vendor's queue until the right is there."""
    queue = next(name for name, kind in stack.alicom.queues.items() if kind == "SecretReport")
    for number, (action, right) in enumerate(
        [("dybase:QueryTokenForMnsQueue",) * 2, ("ots:BatchWriteRow", "ots:BatchWriteRow on calls")]
    ):
        call_id = f"poll{number}"
        stack.alicom.send("SecretReport", json.dumps(ended(call_id)))
        with without(stack, "poll", action) as lines:
            # A new instance, as one that runs has its tokens.
            stack.host.kill("poll")
            stack.host.tick("poll")
            assert named(lines(), right)
            assert stack.alicom.left(queue) == number + 1
    stack.pass_time(3600)
    assert stack.host.tick("poll").ok
    assert {"poll0", "poll1"} <= ids(stack, "calls")


def test_law_privacy_no_denial_tells_a_secret(stack: Stack) -> None:
    """No key, token or number of a party in any line of the functions that were denied something."""
    for function in ("receive", "decide", "ingest", "archive", "sweep", "poll"):
        key, token = role(function)
        log = stack.host.log(function)
        assert not [secret for secret in (*key, token, PUSH_TOKEN) if secret in log]
