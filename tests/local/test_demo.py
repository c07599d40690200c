"""`make demo` as a person sees it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import local.demo.__main__ as demo
from local.demo.queueing import Depth, depths, put, untaken
from local.demo.reading import missing, read_all
from local.demo.showing import ways
from local.story import Queued, Story, Ways, story
from local.story.queue_forms import QUEUE_FORMS
from receipts.alicom.tokens import Queue
from tests.poll.support import Vendor, vendor_alone
from tests.store.support import push

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.story import Push

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """The vendor's queues beside an empty store."""
    with vendor_alone() as vendor:
        yield vendor


def test_the_demo_shows_what_came_of_the_day_and_ends_well() -> None:
    """Calls, recordings with key and size, dead letters, acknowledgement times, queues, where to look; no number."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'shared'}", "COLUMNS": "100"}
    run = subprocess.run(
        [sys.executable, "-m", "local.demo"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    for shown in ("Calls (20 of 53", "139****", "answered", "unknown_type", "invalid", "not_json", "Acknowledged"):
        assert shown in run.stdout
    assert "Receipts of Aliyun: 78 by push, 41 by queue, 21 both ways; the queues are empty" in run.stdout
    assert "Notifications of Huawei: 59 of 59 taken" in run.stdout
    assert "Question of Huawei: where does this call go? Answered: connect 137****0003" in run.stdout
    assert re.search(r"Pulled by poll.*^ all +69 +0 *$", run.stdout, re.DOTALL | re.MULTILINE)
    assert "Everything that was pushed or queued is there, once; every recording is in the bucket" in run.stdout
    assert "make up" in run.stdout
    assert len(re.findall(r"recordings/(?:aliyun|huawei)/\d{4}/\d\d/\d\d/[0-9a-f]{32}\.\w+ +[\d]+ KB", run.stdout)) == 8
    assert not re.search(r"\b1\d{10}\b", run.stdout)
    assert run.stderr == ""


def test_the_demo_fails_when_something_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A promised call that is not there ends in a non-zero status and says which."""

    def with_a_lost_call(seed: int, calls: int, **more: Any) -> Story:
        day = story(seed, calls, **more)
        promised = dict(day.expected.calls)
        promised["aliyun:lost"] = {"status": "ended"}
        told = {**day.expected.told, "aliyun:lost": frozenset[str]()}
        return day._replace(expected=replace(day.expected, calls=promised, told=told))

    monkeypatch.setattr(demo, "story", with_a_lost_call)
    monkeypatch.setattr(demo, "CALLS", 3)
    monkeypatch.setattr(demo, "HUAWEI_CALLS", 1)
    # Time for all the others to be there: only the first few problems are told.
    monkeypatch.setattr(demo, "MOST_SECONDS", 5.0)
    assert demo.main() == 1
    assert "call aliyun:lost is missing" in capsys.readouterr().out


@pytest.mark.parametrize("message_type", sorted(QUEUE_FORMS.keys() - {"SecretExceptionPhoneReport"}))
def test_a_receipt_that_a_queue_loses_is_missed(vendor: Vendor, message_type: str) -> None:
    """Of whatever type: the demo finds nothing else amiss, and nothing at all when it is there."""
    day = story(1, 40, by_queue=True)
    lost = next(it for it in day.queued if it.message_type == message_type and not is_pushed(it, day.pushes))
    take_in(vendor, day.pushes, [it for it in day.queued if it != lost])
    problems = missing(read_all(vendor.store.client), day.expected)
    if message_type == "SecretAsrReport":
        count = len(day.expected.transcripts)
        assert problems == [f"{count - 1} transcripts instead of {count}"]
    else:
        assert f"call aliyun:{call_of(lost)}: {message_type} is lost" in problems
        assert all(problem.startswith(f"call aliyun:{call_of(lost)}") for problem in problems)
    take_in(vendor, [], [lost])
    assert missing(read_all(vendor.store.client), day.expected) == []


def take_in(vendor: Vendor, pushes: list[Push], queued: list[Queued]) -> None:
    """All of it, the queues first."""
    put(vendor.alicom, queued)
    vendor.poll(*(Queue(message_type, name) for name, message_type in vendor.alicom.queues.items()))
    assert untaken(depths(vendor.alicom, queued)) == []
    vendor.store.take_in([push(it.message_type, it.body, number) for number, it in enumerate(pushes, 1)])


def is_pushed(message: Queued, pushes: list[Push]) -> bool:
    """Whether its receipt is pushed as well."""
    call_id = call_of(message).encode()
    return any(call_id in it.body for it in pushes if it.message_type == message.message_type)


def call_of(message: Queued) -> str:
    """The vendor's id of the call that it tells of."""
    receipt = json.loads(message.body)
    return str(receipt.get("call_id") or receipt["callId"])


def test_what_is_left_in_a_queue_is_told(vendor: Vendor) -> None:
    """By its type, whoever put it there; an empty queue is no trouble."""
    put(vendor.alicom, [Queued("SecretReport", b"{}"), Queued("SecretReport", b"[]")])
    assert depths(vendor.alicom, []) == [Depth("SecretReport", 0, 2)]
    assert untaken(depths(vendor.alicom, [])) == ["2 messages are left in the vendor's queues (SecretReport: 2)"]
    assert untaken([Depth("SecretReport", 2, 0)]) == []
    assert "2 messages are left" in ways(Ways(1, 2, 3), depths(vendor.alicom, []))
