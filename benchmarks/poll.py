"""B4: how many messages a second `poll` drains where every request takes 10 ms, against a loop of one at a time."""

from __future__ import annotations

import contextlib
import importlib
import os
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import naive, workload
from benchmarks.budget import Budget, Measured
from benchmarks.loopback import cloud, in_fresh_process
from benchmarks.one_by_one import OneByOne
from benchmarks.rounds import log_thrown_away
from benchmarks.vendor import vendor
from local.demo.reading import missing, read_all, rows_of
from receipts import credentials
from receipts.alicom.settings import PollSettings
from receipts.alicom.tokens import Queue, Tokens
from receipts.aliyun.rpc import Rpc
from receipts.settings import StoreSettings
from receipts.store import schema
from receipts.store.client import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.workload import Day

ROUNDS = 4
STRETCHES, CALLS_OF_A_STRETCH = 14, 85
DELAY_SECONDS = 0.01
ONES, ONES_TABLE = 150, schema.Table("one_by_one", (naive.KEY,), {})
BUDGET = Budget(
    "B4",
    "`poll` drains the vendor's queues, one of each type, every request to any service delayed by 10 ms; messages "
    "stored and deleted per second",
    "receive one message, store one row (PutRow), delete one message, and so on, same cloud, same SDKs",
    bound=20.0,
    at_most=False,
)
HOW = (
    "Wall clock, unlike elsewhere, from the start of the handler to the last deletion, as the vendor's server saw it; "
    "the long polls after which queues count as empty come after that (`whole invocation`). Settings are the "
    "defaults: {consumers} consumers, {wait} s of long polling. There are {messages:,} messages of one receipt each, "
    "as the vendor sends them, of all types, some twice, those of {calls} calls at a time in no order; the loop takes "
    "{ones} call records. {rounds} rounds of both, each with servers of its own in two further processes and with "
    "a fresh client in a third; of each the fastest counts, as whatever else the machine does can only add to it. "
    "Every round ends with a count, and the measurement fails unless queues are empty, every message was handed out "
    "and deleted once, every call, text, number, transcript, parcel and recording is in its row as it was told, and "
    "the loop's rows are as many as its messages."
)


class Timed(NamedTuple):
    """Seconds of one round: until the last deletion of `poll`, until it returned, and of the loop."""

    drained: float
    whole: float
    loop: float


def measure() -> Iterator[Measured]:
    """Measure B4."""
    rounds = [_round() for _ in range(ROUNDS)]
    messages, settings = len(_day().messages), PollSettings.read({})
    ours = max(messages / one.drained for one in rounds)
    loop = max(ONES / one.loop for one in rounds)
    figures = (
        ("poll", f"{ours:,.0f}/s"),
        ("one by one", f"{loop:,.1f}/s"),
        ("poll, every round", ", ".join(f"{messages / one.drained:,.0f}/s" for one in rounds)),
        ("one by one, every round", ", ".join(f"{ONES / one.loop:,.1f}/s" for one in rounds)),
        ("whole invocation", f"{min(one.whole for one in rounds):.1f} s for {messages:,} messages"),
    )
    how = HOW.format(
        consumers=settings.consumers,
        wait=settings.wait_seconds,
        messages=messages,
        calls=CALLS_OF_A_STRETCH,
        ones=ONES,
        rounds=ROUNDS,
    )
    yield Measured(BUDGET, ours / loop, figures, how)


def _day() -> Day:
    return workload.day(STRETCHES, CALLS_OF_A_STRETCH)


def _round() -> Timed:
    day = _day()
    with cloud(DELAY_SECONDS) as services, vendor(DELAY_SECONDS) as queues:
        environment = {**services.environment(), **queues.environment()}
        queues.fill(day.messages)
        started, ended = in_fresh_process(_poll, environment, day)
        drained = queues.deleted_at() - started
        _check(queues, len(day.messages))
        queues.fill(day.messages_of(workload.TYPE)[:ONES])
        loop = in_fresh_process(_one_by_one, environment)
        _check(queues, len(day.messages) + ONES)
    return Timed(drained, ended - started, loop)


def _check(queues: Any, messages: int) -> None:
    """Raises RuntimeError unless so many messages were handed out and deleted, each once, and none is left."""
    counts = (queues.handed_out(), queues.deleted(), queues.left())
    if counts != (messages, messages, 0):
        raise RuntimeError(f"handed out, deleted and left are {counts}, of {messages} messages")


def _poll(environment: Mapping[str, str], day: Day) -> tuple[float, float]:
    """When one poll began and ended, on the monotonic clock; what it stored is held against the day."""
    os.environ.update(environment)
    function: Any = importlib.import_module("functions.poll.index")
    context = SimpleNamespace(request_id="1-6b0f0000-000000000001")
    function.initialize(context)
    with log_thrown_away():
        started = time.monotonic()
        counts = function.handler(b"{}", context)
        ended = time.monotonic()
    expected = {"messages": len(day.messages), "receipts": len(day.messages), "letters": 0, "left": 0}
    wrong = [f"{name}: {counts[name]} of {number}" for name, number in expected.items() if counts[name] != number]
    with opened(StoreSettings.read(os.environ), credentials.of(None, os.environ)) as store:
        tables = read_all(store)
    wrong += missing(tables, day.expected)
    if {row["recording_id"] for row in tables.recordings} != day.expected.recordings:
        wrong.append("recordings are not those of the day")
    if wrong:
        raise RuntimeError("; ".join(wrong[:10]))
    return started, ended


def _one_by_one(environment: Mapping[str, str]) -> float:
    """Seconds that the loop took."""
    os.environ.update(environment)
    settings, keys = PollSettings.read(os.environ), credentials.of(None, os.environ)
    queue = next(Queue(*one) for one in settings.queues if one[0] == workload.TYPE)
    with opened(StoreSettings.read(os.environ), keys) as store, contextlib.ExitStack() as open_:
        tokens = Tokens(Rpc(settings.token_endpoint, settings.region, keys), lambda: round(time.time() * 1000))
        open_.callback(tokens.close)
        table = naive.NaiveTable(store, ONES_TABLE.name)
        consumer = OneByOne(settings.endpoint, queue, tokens.of(queue), table)
        open_.callback(consumer.close)
        started = time.monotonic()
        consumer.drain(ONES)
        ended = time.monotonic()
        rows = len(list(rows_of(store, ONES_TABLE)))
    if rows != ONES:
        raise RuntimeError(f"{rows} rows of {ONES} messages")
    return ended - started
