"""Whose turn it is: nobody waits while there is something to do, every queue is waited for, none is forgotten."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.alicom.tokens import Queue
from receipts.alicom.turns import Turns
from tests.poll.support import RECEIVE
from tests.store.support import ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.poll.support import Vendor

FIRST, SECOND, THIRD = queues = [Queue("SecretReport", name) for name in ("a", "b", "c")]
WAIT = 5
MOST_SECONDS = 10.0


@pytest.fixture
def turns() -> Turns:
    """Three queues, of which nothing is known yet."""
    return Turns(queues, WAIT)


def emptied(turns: Turns) -> Turns:
    """Every queue was found empty."""
    for queue in queues:
        turns.gave_nothing(queue, 0)
    return turns


def test_everyone_goes_round(turns: Turns) -> None:
    """From where he was before, to every queue that was not found empty, without waiting."""
    assert [turns.next(last, waiting=True) for last in queues] == [(SECOND, 0), (THIRD, 0), (FIRST, 0)]
    turns.gave_nothing(THIRD, 0)
    assert turns.next(SECOND, waiting=True) == (FIRST, 0)


def test_each_is_waited_for_by_one(turns: Turns) -> None:
    """When all were found empty, and by somebody who has nothing to store."""
    emptied(turns)
    assert turns.next(FIRST, waiting=False) is None
    assert {turns.next(FIRST, waiting=True) for _ in queues} == {(queue, WAIT) for queue in queues}
    for queue in queues:
        # Who looked at it before somebody waited tells of it late: that ends no waiting.
        turns.gave_nothing(queue, 0)
    assert turns.next(FIRST, waiting=False) is None
    turns.gave(SECOND)
    assert turns.next(FIRST, waiting=True) == (SECOND, 0)


def test_no_second_look_without_waiting() -> None:
    """A queue that nobody is to wait for is done with when it is empty."""
    assert emptied(Turns(queues, 0)).next(FIRST, waiting=True) is None


@pytest.mark.parametrize(
    ("end", "then"),
    [
        (lambda turns: turns.gave(FIRST), (FIRST, 0)),
        (lambda turns: turns.gave_nothing(FIRST, WAIT), None),
        (lambda turns: turns.leave(FIRST), None),
        (lambda turns: turns.stop(), None),
    ],
    ids=["messages", "nothing", "trouble", "stopped"],
)
def test_standing_by(end: Callable[[Turns], object], then: tuple[Queue, int] | None) -> None:
    """Who finds every queue waited for by others helps when one of them gets messages, and ends when none does."""
    turns = Turns([FIRST], WAIT)
    turns.gave_nothing(FIRST, 0)
    assert turns.next(FIRST, waiting=True) == (FIRST, WAIT)
    with ThreadPoolExecutor() as threads:
        others = [threads.submit(turns.next, FIRST, waiting=True) for _ in range(2)]
        try:
            end(turns)
            assert [other.result(MOST_SECONDS) for other in others] == [then, then]
        finally:
            turns.stop()


def test_nothing_comes_back_after_the_end(turns: Turns) -> None:
    """What somebody receives late opens no queue again."""
    emptied(turns)
    assert turns.next(FIRST, waiting=True) is not None
    turns.stop()
    for queue in queues:
        turns.gave(queue)
        turns.gave_nothing(queue, 0)
    assert turns.next(FIRST, waiting=True) is None


def test_trouble_is_told_once(turns: Turns) -> None:
    """However many meet it."""
    assert [turns.leave(SECOND), turns.leave(SECOND), turns.leave(THIRD)] == [True, False, True]
    assert turns.next(FIRST, waiting=True) == (FIRST, 0)


def test_an_empty_queue_holds_up_nobody(vendor: Vendor) -> None:
    """It is not waited for before the other is empty; in the end each is, with one request."""
    empty, full = vendor.open(), vendor.open()
    vendor.send(full, *(ended(f"c{number}") for number in range(20)))
    left: list[int] = []
    vendor.alicom.faults.plan(Fault(after=lambda: left.append(vendor.left(full))), on=RECEIVE, times=None)
    started = time.monotonic()
    assert vendor.poll(empty, full, wait_seconds=1)["messages"] == 20
    assert time.monotonic() - started >= 2
    # Looked at: the empty one, the other until it gives nothing; then each waited for.
    assert left == [20, 20, 20, 20, 0, 0]
