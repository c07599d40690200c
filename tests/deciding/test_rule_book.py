"""The rule book is one read, kept for seconds, and never waited for longer than told."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.deciding.kept import Kept
from receipts.deciding.rule_book import Pages
from receipts.errors import StoreMisconfigured, StoreUnavailable
from tests.deciding.support import A, B, Book, X, put
from tests.store.support import READ, Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.store.support import Store


@pytest.fixture
def book(store: Store) -> Iterator[Book]:
    """A rule book that keeps nothing."""
    made = Book(store.server.endpoint)
    yield made
    made.close()


def test_both_rows_come_in_one_read(store: Store, book: Book) -> None:
    """A question costs one BatchGetRow, whichever rows there are."""
    put(store, X, "*", call="close")
    with store.counted() as calls:
        assert book.about() == Pages(None, {"call": "close"})
    assert calls == {READ: 1}
    put(store, X, A, call="connect", callee=B)
    assert book.about() == Pages({"call": "connect", "callee": B}, {"call": "close"})
    assert book.about(party="") == Pages(None, {"call": "close"})
    assert book.about(B) == Pages(None, None)


def test_what_was_read_is_kept_for_seconds(store: Store) -> None:
    """Within them the store is not asked, not even for a row that is not there; after them it is."""
    clock = Clock()
    kept = Book(store.server.endpoint, keep_seconds=3, monotonic=clock.monotonic)
    with store.counted() as calls:
        assert kept.about() == Pages(None, None)
        clock.now += 2.9
        put(store, X, "*", call="close")
        assert kept.about() == Pages(None, None)
        assert kept.about(party=B).everybody == {"call": "close"}
    assert calls[READ] == 2
    clock.now += 0.2
    assert kept.about().everybody == {"call": "close"}
    kept.close()


def test_no_more_is_kept_than_fits() -> None:
    """Memory stays flat however many callers there are: the oldest goes first."""
    clock = Clock()
    kept: Kept[int] = Kept(3, 2, clock.monotonic)
    for number in range(3):
        kept.keep(number, number)
    assert [kept.get(number) for number in range(3)] == [None, 1, 2]
    assert len(kept._held) == 2


@pytest.mark.parametrize(
    "fault",
    [Fault(status=503, code="OTSServerBusy"), Fault(close_before=True), Fault(fail_parts=(0,), code="OTSTimeout")],
)
def test_a_passing_fault_costs_one_more_read(store: Store, book: Book, fault: Fault) -> None:
    """A connection that broke while it was idle, or a busy moment, costs nobody his call."""
    put(store, X, "*", call="close")
    store.server.faults.plan(fault, on=READ)
    with store.counted() as calls:
        assert book.about().everybody == {"call": "close"}
    assert calls[READ] == 2
    store.server.faults.plan(fault, on=READ, times=2)
    with store.counted() as calls, pytest.raises(StoreUnavailable):
        book.about()
    assert calls[READ] == 2


def test_a_refusal_is_told_apart(store: Store, book: Book) -> None:
    """What no retry mends is asked once."""
    store.server.faults.plan(Fault(status=403, code="OTSAuthFailed"), on=READ, times=None)
    with store.counted() as calls, pytest.raises(StoreMisconfigured):
        book.about()
    assert calls[READ] == 1


def test_a_store_that_hangs_is_left_in_time(store: Store) -> None:
    """The SDK's own time-outs hold: the answer is out in time, and no thread stays."""
    waiting = Book(store.server.endpoint, seconds=0.2)
    store.server.faults.plan(Fault(hang=30), on=READ, times=None)
    started = time.monotonic()
    with pytest.raises(StoreUnavailable):
        waiting.about()
    assert time.monotonic() - started < 1
    _until(_nobody_waits)
    store.server.faults.clear()
    put(store, X, "*", call="close")
    assert waiting.about().everybody == {"call": "close"}
    waiting.close()


def test_a_store_that_drips_is_left_in_time() -> None:
    """A byte now and then resets every socket's time-out: the whole is bounded all the same."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        dripping = threading.Thread(target=_drip, args=(server, over))
        dripping.start()
        waiting = Book(f"http://127.0.0.1:{server.getsockname()[1]}", seconds=0.3)
        started = time.monotonic()
        with pytest.raises(StoreUnavailable):
            waiting.about()
        assert 0.2 < time.monotonic() - started < 1.5
        # What still waits has the old client to itself.
        assert waiting.clients == 2
        over.set()
        dripping.join(5)
    _until(_nobody_waits)
    waiting.close()


def _drip(server: socket.socket, over: threading.Event) -> None:
    peer, _ = server.accept()
    with peer:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
        end = time.monotonic() + 5
        while time.monotonic() < end and not over.wait(0.05):
            peer.sendall(b"a")


def _nobody_waits() -> bool:
    return not any(thread.name == "bounded" for thread in threading.enumerate())


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
