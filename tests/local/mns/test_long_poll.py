"""A long poll ends at once when there is something to say, and not before."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from mns.mns_exception import MNSClientNetworkException, MNSServerException
from mns.queue import Message, QueueMeta

from local.cloud.mns import MnsServer
from tests.local.mns.support import account_of
from tests.local.support import KEY, FakeClock, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that poll."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


def poll(server: MnsServer, wait: int, most: int | None = None) -> list[bytes] | str:
    """The bodies that one poll brings, or the code it is refused with."""
    with account_of(server) as account:
        queue = account.get_queue("receipts")
        try:
            if most is None:
                return [queue.receive_message(wait).message_body]
            return [m.message_body for m in queue.batch_receive_message(most, wait)]
        except MNSServerException as error:
            return str(error.type)
        except MNSClientNetworkException:
            return "cut"


def start(pool: ThreadPoolExecutor, server: MnsServer, *args: int) -> Future[list[bytes] | str]:
    """A poll that has reached the server."""
    name = "BatchReceiveMessage" if len(args) > 1 else "ReceiveMessage"
    before = server.faults.calls[name]
    future = pool.submit(poll, server, *args)
    wait_until(lambda: server.faults.calls[name] > before)
    return future


def test_a_send_wakes_a_poll(pool: ThreadPoolExecutor, queue: Any, server: MnsServer) -> None:
    """The message arrives while the poll waits; the poll returns far before its time."""
    began = time.monotonic()
    waiting = start(pool, server, 30)
    queue.send_message(Message("x"))
    assert waiting.result(10) == [b"x"]
    assert time.monotonic() - began < 5


def test_a_batch_poll_returns_what_is_there(pool: ThreadPoolExecutor, queue: Any, server: MnsServer) -> None:
    """It does not wait until the batch is full."""
    waiting = start(pool, server, 30, 16)
    queue.batch_send_message([Message("a"), Message("b")])
    assert waiting.result(10) == [b"a", b"b"]


def test_each_message_ends_one_poll(pool: ThreadPoolExecutor, queue: Any, server: MnsServer) -> None:
    """Three that wait, two messages: two are served, the third waits on."""
    waiting = [start(pool, server, 30) for _ in range(3)]
    queue.batch_send_message([Message("a"), Message("b")])
    wait_until(lambda: sum(future.done() for future in waiting) == 2)
    assert sorted(future.result()[0] for future in waiting if future.done()) == [b"a", b"b"]
    queue.send_message(Message("c"))
    wait_until(lambda: all(future.done() for future in waiting))


def test_a_delayed_message_wakes_a_poll(
    pool: ThreadPoolExecutor, queue: Any, server: MnsServer, clock: FakeClock
) -> None:
    """When the clock is moved and the server told, the poll sees what became visible."""
    queue.send_message(Message("later", delay_seconds=20))
    waiting = start(pool, server, 30)
    clock.advance(19)
    server.tick()
    assert not waiting.done()
    clock.advance(1)
    server.tick()
    assert waiting.result(10) == [b"later"]


def test_a_message_given_back_wakes_a_poll(
    pool: ThreadPoolExecutor, queue: Any, server: MnsServer, clock: FakeClock
) -> None:
    """The end of a visibility timeout counts like an arrival."""
    queue.set_attributes(QueueMeta(vis_timeout=10))
    queue.send_message(Message("x"))
    queue.receive_message()
    waiting = start(pool, server, 30)
    clock.advance(10)
    server.tick()
    assert waiting.result(10) == [b"x"]


def test_by_the_real_clock_nobody_has_to_tick() -> None:
    """A poll wakes by itself when a delay of a second is over."""
    with MnsServer(key=KEY) as server, account_of(server) as account:
        queue = account.get_queue("receipts")
        queue.create(QueueMeta())
        queue.send_message(Message("x", delay_seconds=1))
        began = time.monotonic()
        assert queue.receive_message(20).message_body == b"x"
        assert 0.5 < time.monotonic() - began < 5


def test_a_poll_ends_with_its_time(pool: ThreadPoolExecutor, queue: Any, server: MnsServer, clock: FakeClock) -> None:
    """By the server's clock, which a test can move; and by the real one, even if that clock stands."""
    waiting = start(pool, server, 30)

    def later() -> bool:
        clock.advance(30)
        server.tick()
        return waiting.done()

    # More than once: a poll that was only just counted may look at the clock after the first time.
    wait_until(later)
    assert waiting.result() == "MessageNotExist"
    assert poll(server, 1) == "MessageNotExist"


def test_the_queue_decides_when_the_caller_does_not(
    pool: ThreadPoolExecutor, queue: Any, server: MnsServer, clock: FakeClock
) -> None:
    """PollingWaitSeconds is the default; waitseconds=0 overrides it."""
    queue.set_attributes(QueueMeta(polling_wait_sec=20))
    assert poll(server, 0) == "MessageNotExist"
    waiting = start(pool, server, -1)
    queue.send_message(Message("x"))
    assert waiting.result(10) == [b"x"]


def test_deleting_the_queue_ends_a_poll(pool: ThreadPoolExecutor, queue: Any, server: MnsServer) -> None:
    """With QueueNotExist."""
    waiting = start(pool, server, 30)
    queue.delete()
    assert waiting.result(10) == "QueueNotExist"


def test_stopping_the_server_ends_a_poll(pool: ThreadPoolExecutor) -> None:
    """stop() returns soon, and no poll is left hanging."""
    with MnsServer(key=KEY) as server:
        with account_of(server) as account:
            account.get_queue("receipts").create(QueueMeta())
        waiting = [start(pool, server, 30) for _ in range(4)]
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert {str(future.result(10)) for future in waiting} <= {"MessageNotExist", "cut"}
    wait_until(lambda: not any("process_request" in thread.name for thread in threading.enumerate()), 5)
