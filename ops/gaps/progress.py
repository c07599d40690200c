"""Shows on standard error how far it is, as long as somebody is looking."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from ops import output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Progress:
    """A bar per step."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars

    def step(self, name: str, total: int | None = None) -> Callable[[], None]:
        """Begin a step; what is returned moves it on by one. `total`: how often, if it is known."""
        task = self._bars.add_task(name, total=total)
        return lambda: self._bars.advance(task)


@contextmanager
def shown() -> Iterator[Progress]:
    """Nothing is shown where standard error is no terminal, and nothing is left over at the end."""
    to = output.aside()
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Bars(*columns, TimeElapsedColumn(), console=to, transient=True, disable=not to.is_terminal) as bars:
        yield Progress(bars)
