"""A service that takes a request and never answers: the wait ends, and so does the poll."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.alicom import consumer
from tests.poll.support import DELETE, RECEIVE
from tests.store.support import ended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.poll.support import Vendor

# For an answer; and until all is over, on a machine that has other things to do too.
ANSWER_SECONDS, MOST_SECONDS = 0.3, 10.0
WHY = "the queue answered NetWorkException"


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds are long for a test."""
    monkeypatch.setattr(consumer, "ANSWER_SECONDS", ANSWER_SECONDS)


@pytest.fixture
def mute() -> Iterator[str]:
    """Where connections are made, by the kernel, and nobody reads what is sent; cut when all should be over."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        end = threading.Timer(MOST_SECONDS, server.close)
        end.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        end.cancel()
        end.join()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("consumers", [1, 3])
def test_nobody_answers(vendor: Vendor, mute: str, scheme: str, consumers: int) -> None:
    """Neither the request nor the TLS handshake, over which the SDK has no time-out: each queue is told of, once."""
    queues = [vendor.open(), vendor.open()]
    started = time.monotonic()
    assert vendor.poll(*queues, consumers=consumers, endpoint=f"{scheme}://{mute}")["messages"] == 0
    assert time.monotonic() - started < MOST_SECONDS
    assert sorted(vendor.trouble) == sorted((queue, WHY) for queue in queues)


@pytest.mark.parametrize("wait_seconds", [0, 1])
def test_a_long_poll_that_hangs(vendor: Vendor, wait_seconds: int) -> None:
    """The other queue is emptied; what the lost answer held comes again at a later poll."""
    queue, other = vendor.open(), vendor.open()
    vendor.send(queue, ended("c1"))
    vendor.send(other, ended("c2"))
    vendor.alicom.faults.plan(Fault(hang=60), on=RECEIVE)
    started = time.monotonic()
    assert vendor.poll(queue, other, wait_seconds=wait_seconds).items() >= {"messages": 1, "left": 0}.items()
    assert time.monotonic() - started < MOST_SECONDS
    assert (vendor.trouble, vendor.left(queue, other)) == ([(queue, WHY)], 1)
    vendor.alicom.faults.clear()
    vendor.pass_by()
    assert vendor.poll(queue, other)["messages"] == 1
    assert (set(vendor.store.calls()), vendor.left(queue, other)) == ({"c1", "c2"}, 0)


def test_a_deletion_that_hangs(vendor: Vendor) -> None:
    """No batch of that queue is tried after it: each would wait as long. Those of the other queue are deleted."""
    queue, other = vendor.open(), vendor.open()
    vendor.send(queue, *(ended(f"c{number}") for number in range(40)))
    vendor.send(other, ended("d1"))
    vendor.alicom.faults.plan(Fault(hang=60), on=DELETE)
    counts = vendor.poll(queue, other)
    assert counts.items() >= {"messages": 41, "left": 40}.items()
    assert (vendor.asked(DELETE), vendor.left(other), vendor.trouble) == (2, 0, [(queue, WHY)])
