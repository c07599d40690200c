"""Measures every budget, prints a table, writes `docs/benchmarks.md`; fails when a budget does not hold.

`python -m benchmarks B2 B3` measures only these and leaves the page as it is.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks import archive, cold_receive, ingest, machine, page, poll, table, warm_receive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.budget import Measured

# A further budget is a module with `measure` and a line here.
MEASUREMENTS: dict[str, Callable[[], Iterator[Measured]]] = {
    "B1": cold_receive.measure,
    "B2": warm_receive.measure,
    "B3": ingest.measure,
    "B4": poll.measure,
    "B5": archive.measure,
}


def main(names: list[str]) -> int:
    """Measure what is named, or everything; 1 if a budget does not hold, 2 if a name is not known."""
    console = Console()
    unknown = sorted(set(names) - set(MEASUREMENTS))
    if unknown:
        console.print(f"no such budget: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
        return 2
    measured: list[Measured] = []
    for name, measure in MEASUREMENTS.items():
        if not names or name in names:
            with console.status(f"measuring {name} ..."):
                measured += measure()
    console.print(table.of(measured))
    if not names:
        page.PATH.write_text(page.of(measured, machine.described()), encoding="utf-8")
        console.print(f"written: docs/{page.PATH.name}")
    broken = [one.budget.name for one in measured if not one.held]
    if broken:
        console.print(f"[bold red]does not hold: {', '.join(broken)}[/]")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
