"""One round trip: a test receipt takes the very way of all others, is waited for in its table, and is removed again."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import urllib3
from urllib3.exceptions import HTTPError

from ops.doctor.lines import ok, skipped, warning, wrong
from ops.doctor.sample import TYPE, VENDOR, Sample, remove_leftovers
from ops.provisioning import queues
from receipts.bounded import within
from receipts.deadline import Deadline
from receipts.errors import ReceiptsError
from receipts.journal.journal import Journal
from receipts.journal.queue import Queue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.doctor.lines import Line
    from ops.reading import Store
    from ops.settings import OpsSettings

SENT, STORED, LEFT = "test receipt", "row of the test receipt", "leftovers"
ACCEPTED = 200
# How long the vendor waits for an answer.
VENDOR_MS = 700
SEND_SECONDS = 10.0
PAUSE_SECONDS = 0.1
ROWS = "docs/troubleshooting.md, “Rows do not appear”"
PUSHES = "docs/troubleshooting.md, “Pushes are not answered 200”"


class Means(NamedTuple):
    """What the trip is made with.

    Attributes:
        store: where the row will be.
        settings: the queues and the keys.
        url: that of `receive`, or empty to put the receipt on the queue as `receive` would.
        token: one that `receive` takes; empty if there is none.
        wait_seconds: how long the row is waited for.
        clock, monotonic, sleep: time.
    """

    store: Store
    settings: OpsSettings
    url: str
    token: str
    wait_seconds: float
    clock: Callable[[], float]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]


def lines(sample: Sample, means: Means) -> Iterator[Line]:
    """The lines about the trip. Raises ReceiptsError, and the errors of the queue's SDK."""
    if left := remove_leftovers(means.store, means.clock()):
        yield ok(LEFT, f"{left} test receipts of runs that were broken off removed")
    if means.url and not means.token:
        do = "Set it to one that `receive` takes, or leave --url out: the receipt goes to the queue then."
        yield skipped(SENT, "ALIYUN_PUSH_TOKENS is not set", do)
        return
    with _removed_afterwards(sample, means.store) as kept:
        started = means.monotonic()
        sent = _pushed(sample, means) if means.url else _journalled(sample, means)
        yield sent
        if sent.state != "wrong":
            yield _arrived(sample, means, started)
    if kept:
        do = "Run `receipts doctor` again in ten minutes, with the right ots:DeleteRow: it removes what is left over."
        yield warning(LEFT, f"the test receipt cannot be removed ({kept[0]})", do)


@contextlib.contextmanager
def _removed_afterwards(sample: Sample, store: Store) -> Iterator[list[ReceiptsError]]:
    """Whatever happens, Ctrl-C included, what came of the receipt is removed. Gives why it could not be."""
    kept: list[ReceiptsError] = []
    try:
        yield kept
    finally:
        try:
            sample.remove(store)
        except ReceiptsError as error:
            kept.append(error)


def _journalled(sample: Sample, means: Means) -> Line:
    settings = means.settings
    queue = Queue(settings.mns_endpoint, settings.receipts_queue, means.clock)
    journal = Journal(queue, settings.bucket, means.clock)
    started = means.monotonic()
    try:
        journal.put([sample.envelope], settings.keys, Deadline(SEND_SECONDS, means.monotonic))
    except ReceiptsError as error:
        do = f"Look at MNS_ENDPOINT, and whether the key may send to {settings.receipts_queue} (mns:BatchSendMessage)."
        return wrong(SENT, str(error), do)
    finally:
        journal.close()
    return ok(SENT, f"on the queue {settings.receipts_queue} after {_ms(means, started)} ms")


def _pushed(sample: Sample, means: Means) -> Line:
    address = f"{means.url.rstrip('/')}/{VENDOR}/{quote(means.token, safe='')}/{TYPE}"
    started = means.monotonic()
    try:
        # A socket's time-out begins again with every byte that arrives.
        status = within(SEND_SECONDS, partial(_status, address, sample.body))
    except (HTTPError, TimeoutError) as error:
        # The address holds the token: no error of this may be told in its own words.
        return wrong(SENT, f"nobody answers at --url ({type(error).__name__})", "Correct --url; is it deployed?")
    took = _ms(means, started)
    if status != ACCEPTED:
        return wrong(SENT, f"`receive` answered {status} after {took} ms", _do(status))
    told = f"`receive` answered {status} after {took} ms"
    if took > VENDOR_MS:
        do = "Run it again: a cold start. If it stays, docs/troubleshooting.md, “no answer within 700 ms”."
        return warning(SENT, f"{told}; the vendor hangs up after {VENDOR_MS}", do)
    return ok(SENT, told)


def _status(address: str, body: bytes) -> int:
    with urllib3.PoolManager(timeout=SEND_SECONDS, retries=False) as pool:
        return pool.request("POST", address, body=body, redirect=False).status


def _do(status: int) -> str:
    other = "Deploy with the ALIYUN_PUSH_TOKENS of this shell, or set those here that are deployed."
    path = "Correct --url: it is the address of `receive`, without a path."
    return {401: other, 403: other, 404: path, 405: path}.get(status, f"Look at the log of `receive`: {PUSHES}.")


def _arrived(sample: Sample, means: Means, started: float) -> Line:
    """Wait for the row."""
    end = means.monotonic() + means.wait_seconds
    while not sample.stored(means.store):
        if means.monotonic() > end:
            return _stuck(sample, means)
        means.sleep(PAUSE_SECONDS)
    return ok(STORED, f"there after {_ms(means, started)} ms, and removed again")


def _stuck(sample: Sample, means: Means) -> Line:
    """Where it is, as far as that can be told."""
    late = f"not there after {means.wait_seconds:g} s"
    letter = sample.dead_letter(means.store)
    if letter is not None:
        told = f"{late}: it became a dead letter ({letter.get('reason')})"
        return wrong(STORED, told, "Deploy `ingest` and its layer in the version of this command.")
    settings = means.settings
    with queues.opened(settings.mns_endpoint, settings.keys) as account:
        queue = queues.found(account, settings.receipts_queue)
    if queue is not None and queue.active:
        told = f"{late}: about {queue.active} messages wait in {settings.receipts_queue}, and nobody takes them"
        return wrong(STORED, told, f"Look at the trigger of `ingest`, its queue and region: {ROWS}.")
    if queue is not None and queue.messages:
        told = f"{late}: `ingest` was given about {queue.messages} messages and has not stored them"
        return wrong(STORED, told, f"Look at the log of `ingest`: {ROWS}.")
    do = f"Compare TABLESTORE_ENDPOINT, TABLE_PREFIX and RECEIPTS_QUEUE with what is deployed: {ROWS}."
    return wrong(STORED, f"{late}: it has left the queue, and is not in this table", do)


def _ms(means: Means, started: float) -> int:
    return round((means.monotonic() - started) * 1000)
