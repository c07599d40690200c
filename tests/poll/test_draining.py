"""Draining: store first, delete afterwards; what cannot be stored or deleted comes again, and costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.alicom.draining import MOST_BATCHES
from receipts.alicom.tokens import Queue
from receipts.errors import QueueUnavailable, StoreMisconfigured, StoreUnavailable
from tests.poll.support import DELETE, RECEIVE, TOKEN, apart_from_deliveries
from tests.store.support import READ, WRITE, ended, started

if TYPE_CHECKING:
    from receipts.errors import ReceiptsError
    from tests.poll.support import Vendor

BUSY = Fault(status=503, code="OTSServerBusy")
COUNTED = ("messages", "receipts", "rows", "recordings", "letters", "left", "alone", "out_of_time")
NOTHING = dict.fromkeys(COUNTED, 0)


def calls(prefix: str, count: int) -> list[dict[str, object]]:
    """So many call records."""
    return [ended(f"{prefix}{number}") for number in range(count)]


def handed_out(vendor: Vendor, queue: Queue) -> list[int]:
    """How often each message was handed out."""
    return list(vendor.alicom.handed_out(queue.name).values())


@pytest.mark.parametrize("consumers", [1, 4])
def test_several_queues_some_of_them_empty(vendor: Vendor, consumers: int) -> None:
    """Each queue's type is that of its receipts; all end in the store, each was handed out once, none is left."""
    ends, starts, empty = vendor.open("SecretReport"), vendor.open("SecretStartReport"), vendor.open("SecretRecording")
    vendor.send(ends, *calls("c", 33))
    vendor.send(starts, *(started(f"c{number}") for number in range(20)))
    counts = vendor.poll(ends, starts, empty, consumers=consumers)
    assert counts.items() >= {"messages": 53, "receipts": 53, "letters": 0, "left": 0}.items()
    assert set(vendor.store.calls()) == {f"c{number}" for number in range(33)}
    assert vendor.left(ends, starts, empty) == 0
    assert handed_out(vendor, ends) + handed_out(vendor, starts) == [1] * 53
    assert vendor.poll(ends, starts, empty, consumers=consumers) == NOTHING
    assert vendor.trouble == []


def test_by_batches(vendor: Vendor) -> None:
    """16 at a time, one deletion each, and one look at the empty queue."""
    queue = vendor.open()
    vendor.send(queue, *calls("c", 40))
    vendor.poll(queue)
    assert (vendor.asked(RECEIVE), vendor.asked(DELETE), vendor.asked(TOKEN)) == (4, 3, 1)


@pytest.mark.parametrize("consumers", [1, 3])
def test_a_refused_queue_among_good_ones(vendor: Vendor, consumers: int) -> None:
    """It is told of, by queue, type and code; the others are emptied, in whatever order they are named."""
    good, later = vendor.open(), vendor.open("SecretStartReport")
    refused = [Queue("SecretReport", "not-there"), Queue("SecretReport", later.name)]
    vendor.send(good, *calls("c", 17))
    vendor.send(later, *map(started, "abc"))
    counts = vendor.poll(refused[0], good, refused[1], later, consumers=consumers)
    assert (counts["messages"], vendor.left(good, later)) == (20, 0)
    assert {queue for queue, _ in vendor.trouble} == set(refused)
    for queue, why in vendor.trouble:
        assert why.startswith(f"no token for queue {queue.name} of type SecretReport: the API answered isv.QUEUE_NOT_")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(status=500, code="InternalError"), "InternalError"),
        (Fault(status=404, code="QueueNotExist"), "QueueNotExist"),
        (Fault(close_before=True), "NetWorkException"),
    ],
)
def test_a_queue_in_trouble_among_good_ones(vendor: Vendor, fault: Fault, code: str) -> None:
    """It is left alone until the next poll, which finds all that is in it."""
    bad, good = vendor.open(), vendor.open()
    vendor.send(bad, *calls("b", 3))
    vendor.send(good, *calls("g", 3))
    # The SDK asks again by itself, once.
    vendor.alicom.faults.plan(fault, on=RECEIVE, times=2 if fault.close_before else 1)
    assert vendor.poll(bad, good)["messages"] == 3
    assert vendor.trouble == [(bad, f"the queue answered {code}")]
    assert vendor.poll(bad, good)["messages"] == 3
    assert len(vendor.store.calls()) == 6


@pytest.mark.parametrize("consumers", [1, 4])
@pytest.mark.parametrize(
    ("operation", "fault", "raised"),
    [
        (WRITE, BUSY, StoreUnavailable),
        (READ, Fault(close_before=True), StoreUnavailable),
        (WRITE, Fault(status=403, code="OTSNoPermissionAccess"), StoreMisconfigured),
    ],
    ids=["busy", "gone", "forbidden"],
)
def test_a_store_that_is_down(
    vendor: Vendor, operation: str, fault: Fault, raised: type[ReceiptsError], consumers: int
) -> None:
    """It raises, nothing is deleted, no consumer receives more than it stores at once; all of it comes again."""
    queue, messages = vendor.open(), 16 * (MOST_BATCHES + 2)
    ids = vendor.send(queue, *calls("c", messages))
    vendor.store.server.faults.plan(fault, on=operation, times=None)
    with pytest.raises(raised):
        vendor.poll(queue, consumers=consumers)
    assert vendor.asked(DELETE) == 0
    assert vendor.asked(RECEIVE) <= MOST_BATCHES * consumers
    assert vendor.left(queue) == len(ids)
    vendor.store.server.faults.clear()
    vendor.pass_by()
    counts = vendor.poll(queue, consumers=consumers)
    assert (counts["messages"], vendor.left(queue), len(vendor.store.calls())) == (messages, 0, messages)
    # Their second time, for some.
    assert max(handed_out(vendor, queue)) == 2


def test_a_store_that_fails_one_consumer(vendor: Vendor) -> None:
    """The others end the pass that they are in and receive nothing more: what one cannot store, none should take."""
    queue = vendor.open()
    vendor.send(queue, *calls("c", 16 * (2 * MOST_BATCHES + 1)))
    vendor.store.server.faults.plan(Fault(status=403, code="OTSNoPermissionAccess"), on=WRITE)
    vendor.store.server.faults.plan(Fault(delay=0.2), on=WRITE)
    with pytest.raises(StoreMisconfigured):
        vendor.poll(queue, consumers=2)
    assert vendor.asked(RECEIVE) <= 2 * MOST_BATCHES
    assert vendor.left(queue) >= 16 * (MOST_BATCHES + 1)


def test_the_queue_of_recordings_is_down(vendor: Vendor) -> None:
    """What asks for a recording comes again until that is asked for: nothing of it is deleted before."""
    queue = vendor.open("SecretRecording")
    vendor.send(queue, {"call_id": "c1", "pool_key": "FC1", "call_time": "2026-11-20 12:00:00"})
    vendor.store.mns.faults.plan(Fault(status=503), on="BatchSendMessage", times=None)
    with pytest.raises(QueueUnavailable):
        vendor.poll(queue)
    assert (vendor.asked(DELETE), vendor.left(queue)) == (0, 1)
    vendor.store.mns.faults.clear()
    vendor.pass_by()
    assert vendor.poll(queue).items() >= {"messages": 1, "recordings": 1, "left": 0}.items()
    assert vendor.left(queue) == 0


@pytest.mark.parametrize("parts", [(0,), (3, 15), tuple(range(16))])
def test_a_deletion_that_fails_in_part(vendor: Vendor, parts: tuple[int, ...]) -> None:
    """What was not deleted is tried again, and only that."""
    queue = vendor.open()
    vendor.send(queue, *calls("c", 16))
    vendor.alicom.faults.plan(Fault(fail_parts=parts), on=DELETE)
    assert vendor.poll(queue)["left"] == 0
    assert (vendor.asked(DELETE), vendor.left(queue)) == (2, 0)
    assert vendor.alicom.deletes(queue.name) == 16


@pytest.mark.parametrize(
    ("fault", "counted"),
    [
        # Three tries for each of two batches.
        (Fault(fail_parts=(0, 1)), (20, 4, 4, 6)),
        # No try gives a handle back that has run out.
        (Fault(fail_parts=(4, 9), code="ReceiptHandleError"), (20, 2, 2, 2)),
        (Fault(fail_parts=(4, 9), code="MessageNotExist"), (20, 2, 2, 2)),
        (Fault(status=404, code="MessageNotExist"), (20, 20, 20, 2)),
        # The queue is left alone then, with the second batch too.
        (Fault(status=500, code="InternalError"), (20, 20, 20, 1)),
        # Those of the first batch are gone, and nobody knows. The SDK asks again by itself, once.
        (Fault(close_after=True), (20, 20, 4, 2)),
    ],
    ids=["parts", "handles", "gone", "all gone", "broken", "answer lost"],
)
def test_a_deletion_that_keeps_failing(vendor: Vendor, fault: Fault, counted: tuple[int, ...]) -> None:
    """It is counted, comes again as what is stored already, and is deleted then."""
    taken, left, again, tries = counted
    queue = vendor.open()
    vendor.send(queue, *calls("c", 20))
    vendor.alicom.faults.plan(fault, on=DELETE, times=None)
    assert vendor.poll(queue).items() >= {"messages": taken, "left": left}.items()
    assert vendor.asked(DELETE) == tries
    vendor.alicom.faults.clear()
    vendor.pass_by()
    assert vendor.poll(queue).items() >= {"messages": again, "left": 0}.items()
    assert (len(vendor.store.calls()), vendor.left(queue)) == (20, 0)


def test_time_that_runs_out(vendor: Vendor) -> None:
    """What is there is stored and deleted; nothing more is received, of any queue; the next poll goes on."""
    queue, other = vendor.open(), vendor.open()
    vendor.send(queue, *calls("c", 40))
    vendor.send(other, *calls("d", 1))
    counts = vendor.poll(queue, other, out_of_time=lambda: vendor.asked(RECEIVE) >= 2)
    assert (counts["messages"], vendor.left(queue, other), vendor.asked(RECEIVE)) == (17, 24, 2)
    assert vendor.poll(queue, other, out_of_time=lambda: True) == NOTHING | {"out_of_time": 1}
    assert vendor.asked(RECEIVE) == 2
    assert vendor.poll(queue, other)["messages"] == 24


def test_a_second_run_that_overlaps(vendor: Vendor) -> None:
    """A store so slow that messages come again while they are stored: a second run stores and deletes them too."""
    queue = vendor.open()
    vendor.send(queue, *calls("c", 16), b"garbage")
    seconds: list[dict[str, int]] = []

    def overlap() -> None:
        vendor.pass_by()
        seconds.append(vendor.poll(queue))

    vendor.store.server.faults.plan(Fault(after=overlap), on=WRITE)
    first = vendor.poll(queue)
    (second,) = seconds
    assert (second["messages"], second["left"]) == (17, 0)
    assert (first["messages"], first["left"]) == (17, 17)
    assert (len(vendor.store.calls()), len(vendor.store.letters()), vendor.left(queue)) == (16, 1, 0)
    rows = apart_from_deliveries(vendor.store.drained())
    vendor.send(queue, *calls("c", 16), b"garbage")
    vendor.poll(queue)
    assert apart_from_deliveries(vendor.store.tables()) == rows
