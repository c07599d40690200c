"""The steps of a deployment, told while they are taken; one that fails says what was done before it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from rich.markup import escape

from ops.output import printable
from ship.deploy.errors import CommandFailed, DeployError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from ship.deploy.secrets import Masks

CHECK = "Check the settings"
TOOL = "Ask Serverless Devs for its version"
LAYER = "Publish the layer, if it has changed"
FUNCTIONS = "Deploy the functions"
ADDRESSES = "Ask for the addresses"
ALL = (CHECK, TOOL, LAYER, FUNCTIONS, ADDRESSES)


class Steps:
    """Tells of each step, and hides secrets in whatever it tells.

    Args:
        console: where progress goes.
        masks: what is hidden.
        titles: of the steps that are to come.
    """

    def __init__(self, console: Console, masks: Masks, titles: tuple[str, ...] = ALL) -> None:
        self._console = console
        self._masks = masks
        self._titles = titles
        self._done: list[str] = []

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Take a step. Raises DeployError with its number and what was done so far, if it fails."""
        place = f"{self._titles.index(title) + 1}/{len(self._titles)}"
        self._console.print(f"[bold]{place} {title}[/]")
        try:
            yield
        except (CommandFailed, KeyboardInterrupt) as error:
            done = "; ".join(self._done) or "nothing was changed"
            reason = printable(self._masks.masked(str(error))) or "stopped from the keyboard"
            raise DeployError(
                f"step {place} ({title.lower()}): {reason}. So far: {done}. Mend it and run the command again"
            ) from None

    def begin(self, what: str) -> None:
        """What may be so if the step fails from here on."""
        self._done.append(what)

    def done(self, what: str) -> None:
        """Say what has come of what began; it is said again if a later step fails."""
        self._done[-1] = what
        self.hear(what, "green")

    def hear(self, line: str, style: str = "dim") -> None:
        """A line on the way."""
        text = escape(printable(self._masks.masked(line)))
        self._console.print(f"    [{style}]{text}[/]", soft_wrap=True)
