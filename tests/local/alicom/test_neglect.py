"""Whoever receives and does not delete is slowed down, as the service's page on throttling has it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from local.cloud.alicom import AlicomServer, Terms, Thresholds
from local.cloud.alicom.neglect import Neglect
from local.cloud.mns.attributes import QueueAttributes
from tests.local.alicom.support import KEY, TYPE, consumer, refused

if TYPE_CHECKING:
    from tests.local.support import FakeClock

START = 1_800_000_000_000


def receive(neglect: Neglect, now: int, count: int, *, first: bool = True) -> None:
    """Hand out so many messages at once."""
    for _ in range(count):
        neglect.received(now, first=first)


def test_too_many_undeleted_messages_slow_the_receivers_of_that_queue(clock: FakeClock) -> None:
    """429 after a hold, one request a second; each delete counts, and so does the end of a message."""
    terms = Terms(
        thresholds=Thresholds(messages=3, hold=0.05),
        queue=QueueAttributes(visibility_timeout=1, message_retention_period=60),
    )
    with AlicomServer(key=KEY, clock=clock, terms=terms) as alicom, consumer(alicom) as queue:
        for number in range(6):
            alicom.send(TYPE, str(number))
        got = queue.batch_receive_message(3)
        before = time.monotonic()
        assert refused(queue.receive_message) == "TooManyRequests"
        assert time.monotonic() - before >= 0.05
        with consumer(alicom, "SecretRecording") as other:
            assert refused(other.receive_message) == "MessageNotExist"
        queue.delete_message(got[0].receipt_handle)
        queue.receive_message()
        assert refused(queue.receive_message) == "TooManyRequests"
        clock.advance(1)
        queue.receive_message()
        assert refused(queue.receive_message) == "TooManyRequests"
        clock.advance(60)
        assert refused(queue.receive_message) == "MessageNotExist"
        assert refused(queue.receive_message) == "MessageNotExist"


def test_receiving_much_faster_than_deleting_is_slowed_for_that_second() -> None:
    """A thousand a second by default; what was deleted in the same second does not count."""
    neglect = Neglect(Thresholds())
    receive(neglect, START, 1000)
    assert neglect.admits(START)
    receive(neglect, START + 1, 1)
    assert not neglect.admits(START + 999)
    neglect.deleted(START + 999)
    assert neglect.admits(START + 999)
    receive(neglect, START + 999, 1)
    assert neglect.admits(START + 1000)


def test_five_thousand_undeleted_is_the_limit_by_default() -> None:
    """However slowly they were received; receiving one of them again adds nothing."""
    neglect = Neglect(Thresholds(per_second=None))
    receive(neglect, START, 4999)
    receive(neglect, START, 100, first=False)
    assert neglect.admits(START)
    assert neglect.admits(START)
    receive(neglect, START, 1)
    assert not neglect.admits(START)


def test_half_an_hour_without_a_delete_is_too_long() -> None:
    """A delete, or a break as long as that, starts it anew."""
    minute, neglect = 60_000, Neglect(Thresholds())
    for now in range(START, START + 31 * minute, minute):
        receive(neglect, now, 1)
        assert neglect.admits(now)
        assert neglect.admits(now)
    now = START + 31 * minute
    receive(neglect, now, 1)
    assert neglect.admits(now)
    assert not neglect.admits(now)
    neglect.deleted(now)
    assert neglect.admits(now)
    receive(neglect, now, 1)
    now += 40 * minute
    receive(neglect, now, 1)
    assert neglect.admits(now)
    assert neglect.admits(now)


def test_a_limit_can_be_lifted() -> None:
    """Then nothing is slowed down."""
    neglect = Neglect(Thresholds(None, None, None))
    receive(neglect, START, 6000)
    receive(neglect, START + 1_801_000, 6000)
    assert neglect.admits(START + 1_801_000)
    assert neglect.admits(START + 1_801_000)
