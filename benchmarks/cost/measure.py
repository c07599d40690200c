"""B7: the price of a million receipts, from measured work, against an invocation and a row for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import machine
from benchmarks.budget import Budget, Measured
from benchmarks.cost import counts, cpu, model, page, work
from benchmarks.cost.assumptions import Assumptions
from benchmarks.cost.billing import yuan
from benchmarks.cost.measured import Batch, Job, Measurements, Push, Table, save
from benchmarks.cost.model import Given
from benchmarks.cost.sizes import deployed
from benchmarks.loopback import in_fresh_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.cost.counts import Counts, Services

MILLION = 1_000_000
# After events of this kind, rows are counted and weighed.
WEIGHED = work.Kind(100, work.MIXED)
# As in B1 and B2.
PUSH = 50
BUDGET = Budget(
    "B7",
    f"compute units of Function Compute for a million receipts in pushes of {PUSH}, `receive` and `ingest` together",
    "one invocation for each receipt, which parses it and puts one row",
    bound=0.25,
    at_most=True,
)
HOW = (
    "CPU time is measured as in B2 and B3, requests are counted at the loopback services, the rest is the formula of "
    "docs/cost.md: invocations, and the seconds that an instance of the size in template.yml is at work, which are "
    "CPU time at its share of a core and {request:.0f} ms for each request. The single invocations are priced for an "
    "instance of `receive`'s size and are spared authentication, the queue, joining and the log line. What the vendor "
    "sends in pushes of one costs one invocation each here, too: then it is the pull by `poll` that is cheap. Warm "
    "instances, timers and recordings are not in it: docs/cost.md has them."
)


def measure(say: Callable[[str], None]) -> Iterator[Measured]:
    """Measure B7, and write `docs/cost.md` anew."""
    measured = measurements(say)
    save(measured)
    page.write(measured)
    yield priced(measured)


def priced(measured: Measurements) -> Measured:
    """B7 from what was measured."""
    given = Given(measured, Assumptions(), deployed())
    naive = model.naive_units(given)
    ours = {size: model.units_of_receipts(given, size) for size in (*work.PUSHES, work.MIXED)}
    figures = [("one invocation and one row for each", f"{naive:,.0f} CU, ¥ {yuan(naive):.2f}")]
    figures += [
        (
            f"pushes of {size or '1 to 8'}",
            f"{ours[size]:,.0f} CU, ¥ {yuan(ours[size]):.2f}: {ours[size] / naive:.2f} x",
        )
        for size in ours
    ]
    return Measured(BUDGET, ours[PUSH] / naive, tuple(figures), HOW.format(request=given.assumed.request_ms))


def measurements(say: Callable[[str], None]) -> Measurements:
    """Measure all that the model needs."""
    spent = cpu.measured(say)
    say("counting requests")
    return in_fresh_process(_counted, spent)


def _counted(spent: dict[str, float]) -> Measurements:
    batches, tables = [], []
    for kind in work.KINDS:
        # Each kind into tables of its own.
        with counts.services() as services:
            batches.append(_batch(services, kind, spent))
            if kind == WEIGHED:
                tables = _tables(services)
    with counts.services() as services:
        return Measurements(
            machine=machine.described(),
            naive_cpu_ms=spent["naive"],
            pushes=[_push(services, size, spent) for size in work.PUSHES],
            batches=batches,
            sweep=_job(counts.counted(services, "sweep", [b"{}"]), spent["sweep"]),
            poll=_job(counts.counted(services, "poll", [b"{}"]), spent["poll"]),
            archive=_job(counts.archived(services), spent["archive"]),
            archive_cpu_ms_per_mb=(spent["archive 16 MB"] - spent["archive"]) / 15,
            tables=tables,
        )


def _push(services: Services, size: int, spent: dict[str, float]) -> Push:
    before = len(_messages(services))
    events = work.pushes(size)
    counted = counts.counted(services, "receive", events)
    sent = _messages(services)[before:]
    return Push(
        receipts=size,
        cpu_ms=spent[cpu.push_name(size)],
        requests=counted.each("queue"),
        message_bytes=sum(map(len, sent)) / len(events),
        log_bytes=counted.log_bytes / len(events),
    )


def _messages(services: Services) -> list[str]:
    return services.queues.peek_all("receipts")


def _batch(services: Services, kind: work.Kind, spent: dict[str, float]) -> Batch:
    events = work.events(kind)
    counted = counts.counted(services, "ingest", [one.event for one in events])
    return Batch(
        messages=kind.messages,
        per_push=kind.per_push,
        receipts=sum(one.receipts for one in events) / len(events),
        cpu_ms=spent[cpu.event_name(kind)],
        reads=counted.each("BatchGetRow"),
        rows_read=counted.each("BatchGetRow rows"),
        read_units=counted.each("read units"),
        writes=counted.each("BatchWriteRow"),
        rows_written=counted.each("BatchWriteRow rows"),
        write_units=counted.each("write units"),
        sends=counted.each("queue"),
        jobs=sum(one["recordings"] for one in counted.returned) / len(events),
        log_bytes=counted.log_bytes / len(events),
    )


def _job(counted: Counts, cpu_ms: float) -> Job:
    return Job(
        cpu_ms=cpu_ms,
        tablestore=counted.each("tablestore"),
        queue=counted.each("queue"),
        bucket=counted.each("bucket"),
        vendor=counted.each("vendor"),
        log_bytes=counted.log_bytes / len(counted.returned),
    )


def _tables(services: Services) -> list[Table]:
    found = counts.weighed(services.database)
    calls = found["calls"][1]
    return [
        Table(name=name, index=index, rows_per_call=rows / calls, bytes_per_call=size / calls)
        for name, (index, rows, size) in found.items()
    ]
