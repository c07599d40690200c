"""Many clients at once: nothing is lost, nothing is handed out twice."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from mns.mns_exception import MNSServerException
from mns.queue import Message, QueueMeta

from local.cloud.mns import Depth, MnsServer
from tests.local.mns.support import account_of
from tests.local.support import KEY, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

_THREADS = 8
_EACH = 40


def test_eight_threads_lose_nothing() -> None:
    """Each sends and receives; in the end every message was received once and deleted."""
    got: list[str] = []
    start = threading.Barrier(_THREADS)

    def work(number: int) -> None:
        with account_of(server) as account:
            queue = account.get_queue("receipts")
            start.wait()
            for n in range(0, _EACH, 2):
                queue.send_message(Message(f"{number}-{n}"))
                queue.batch_send_message([Message(f"{number}-{n + 1}")])
                take(queue.batch_receive_message_with_str_body, queue.batch_delete_message)
            deadline = time.monotonic() + 20
            while len(got) < _THREADS * _EACH and time.monotonic() < deadline:
                take(queue.batch_receive_message_with_str_body, queue.batch_delete_message)

    def take(receive: Callable[[int], list[Message]], delete: Callable[[list[str]], None]) -> None:
        try:
            messages = receive(3)
        except MNSServerException as error:
            assert error.type == "MessageNotExist"  # noqa: PT017 - an empty queue is no failure here
            return
        got.extend(m.message_body for m in messages)
        delete([m.receipt_handle for m in messages])

    with MnsServer(key=KEY) as server:
        with account_of(server) as account:
            account.get_queue("receipts").create(QueueMeta())
        with ThreadPoolExecutor(_THREADS) as pool:
            for future in [pool.submit(work, number) for number in range(_THREADS)]:
                future.result()
        assert sorted(got) == sorted(f"{t}-{n}" for t in range(_THREADS) for n in range(_EACH))
        assert server.depth("receipts") == Depth(0, 0, 0)


def test_no_thread_stays_behind() -> None:
    """Not even of a client that keeps its connection open."""
    before = set(threading.enumerate())
    server = MnsServer(key=KEY).start()
    with account_of(server) as account:
        account.list_queue()
        assert set(threading.enumerate()) > before
        server.stop()
        wait_until(lambda: not set(threading.enumerate()) - before)
