"""A token API that is slow to answer: only the callers of that queue wait, and all of them for one request."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.alicom.tokens import TokenRefused, Tokens
from receipts.aliyun import rpc
from tests.poll.support import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from receipts.credentials import Credentials
    from tests.poll.support import Vendor

MOST_SECONDS, HANGING_SECONDS = 30.0, 60
CALLERS = 4


def until(condition: Callable[[], bool]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + MOST_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def in_of() -> int:
    """How many threads are asking for a token."""
    count = 0
    for frame in [*sys._current_frames().values()]:
        at = frame
        while at is not None and at.f_code is not Tokens.of.__code__:
            at = at.f_back  # type: ignore[assignment] # None at the bottom of the stack
        count += at is not None
    return count


def let_go(vendor: Vendor, *callers: Future[Credentials]) -> None:
    """Let what hangs go, and what is just about to: a call is counted a moment before it hangs."""

    def over() -> bool:
        vendor.alicom.faults.release()
        return all(caller.done() for caller in callers)

    until(over)


@pytest.fixture
def threads(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadPoolExecutor]:
    """Threads to wait with, patient ones; in the end whatever hangs is let go."""
    monkeypatch.setattr(rpc, "READ_SECONDS", HANGING_SECONDS)
    with ThreadPoolExecutor(CALLERS + 1) as threads:
        yield threads
        vendor.alicom.faults.clear()


def test_other_queues_do_not_wait(vendor: Vendor, threads: ThreadPoolExecutor) -> None:
    """Keys that are held, new ones and refused ones are to be had while another queue's request hangs."""
    tokens, slow, held, new = vendor.tokens(), vendor.open(), vendor.open(), vendor.open()
    keys = tokens.of(held)
    vendor.alicom.faults.plan(Fault(hang=HANGING_SECONDS), on=TOKEN)
    waiting = threads.submit(tokens.of, slow)
    until(lambda: vendor.asked(TOKEN) == 2)
    assert threads.submit(tokens.of, held).result(MOST_SECONDS) == keys
    assert threads.submit(tokens.of, new).result(MOST_SECONDS) != keys
    threads.submit(tokens.drop, held, keys).result(MOST_SECONDS)
    assert threads.submit(tokens.of, held).result(MOST_SECONDS) != keys
    assert not waiting.done()
    let_go(vendor, waiting)
    assert waiting.result()
    assert vendor.asked(TOKEN) == 4


def test_one_request_for_all_callers_of_a_queue(vendor: Vendor, threads: ThreadPoolExecutor) -> None:
    """Whoever asks while it is under way has the same keys."""
    tokens, queue = vendor.tokens(), vendor.open()
    vendor.alicom.faults.plan(Fault(hang=HANGING_SECONDS), on=TOKEN)
    callers = [threads.submit(tokens.of, queue) for _ in range(CALLERS)]
    until(lambda: in_of() == CALLERS and vendor.asked(TOKEN) > 0)
    let_go(vendor, *callers)
    assert len({caller.result() for caller in callers}) == 1
    assert vendor.asked(TOKEN) == 1


@pytest.mark.parametrize("old", [False, True], ids=["none held", "an old one held"])
def test_one_refusal_for_all_callers_of_a_queue(vendor: Vendor, threads: ThreadPoolExecutor, *, old: bool) -> None:
    """Nobody waits for a second one; the old keys do if they last. Who comes later has it asked for anew."""
    tokens, queue = vendor.tokens(), vendor.open()
    keys = tokens.of(queue) if old else None
    vendor.pass_by(500)
    before = vendor.asked(TOKEN)
    vendor.alicom.faults.plan(Fault(delay=HANGING_SECONDS, status=503, code="ServiceUnavailable"), on=TOKEN)
    callers = [threads.submit(tokens.of, queue) for _ in range(CALLERS)]
    until(lambda: in_of() == CALLERS and vendor.asked(TOKEN) > before)
    let_go(vendor, *callers)
    for caller in callers:
        if old:
            assert caller.result() == keys
        else:
            with pytest.raises(TokenRefused, match="ServiceUnavailable"):
                caller.result()
    assert vendor.asked(TOKEN) == before + 1
    assert tokens.of(queue) != keys
    assert vendor.asked(TOKEN) == before + 2
