"""The `receipts` command: what an operator does beside deploying."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops import options, problems
from ops.bindings import commands as bindings_commands
from ops.calls import commands as calls_commands
from ops.dead_letters import commands as letters_commands
from ops.output import printable
from ops.settings import OpsSettings, environment
from ops.steps import DIFFERENT, MADE

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Example: receipts dead-letters list --local",
)
app.add_typer(letters_commands.app, name="dead-letters")
app.add_typer(calls_commands.app, name="calls")
app.add_typer(bindings_commands.app, name="bindings")
console = Console()


@app.callback()
def receipts() -> None:
    """Look after the receipts of privacy numbers."""


@app.command("provision", epilog="Example: receipts provision --local")
def provision_command(*, local: options.Local = False) -> None:
    """Make the tables, indexes, queues and the bucket that are not there yet. Safe to run again."""
    from ops.provision import provision

    table = Table("what", "name", "state", box=None, header_style="bold")
    different = 0
    with console.status("Looking at the services ..."):
        for step in provision(OpsSettings.read(environment(local=local))):
            colour = {MADE: "green", DIFFERENT: "red"}.get(step.state, "dim")
            table.add_row(step.kind, step.name, f"[{colour}]{step.state}[/] {step.advice}")
            different += step.state == DIFFERENT
    console.print(table)
    if different:
        raise typer.Exit(1)


def main() -> None:
    """Run the command; an error that was foreseen is one line, not a traceback."""
    try:
        app()
    except Exception as error:
        told = problems.told(error)
        if told is None:
            raise
        _stop(told)


def _stop(message: str) -> None:
    # What a service said is no markup.
    Console(stderr=True, highlight=False).print("[red]receipts:[/]", Text(printable(message)), soft_wrap=True)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
