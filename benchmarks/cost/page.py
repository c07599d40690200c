"""The tables of `docs/cost.md`: what stands between the marks is written here, the words around them by hand."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cost import factors, limits, model, picture, work
from benchmarks.cost.assumptions import Assumptions
from benchmarks.cost.billing import yuan
from benchmarks.cost.model import Given
from benchmarks.cost.sizes import deployed
from benchmarks.cost.volumes import month

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from benchmarks.cost.measured import Measurements
    from benchmarks.cost.sizes import Deployed
    from benchmarks.cost.volumes import Month

PATH = Path(__file__).resolve().parents[2] / "docs" / "cost.md"
PICTURE = PATH.with_name("cost.svg")
VOLUMES = {"10 thousand": 10_000, "1 million": 1_000_000, "100 million": 100_000_000}
_BLOCK = re.compile(r"(<!-- (\w+): written by make bench -->\n).*?(<!-- end -->)", re.DOTALL)


def write(measured: Measurements) -> None:
    """Write the tables and the picture anew."""
    given = Given(measured, Assumptions(), deployed())
    PATH.write_text(filled(PATH.read_text(encoding="utf-8"), given), encoding="utf-8")
    PICTURE.write_text(drawn(given), encoding="utf-8")


def filled(text: str, given: Given) -> str:
    """The page with every table as the model has it now."""
    tables = blocks(given)
    return _BLOCK.sub(lambda found: f"{found[1]}\n{tables[found[2]]}\n\n{found[3]}", text)


def marks(text: str) -> list[str]:
    """The names of the tables that have a place in the text."""
    return [name for _, name, _ in _BLOCK.findall(text)]


def drawn(given: Given) -> str:
    """The picture."""
    return picture.of([month(calls, given) for calls in VOLUMES.values()])


def blocks(given: Given) -> dict[str, str]:
    """Every table by the name of its mark."""
    months = [month(calls, given) for calls in VOLUMES.values()]
    return {
        "prices": _prices(),
        "assumptions": _assumptions(given.assumed),
        "measured": _measured(given.measured),
        "sizes": _sizes(given.functions),
        "month": _month(months, model.polling(given)),
        "pushes": _pushes(given),
        "instances": _instances(months, given.functions),
        "services": _services(months, given.measured),
        "limits": _limits(months, given.functions),
    }


def _prices() -> str:
    rows = [
        ("10,000 invocations", f"{factors.UNITS_PER_10000_INVOCATIONS}"),
        ("a second of a vCPU at work", f"{factors.UNITS_PER_VCPU_SECOND:g}"),
        ("a second of a vCPU of a warm instance without work", f"{factors.UNITS_PER_IDLE_VCPU_SECOND:g}"),
        ("a second of a GB of memory", f"{factors.UNITS_PER_GB_SECOND:g}"),
        ("a second of a GB of disk", f"{factors.UNITS_PER_DISK_GB_SECOND:g}"),
    ]
    below, tiers = 0, []
    for tier in factors.TIERS:
        bounds = f"above {amount(below)}" if tier.up_to is None else f"{amount(below)} to {amount(tier.up_to)}"
        tiers.append((f"{bounds} CU in a month", f"¥ {tier.yuan_per_unit:.6f}"))
        below = tier.up_to or 0
    source = f"Source: {factors.SOURCE}; read in {factors.READ}."
    return "\n\n".join((table(("what", "CU"), rows), table(("list price, China", "a CU"), tiers), source))


def _assumptions(assumed: Assumptions) -> str:
    rows = [(f"`{one.name}`", f"{getattr(assumed, one.name):g}", one.metadata["meaning"]) for one in fields(assumed)]
    return table(("name", "value", "meaning"), rows)


def _measured(measured: Measurements) -> str:
    rows = [
        (f"`receive`, a push of {one.receipts}", ms(one.cpu_ms), f"{one.requests:.0f}", f"{one.log_bytes:.0f} B")
        for one in measured.pushes
    ]
    rows += [
        (
            f"`ingest`, {one.messages} x {one.per_push or '1 to 8'}: {one.receipts:,.0f} receipts",
            ms(one.cpu_ms),
            f"{one.reads + one.writes + one.sends:.1f}",
            f"{one.log_bytes:.0f} B",
        )
        for one in measured.batches
    ]
    jobs = {
        "`archive`, 1 MB": measured.archive,
        "`sweep`, nothing to do": measured.sweep,
        "`poll`, no queue named": measured.poll,
    }
    rows += [(name, ms(job.cpu_ms), f"{job.requests:.0f}", f"{job.log_bytes:.0f} B") for name, job in jobs.items()]
    rows += [
        ("`archive`, each further MB", ms(measured.archive_cpu_ms_per_mb), "", ""),
        ("one receipt, one PutRow", ms(measured.naive_cpu_ms), "1", ""),
    ]
    machine = "; ".join(f"{name}: {value}" for name, value in measured.machine.items())
    return table(("one", "CPU", "requests", "log"), rows) + f"\n\n{machine}."


def _sizes(functions: Mapping[str, Deployed]) -> str:
    rows = [
        (
            f"`{name}`",
            f"{one.size.vcpu:g}",
            f"{one.size.memory_gb:g} GB",
            f"{one.size.disk_gb:g} GB",
            str(one.warm),
            str(one.most or ""),
            f"{one.window[0]} messages or {one.window[1]:g} s" if one.window and one.window[0] > 1 else "",
        )
        for name, one in functions.items()
    ]
    return table(("function", "vCPU", "memory", "disk", "warm", "at most", "batch"), rows)


def _month(months: Sequence[Month], polling: tuple[float, float]) -> str:
    rows: list[Sequence[str]] = [
        (f"`{name}`", *(amount(one.work[name].units()) for one in months)) for name in months[0].work
    ]
    rows += [(name, *(amount(one.fixed[name][0]) for one in months)) for name in months[0].fixed]
    rows += [
        ("**together, CU**", *(f"**{amount(one.units())}**" for one in months)),
        ("with the disk charged, CU", *(amount(one.units(disk=True)) for one in months)),
        ("**list price**", *(f"**¥ {yuan(one.units()):,.0f}**" for one in months)),
        ("with the disk charged", *(f"¥ {yuan(one.units(disk=True)):,.0f}" for one in months)),
        (
            "list price of a million calls",
            *(f"¥ {yuan(one.units()) / (one.calls * one.days) * 1e6:,.2f}" for one in months),
        ),
    ]
    pulled = f"`poll` with queues named adds {amount(polling[0])} CU a month ({amount(polling[1])} with the disk)."
    return table(("a month at … calls a day", *VOLUMES), rows) + f"\n\n{pulled}"


def _pushes(given: Given) -> str:
    naive = model.naive_units(given)
    ours = {size: model.units_of_receipts(given, size) for size in (*work.PUSHES, work.MIXED)}
    rows = [
        (f"{size or '1 to 8'}", amount(one), f"¥ {yuan(one):.2f}", f"{one / naive:.2f} x") for size, one in ours.items()
    ]
    pulled = model.pulled_units(given)
    rows.append(("1, pulled by `poll`", amount(pulled), f"¥ {yuan(pulled):.2f}", f"{pulled / naive:.2f} x"))
    rows.append(("one invocation and one PutRow for each receipt", amount(naive), f"¥ {yuan(naive):.2f}", "1"))
    return table(("receipts in a push", "CU for a million receipts", "list price", "of the single ones"), rows)


def _instances(months: Sequence[Month], functions: Mapping[str, Deployed]) -> str:
    rows = []
    for name in months[0].work:
        most = functions[name].most
        rows.append(
            (
                f"`{name}`",
                f"{months[0].work[name].seconds * 1000:,.0f} to {months[-1].work[name].seconds * 1000:,.0f} ms",
                *(few(one.work[name].at_once) for one in months),
                str(most or "the region's"),
            )
        )
    return table(("at the peak", "billed for one", *VOLUMES, "allowed"), rows)


def _services(months: Sequence[Month], measured: Measurements) -> str:
    counted: dict[str, Callable[[Month], float]] = {
        "MNS: messages sent; as many received, and deleted": lambda one: one.requests.sent,
        "MNS: messages sent, received, deleted in the busiest second": lambda one: one.queue_per_second,
        "TableStore: BatchGetRow requests": lambda one: one.requests.reads,
        "TableStore: rows read": lambda one: one.requests.rows_read,
        "TableStore: read capacity units": lambda one: one.requests.read_units,
        "TableStore: BatchWriteRow requests": lambda one: one.requests.writes,
        "TableStore: rows written, without indexes": lambda one: one.requests.rows_written,
        "TableStore: write capacity units, without indexes": lambda one: one.requests.write_units,
        "TableStore: rows written in the busiest second": lambda one: one.rows_per_second,
        "TableStore: GB added, indexes included": lambda one: one.tables_gb,
        "OSS: requests": lambda one: one.requests.objects,
        "OSS: GB of recordings added": lambda one: one.recordings_gb,
        "vendor: links and files asked for": lambda one: one.requests.links,
        "log service: lines": lambda one: one.requests.log_lines,
        "log service: GB": lambda one: one.log_gb,
    }
    month_ = table(
        ("a month at … calls a day", *VOLUMES),
        [(name, *(few(get(one)) for one in months)) for name, get in counted.items()],
    )
    kept = table(
        ("table or index", "rows of a call", "bytes of a call"),
        [
            (f"`{one.name}`" + " (index)" * one.index, f"{one.rows_per_call:.2f}", f"{one.bytes_per_call:,.0f}")
            for one in sorted(measured.tables, key=lambda one: -one.bytes_per_call)
        ],
    )
    return f"{month_}\n\n{kept}"


def _limits(months: Sequence[Month], functions: Mapping[str, Deployed]) -> str:
    rows = [
        (
            limit.name,
            f"{limit.value:,.0f}",
            *(few(limit.used(one)) for one in months),
            few(limits.reached(limit, months[-1])),
        )
        for limit in limits.of(functions)
    ]
    return table(("at the peak", "limit", *VOLUMES, "reached at … calls a day"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def amount(number: float) -> str:
    """A large number as it is read."""
    for unit, name in ((1e9, " G"), (1e6, " M")):
        if abs(number) >= unit:
            return f"{number / unit:,.4g}{name}" if number / unit < 1000 else f"{number / unit:,.0f}{name}"
    return f"{number:,.0f}"


def few(number: float) -> str:
    """A number that may be small, or without an end: two places below ten."""
    if math.isinf(number):
        return "never"
    return f"{number:.2g}" if number < 10 else amount(number)


def ms(milliseconds: float) -> str:
    """CPU time."""
    return f"{milliseconds:.2f} ms"
