"""`receipts provision`. The SDKs are loaded by the command that needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ops import options, output
from ops.settings import OpsSettings, environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.provisioning.steps import Step

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be made or put right, and change nothing.")]


def provision(*, dry_run: DryRun = False, as_json: options.Json = False, local: options.Local = False) -> None:
    """Make the tables, indexes, queues and the bucket that are not there yet. Safe to run again.

    A queue that would lose messages or double work is put right. Whatever else differs is told, not touched.
    """
    from ops.provisioning import provision as provisioning

    settings = OpsSettings.read(environment(local=local))
    if as_json:
        # A line as soon as something is done: if it is broken off, one sees what was.
        stays = False
        for step in provisioning.provision(settings, dry=dry_run):
            output.json_line({"what": step.kind, "name": step.name, "state": step.state, "advice": step.advice})
            stays |= step.stays
    else:
        with output.aside().status("Looking at the services ..."):
            steps = list(provisioning.provision(settings, dry=dry_run))
        _show(steps)
        stays = any(step.stays for step in steps)
    if stays:
        raise typer.Exit(1)


def _show(steps: Sequence[Step]) -> None:
    from ops.provisioning.steps import DIFFERENT, THERE

    colours = {THERE: "dim", DIFFERENT: "red"}
    to = output.console()
    table = output.table("what", "name", "state")
    for step in steps:
        told = output.text(step.state, colours.get(step.state, "green"))
        if step.advice:
            told.append("\n" if to.width < output.WIDE else " ").append_text(output.text(step.advice))
        table.add_row(step.kind, output.text(step.name), told)
    to.print(table)
