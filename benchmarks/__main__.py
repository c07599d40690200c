"""Measures every budget, prints a table, writes `docs/benchmarks.md`; fails when a budget does not hold.

`python -m benchmarks B2 B3` measures only these and leaves the page as it is; `--receipts 100000` lets B6 store fewer
than a million. `docs/cost.md` is written whenever B7 is measured.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks import archive, cold_receive, ingest, machine, page, poll, table, warm_receive
from benchmarks.cost import measure as cost
from benchmarks.million import measure as million

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.status import Status

    from benchmarks.budget import Measured

    Say = Callable[[str], None]
    Budgets = Callable[[int], dict[str, Callable[[Say], Iterator[Measured]]]]


def measurements(receipts: int) -> dict[str, Callable[[Say], Iterator[Measured]]]:
    """How each budget is measured; what takes minutes says how far it is. B6's long run stores so many receipts."""
    # A further budget is a module with `measure` and a line here.
    return {
        "B1": lambda _: cold_receive.measure(),
        "B2": lambda _: warm_receive.measure(),
        "B3": lambda _: ingest.measure(),
        "B4": lambda _: poll.measure(),
        "B5": lambda _: archive.measure(),
        "B6": partial(million.measure, receipts),
        "B7": cost.measure,
    }


def main(words: list[str], budgets: Budgets = measurements, path: Path = page.PATH) -> int:
    """Measure what is named, or everything, and write the page to `path` if it is everything.

    Returns:
        1 if a budget does not hold, 2 if a name is not known.
    """
    console, asked = Console(), _asked(words)
    known = budgets(asked.receipts)
    unknown = sorted(set(asked.names) - set(known))
    if unknown:
        console.print(f"no such budget: {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    measured: list[Measured] = []
    for name, measure in known.items():
        if not asked.names or name in asked.names:
            with console.status(f"measuring {name} ...") as status:
                measured += measure(partial(_say, console, status, name))
    console.print(table.of(measured))
    if not asked.names and asked.receipts == million.MILLION:
        path.write_text(page.of(measured, machine.described()), encoding="utf-8")
        console.print(f"written: docs/{path.name}")
    broken = [one.budget.name for one in measured if not one.held]
    if broken:
        console.print(f"[bold red]does not hold: {', '.join(broken)}[/]")
    return 1 if broken else 0


def _asked(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measures the budgets.")
    parser.add_argument("names", nargs="*", metavar="B1", help="only these")
    parser.add_argument("--receipts", type=int, default=million.MILLION, help="that B6's long run stores")
    return parser.parse_args(words)


def _say(console: Console, status: Status, name: str, how_far: str) -> None:
    """On a terminal the line changes; in a file there is one for each."""
    if console.is_terminal:
        status.update(f"measuring {name}: {how_far} ...")
    else:
        console.print(f"{name}: {how_far}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
