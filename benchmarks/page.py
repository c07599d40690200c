"""The page `docs/benchmarks.md`."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.budget import Measured

PATH = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
OPENING = """\
# Benchmarks

Written by `make bench`; do not edit. Figures are CPU time where a section does not say otherwise, and promises are
ratios of two things that were measured in the same run, in turn: seconds of one machine say little about another,
ratios say more. The vendor's services are the loopback ones, in a process of their own whose CPU is not counted.

To measure again: `make bench` (some 20 minutes, most of them for the million receipts of B6; quiet machine
preferred). Some budgets only, with fewer receipts: `make bench ONLY="B2 B6" SIZE=100000`. The command fails when a
budget does not hold. B7 writes [cost.md](cost.md) as well.

What cannot be told by a clock is guarded in every test run (`tests/budgets/`): which modules a cold start loads, how
often a push, a batch or a recording goes out to a service, how often a receipt is parsed, how much of a recording is
held at once, how many objects and connections `ingest` holds after thousands of receipts.
"""


def of(measured: Sequence[Measured], machine: Mapping[str, str]) -> str:
    """The page's text."""
    parts = [OPENING, _machine(machine), _summary(measured), *map(_section, measured)]
    return "\n".join(parts)


def _machine(machine: Mapping[str, str]) -> str:
    rows = [f"| {name} | {value} |" for name, value in machine.items()]
    return "\n".join(["## Measured on", "", "| | |", "|---|---|", *rows, ""])


def _summary(measured: Sequence[Measured]) -> str:
    rows = [
        f"| {budget.name} | {budget.told(one.ratio)} | {budget.promise} | {'yes' if one.held else '**no**'} |"
        for budget, one in ((one.budget, one) for one in measured)
    ]
    return "\n".join(["## Budgets", "", "| | measured | promised | held |", "|---|---|---|---|", *rows, ""])


def _section(one: Measured) -> str:
    rows = [f"| {name} | {value} |" for name, value in one.figures]
    return "\n".join(
        [
            f"## {one.budget.name}",
            "",
            f"Measured: {one.budget.ours}.  ",
            f"Against: {one.budget.floor}.",
            "",
            "| | |",
            "|---|---|",
            *rows,
            "",
            textwrap.fill(one.how, 119, break_on_hyphens=False),
            "",
        ]
    )
