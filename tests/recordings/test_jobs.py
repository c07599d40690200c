"""Jobs as queue messages: written, sent with a delay, read back in every form, and refused when they are none."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.cloud.faults import Fault
from receipts.errors import BadEnvelope, QueueUnavailable
from receipts.recordings.jobs import MOST_ID_BYTES, Job, recording_id, written
from receipts.recordings.schedule import MOST_DELAY_SECONDS, delay_seconds

if TYPE_CHECKING:
    from tests.recordings.support import World

ID = "aliyun:c1:call"


@pytest.mark.parametrize("wanted", [ID, "aliyun:通话:ring", "x" * MOST_ID_BYTES])
def test_a_job_comes_back_in_every_form_of_the_platform(wanted: str) -> None:
    """Base64 as the queue has it, text or bytes; decoded by EventBridge, or parsed by it as well."""
    message = written(wanted)
    text = base64.b64decode(message)
    forms: list[Any] = [message, message.decode(), text, text.decode(), json.loads(text), b"\n " + text]
    assert [recording_id(form) for form in forms] == [wanted] * len(forms)


BAD: list[Any] = [
    None,
    7,
    "",
    b"",
    "nonsense",
    b"\xff\xfe",
    "[]",
    "{}",
    "{",
    "{" * 100_000,
    '{"a":' * 100_000,
    [],
    {},
    {"v": 1},
    {"v": 2, "recording_id": ID},
    {"v": "1", "recording_id": ID},
    {"recording_id": ID},
    {"v": 1, "recording_id": ""},
    {"v": 1, "recording_id": 7},
    {"v": 1, "recording_id": [ID]},
    # More than a key of the table can hold, and what is no text.
    {"v": 1, "recording_id": "x" * (MOST_ID_BYTES + 1)},
    {"v": 1, "recording_id": "\ud800"},
    '{"v": 1, "recording_id": "\\ud800"}',
    "\ud800",
]


@pytest.mark.parametrize("message", BAD, ids=lambda message: repr(message)[:40])
def test_what_is_no_job_is_refused(message: Any) -> None:
    """With the one error that makes it a dead letter, which repeats nothing of it."""
    with pytest.raises(BadEnvelope, match="not a recording job of version 1"):
        recording_id(message)


@given(st.one_of(st.text(), st.binary(), st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5)))
def test_law_poison_nothing_else_is_raised(message: object) -> None:
    """Any text, bytes or value."""
    with pytest.raises(BadEnvelope):
        recording_id(message)


@pytest.mark.parametrize(
    ("at", "seconds"),
    [(0, 0), (1000, 0), (1001, 1), (2000, 1), (2001, 2), (31_000, 30), (10**13, MOST_DELAY_SECONDS)],
)
def test_a_delay_is_never_too_short(at: int, seconds: int) -> None:
    """Whole seconds, rounded up; none for the past, and no more than the queue takes."""
    assert delay_seconds(at, 1000) == seconds


def test_jobs_are_handed_out_when_they_are_due(world: World) -> None:
    """More than one batch call takes, each with its own delay."""
    now = world.clock.milliseconds()
    world.jobs.put([Job(f"aliyun:c{number}:call", now + number % 2 * 600_000) for number in range(40)])
    assert len(world.delete_all()) == 20
    world.clock.push(599)
    assert world.delete_all() == []
    world.clock.push(2)
    assert sorted(world.delete_all()) == sorted(f"aliyun:c{number}:call" for number in range(1, 40, 2))
    assert world.mns.faults.calls["BatchSendMessage"] == 3


def test_law_acknowledge_a_queue_that_is_down_is_raised(world: World) -> None:
    """Perhaps not all were sent: whoever asked has to ask again."""
    world.mns.faults.plan(Fault(status=500), on="BatchSendMessage", skip=1)
    with pytest.raises(QueueUnavailable):
        world.jobs.put([Job(f"aliyun:c{number}:call", 0) for number in range(40)])
    assert len(world.delete_all()) == 16


def test_no_jobs_cost_no_call(world: World) -> None:
    """An empty list."""
    world.jobs.put([])
    assert world.mns.faults.calls["BatchSendMessage"] == 0
