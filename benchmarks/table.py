"""The table that `make bench` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.budget import Measured


def of(measured: Iterable[Measured]) -> Table:
    """One row per budget."""
    table = Table("budget", "ratio", "promise", "held", "figures", "against", show_lines=True)
    for one in measured:
        table.add_row(
            one.budget.name,
            one.budget.told(one.ratio),
            one.budget.promise,
            "[green]yes[/]" if one.held else "[bold red]NO[/]",
            "\n".join(f"{name}: {value}" for name, value in one.figures),
            one.budget.floor,
        )
    return table
