"""The `receipts` command: what an operator does beside deploying."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.text import Text

from ops import problems
from ops.bindings import commands as bindings_commands
from ops.calls import commands as calls_commands
from ops.dead_letters import commands as letters_commands
from ops.doctor import commands as doctor_commands
from ops.gaps.commands import gaps_command
from ops.invoking.commands import invoke_command
from ops.output import printable
from ops.policies.commands import policies_command
from ops.provisioning import commands as provisioning_commands

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Example: receipts dead-letters list --local",
)
app.add_typer(letters_commands.app, name="dead-letters")
app.add_typer(calls_commands.app, name="calls")
app.add_typer(bindings_commands.app, name="bindings")
app.command("provision", epilog="Example: receipts provision --local")(provisioning_commands.provision)
app.command("policies", epilog="Example: receipts policies receive")(policies_command)
app.command("gaps", epilog="Example: receipts gaps --since 7d --picture gaps.html")(gaps_command)
app.command("doctor", epilog="Example: receipts doctor --local")(doctor_commands.doctor)
app.command("invoke", epilog="Example: receipts invoke receive -e events/receive/SecretReport.json")(invoke_command)


@app.callback()
def receipts() -> None:
    """Look after the receipts of privacy numbers."""


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
