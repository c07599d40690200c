"""Batching, retries and dead letters of a queue trigger, with time that costs nothing."""

from __future__ import annotations

import json
import time
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from local.host.events import queue_event
from local.host.pool import PoolClosedError
from local.host.queue_pump import Pace, QueuePump
from local.host.result import UNHANDLED, Result
from local.host.retry import push_delays
from template.strategies import BACKOFF, EXPONENTIAL
from tests.local.host.support import QUEUE_TRIGGER, MemoryQueue

if TYPE_CHECKING:
    from collections.abc import Callable

_TRIGGER = QUEUE_TRIGGER._replace(base64_decode=False)
_SCALE = 0.001


class _Run:
    """One run of a pump over a queue in memory, until the queue is empty and nothing is held.

    `answers` is asked for each invocation: True if it works. The queue's clock is `ahead` of the wall's.
    """

    def __init__(
        self, queue: MemoryQueue, answers: Callable[[int], bool] = lambda _: True, ahead: float = 0.0, **trigger: Any
    ) -> None:
        self.queue = queue
        self.payloads: list[Any] = []
        self.waits: list[float] = []
        self.stop = False
        self._answers = answers
        self._trigger = _TRIGGER._replace(**trigger)
        pace = Pace(self._wait, _SCALE, Random(1), lambda: time.time() + ahead)
        QueuePump(self._trigger, queue, self._invoke, self._event, pace).run()

    @property
    def bodies(self) -> list[list[str]]:
        """What each invocation was given."""
        return [[event["data"]["messageBody"] for event in payload] for payload in self.payloads]

    def _invoke(self, payload: bytes) -> Result:
        self.payloads.append(json.loads(payload))
        works = self._answers(len(self.payloads))
        return Result("r", b"", None if works else UNHANDLED, 1.0, cold=False)

    def _event(self, message: Any) -> dict[str, Any]:
        return queue_event(self._trigger, message, account_id="9", function="f", parse_json_bodies=False)

    def _wait(self, seconds: float) -> bool:
        if seconds:
            self.waits.append(seconds / _SCALE)
        return self.stop or not (self.queue.waiting or self.queue.held)


def test_batches_fill_up_to_the_count() -> None:
    """250 messages in batches of 100, received 16 at a time, each deleted once."""
    queue = MemoryQueue(*map(str, range(250)))
    run = _Run(queue)
    assert [len(payload) for payload in run.payloads] == [100, 100, 50]
    assert sorted(int(body) for batch in run.bodies for body in batch) == list(range(250))
    assert sum(size for operation, size in queue.log if operation == "delete") == 250
    assert max(size for operation, size in queue.log if operation == "receive") == 16
    assert queue.closed


def test_a_window_of_zero_delivers_at_once() -> None:
    """Nothing is waited for."""
    assert _Run(MemoryQueue("a", "b"), batch_seconds=0).bodies == [["a", "b"]]


def test_a_window_waits_for_more() -> None:
    """What comes while the window is open goes into the same batch."""

    class _Late(_Run):
        def _wait(self, seconds: float) -> bool:
            if seconds and not self.queue.waiting and len(self.queue.held) == 1:
                self.queue.waiting = ["b"]
            return super()._wait(seconds)

    # Ends with the second message, not with the window.
    assert _Late(MemoryQueue("a"), batch_seconds=60 / _SCALE, batch_count=2).bodies == [["a", "b"]]


def test_a_batch_ends_before_the_payload_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large messages make smaller batches."""
    monkeypatch.setattr("local.host.queue_pump._FULL", 100_000)
    run = _Run(MemoryQueue(*["x" * 60_000] * 40))
    assert [len(payload) for payload in run.payloads] == [16, 16, 8]


def test_event_driven_delivers_one_object_at_a_time() -> None:
    """No array, no batch."""
    run = _Run(MemoryQueue("a", "b"), streaming=False)
    assert [payload["data"]["messageBody"] for payload in run.payloads] == ["a", "b"]


def test_raw_data_is_the_data_alone() -> None:
    """Without the CloudEvent around it."""
    run = _Run(MemoryQueue("a"), raw_data=True)
    assert [[event.keys() for event in payload] for payload in run.payloads] == [
        [{"requestId", "messageId", "messageBody"}]
    ]


def test_a_failed_batch_is_repeated_before_anything_is_deleted() -> None:
    """The same batch, after a wait of 10 to 20 s, and deleted only once it worked."""
    queue = MemoryQueue("a")
    run = _Run(queue, lambda attempt: attempt == 3)
    assert run.bodies == [["a"]] * 3
    assert [operation for operation, _ in queue.log][-1] == "delete"
    delays = [wait for wait in run.waits if wait >= 10]
    assert len(delays) == 2
    assert all(10 <= delay <= 20 for delay in delays)


def test_spent_tries_end_in_the_dead_letters() -> None:
    """First try and three repetitions; then the body, as it stood in the queue, goes to the other queue."""
    queue = MemoryQueue("a", "b")
    run = _Run(queue, lambda _: False, dead_letters="dead")
    assert len(run.payloads) == 4
    assert queue.sent == [("dead", "a"), ("dead", "b")]
    assert (queue.waiting, queue.held) == ([], {})
    operations = [operation for operation, _ in queue.log]
    assert operations.index("delete") > operations.index("send")


def test_without_dead_letters_a_batch_is_dropped_and_the_next_comes() -> None:
    """With errorsTolerance ALL it goes on."""
    run = _Run(MemoryQueue("bad", "good"), lambda attempt: attempt > 4, batch_count=1)
    assert run.bodies == [["bad"]] * 4 + [["good"]]
    assert run.queue.sent == []


def test_errors_tolerance_none_blocks_on_the_batch() -> None:
    """However often it fails, nothing passes it and nothing is dropped."""
    run = _Run(
        MemoryQueue("bad", "good"),
        lambda attempt: attempt > 10,
        batch_count=1,
        go_on_after_errors=False,
        dead_letters="dead",
    )
    assert run.bodies == [["bad"]] * 11 + [["good"]]
    assert run.queue.sent == []


def test_the_strategies_are_the_documented_ones() -> None:
    """3 repetitions 10 to 20 s apart; 176 up to 512 s apart, which is about a day."""
    assert all(10 <= delay <= 20 for delay in push_delays(BACKOFF, Random(1)))
    assert len(list(push_delays(BACKOFF, Random(1)))) == 3
    exponential = list(push_delays(EXPONENTIAL, Random(1)))
    assert (len(exponential), max(exponential)) == (176, 512)
    assert 23 <= sum(exponential) / 3600 <= 25


def test_a_stop_in_the_middle_gives_everything_back() -> None:
    """Nothing is deleted, nothing is lost: the messages are visible again at once."""
    queue = MemoryQueue("a", "b")
    run: list[_Run] = []

    def fail_and_stop(_: int) -> bool:
        queue.log.append(("stopping", 0))
        return False

    class _Stopping(_Run):
        def _wait(self, seconds: float) -> bool:
            return ("stopping", 0) in queue.log

    run.append(_Stopping(queue, fail_and_stop))
    assert sorted(queue.waiting) == ["a", "b"]
    assert "delete" not in [operation for operation, _ in queue.log]
    assert queue.closed


def test_a_host_that_stops_is_no_success() -> None:
    """A pool that was closed under the pump leaves the messages to their next receiver."""
    queue = MemoryQueue("a")

    def closed(_: int) -> bool:
        queue.log.append(("stopping", 0))
        raise PoolClosedError("f")

    class _Stopping(_Run):
        def _wait(self, seconds: float) -> bool:
            return ("stopping", 0) in queue.log

    _Stopping(queue, closed)
    assert queue.waiting == ["a"]


@pytest.mark.parametrize("operation", ["receive", "delete", "send", "hold"])
def test_an_outage_of_the_queue_is_survived(operation: str) -> None:
    """Each call is tried again; nothing is lost and the pump lives on."""
    queue = MemoryQueue("a", visible_seconds=1)
    queue.outages[operation] = 2
    run = _Run(queue, lambda _: operation != "send", dead_letters="dead")
    assert (queue.waiting, queue.held) == ([], {})
    assert run.bodies == [["a"]] * (4 if operation == "send" else 1)


def test_an_outage_within_the_window_delivers_what_is_there() -> None:
    """What was received is not held up by a receive that fails."""

    class _SecondFails(MemoryQueue):
        def receive(self, limit: int, wait_seconds: int) -> Any:
            if self.log and self.log[-1][0] == "receive":
                self.outages["receive"] = 1
            return super().receive(limit, wait_seconds)

    assert _Run(_SecondFails("a", "b"), batch_seconds=100).bodies == [["a", "b"]]


def test_what_cannot_be_deleted_is_delivered_again() -> None:
    """At least once, as in the cloud: the function has to cope."""
    queue = MemoryQueue("a")
    queue.outages["delete"] = 3

    class _Visible(_Run):
        def _wait(self, seconds: float) -> bool:
            if queue.outages.get("delete") == 0:
                # The visibility timeout has run out.
                del queue.outages["delete"]
                queue.waiting = list(queue.held.values())
                queue.held.clear()
            return super()._wait(seconds)

    assert _Visible(queue).bodies == [["a"], ["a"]]


@pytest.mark.parametrize("ahead", [0.0, 3600.0])
def test_visibility_is_renewed_while_the_function_works(ahead: float) -> None:
    """A message is not delivered twice because an invocation takes longer than its visibility timeout."""
    queue = MemoryQueue("a", visible_seconds=ahead + 0.1)

    def slow(_: int) -> bool:
        deadline = time.monotonic() + 10
        while ("hold", 30) not in queue.log:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return True

    run = _Run(queue, slow, ahead, batch_seconds=0)
    assert run.bodies == [["a"]]
    assert queue.held == {}


def test_a_message_that_got_away_is_left_alone() -> None:
    """Renewed too late, it belongs to its next receiver: neither deleted nor made a dead letter here."""
    queue = MemoryQueue("a", visible_seconds=0.1)
    queue.lost_on_hold = True
    _Run(queue, lambda _: False, dead_letters="dead")
    assert queue.sent == []
    assert ("delete", 1) not in queue.log
