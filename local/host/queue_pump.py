"""EventBridge's part for a queue trigger: receive, collect, deliver, repeat, and delete only what was done."""

from __future__ import annotations

import concurrent.futures
import json
import logging
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from local.host.held_batch import HeldBatch
from local.host.pool import PoolClosedError
from local.host.queue_source import BATCH, QueueUnavailableError
from local.host.retry import push_delays

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from local.host.queue_source import HeldMessage, QueueSource
    from local.host.result import Result
    from template.functions import QueueTrigger

_log = logging.getLogger(__name__)

# A synchronous payload is at most 32 MB; one more receive (16 messages of 64 KB, escaped) must still fit.
_FULL = 24 * 1024 * 1024
_POLL_SECONDS = 1
_LOOK_AGAIN = 0.05
# Between two tries of a call that the queue did not answer.
_OUTAGE_SECONDS = 1.0
_DELETE_TRIES = 3


class Pace(NamedTuple):
    """How time passes for whatever retries.

    Attributes:
        wait: sleeps so many real seconds; True at once when everything is to stop.
        scale: real seconds per second of the platform's (0.01 makes a retry after 20 s one after 0.2 s).
        random: the spread of the waits.
        clock: epoch seconds that the queue's visibility timeouts go by.
    """

    wait: Callable[[float], bool]
    scale: float
    random: Random
    clock: Callable[[], float] = time.time

    def pause(self, seconds: float) -> bool:
        """Wait so many seconds of the platform's; True when everything is to stop."""
        return self.wait(seconds * self.scale)


class QueuePump:
    """Feeds one function from one queue. `run` returns when `pace.wait` says so.

    Args:
        trigger: batching, retries, dead letters.
        source: the queue; used by the thread that calls `run` only.
        invoke: runs the function.
        event: makes the event of one message.
        pace: time.
    """

    def __init__(
        self,
        trigger: QueueTrigger,
        source: QueueSource,
        invoke: Callable[[bytes], Result],
        event: Callable[[HeldMessage], dict[str, Any]],
        pace: Pace,
    ) -> None:
        self._trigger = trigger
        self._source = source
        self._invoke = invoke
        self._event = event
        self._pace = pace

    def run(self) -> None:
        """Receive and deliver until told to stop; what is in hand then goes back to the queue."""
        with concurrent.futures.ThreadPoolExecutor(1, "invocation") as executor:
            while not self._pace.wait(0):
                try:
                    batch, payload = self._collect()
                except QueueUnavailableError as error:
                    _log.warning("queue %s: %s", self._trigger.queue, error)
                    self._pace.pause(_OUTAGE_SECONDS)
                    continue
                if self._pace.wait(0):
                    batch.release()
                elif batch.messages:
                    self._deliver(batch, payload, executor)
        self._source.close()

    def _collect(self) -> tuple[HeldBatch, bytes]:
        """Fill a batch until it has enough messages or bytes, or its window is over."""
        trigger = self._trigger
        count = trigger.batch_count if trigger.streaming else 1
        more = self._source.receive(min(BATCH, count), _POLL_SECONDS)
        batch = HeldBatch(self._source, more, self._pace.clock)
        events = [json.dumps(self._event(message)) for message in more]
        end = time.monotonic() + trigger.batch_seconds * self._pace.scale
        while events and len(events) < count and sum(map(len, events)) < _FULL:
            left = end - time.monotonic()
            # A full receive means a backlog: it is drained into the batch, whatever the window.
            if left <= 0 and len(more) < BATCH:
                break
            try:
                more = self._source.receive(min(BATCH, count - len(events)), 0)
            except QueueUnavailableError:
                break
            batch.messages += more
            events += [json.dumps(self._event(message)) for message in more]
            batch.renew()
            if not more and self._pace.wait(min(max(left, 0.0), _LOOK_AGAIN)):
                break
        joined = ",".join(events)
        return batch, (f"[{joined}]" if trigger.streaming else joined).encode()

    def _deliver(self, batch: HeldBatch, payload: bytes, executor: concurrent.futures.ThreadPoolExecutor) -> None:
        """Invoke until it works or the tries are spent; only then do the messages leave the queue."""
        delays = push_delays(self._trigger.retry_strategy, self._pace.random)
        delay = 0.0
        while not self._works(batch, payload, executor):
            following = next(delays, None)
            if following is None and self._trigger.go_on_after_errors:
                self._give_up(batch)
                return
            # With errorsTolerance NONE nothing passes a batch that fails: it is tried again for ever.
            delay = following or delay
            if self._pause_holding(batch, delay):
                batch.release()
                return
        self._delete(batch.messages)

    def _works(self, batch: HeldBatch, payload: bytes, executor: concurrent.futures.ThreadPoolExecutor) -> bool:
        future = executor.submit(self._invoke, payload)
        while not concurrent.futures.wait([future], batch.renewal_in()).done:
            batch.renew()
        try:
            return future.result().ok
        except PoolClosedError:
            return False

    def _give_up(self, batch: HeldBatch) -> None:
        """The tries are spent: to the dead letters as they stood in the queue, or dropped."""
        target = self._trigger.dead_letters
        _log.error("queue %s: %d messages given up", self._trigger.queue, len(batch.messages))
        for message in list(batch.messages) if target else ():
            while not self._sent(target or "", message):
                if self._pause_holding(batch, _OUTAGE_SECONDS):
                    batch.release()
                    return
        self._delete(batch.messages)

    def _sent(self, target: str, message: HeldMessage) -> bool:
        try:
            self._source.send(target, message.body)
        except QueueUnavailableError as error:
            _log.warning("queue %s: %s", target, error)
            return False
        return True

    def _delete(self, messages: list[HeldMessage]) -> None:
        """Delete what was done; what cannot be deleted is delivered again, as in the cloud."""
        for _ in range(_DELETE_TRIES):
            try:
                self._source.delete(messages)
            except QueueUnavailableError as error:  # noqa: PERF203 - each try is a network call
                _log.warning("queue %s: not deleted: %s", self._trigger.queue, error)
                if self._pace.pause(_OUTAGE_SECONDS):
                    return
            else:
                return

    def _pause_holding(self, batch: HeldBatch, seconds: float) -> bool:
        """Wait as the platform would, without letting the messages get away; True when to stop."""
        left = seconds * self._pace.scale
        while left > 0:
            step = min(left, batch.renewal_in())
            if self._pace.wait(step):
                return True
            left -= step
            batch.renew()
        return self._pace.wait(0)
