"""`make deploy` and `make addresses`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from ops.output import aside, console, printable
from receipts.errors import ReceiptsError
from ship.deploy import steps as titles
from ship.deploy.at_hand import at_hand, with_keys
from ship.deploy.built import read_built
from ship.deploy.deploy import ask_addresses, deploy
from ship.deploy.errors import Unfit
from ship.deploy.plan import show_plan
from ship.deploy.running import Limits
from ship.deploy.secrets import Masks
from ship.deploy.settings import QUESTION_SECONDS, timeout_seconds
from ship.deploy.showing import addresses_json, show_addresses
from ship.deploy.steps import Steps
from ship.deploy.target import environment, read_target
from ship.deploy.tool import Tool
from template.magic import TemplateError

if TYPE_CHECKING:
    from ship.deploy.addresses import Addresses

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Reveal = Annotated[bool, typer.Option("--reveal", help="Show the token in the addresses.")]
Json = Annotated[bool, typer.Option("--json", help="The addresses as one JSON object, for machines.")]


@app.command("deploy")
def deploy_command(
    *,
    dry: Annotated[bool, typer.Option("--dry", help="Only show the plan: nothing is run, nothing is sent.")] = False,
    reveal: Reveal = False,
    as_json: Json = False,
) -> None:
    """Publish the layer if it has changed, deploy the functions, and print the addresses for the vendors."""
    environ = dict(os.environ)
    target = read_target(Path.cwd(), environ)
    if dry:
        show_plan(target, Path.cwd(), environ, console())
        return
    built = read_built(Path.cwd())
    steps = Steps(aside(), Masks(environ))
    _show(deploy(target, built, _tool(environ, steps), steps, reveal=reveal), as_json=as_json)


@app.command("addresses")
def addresses_command(*, reveal: Reveal = False, as_json: Json = False) -> None:
    """Print the addresses of functions that are deployed."""
    environ = dict(os.environ)
    steps = Steps(aside(), Masks(environ), (titles.ADDRESSES,))
    with steps.step(titles.ADDRESSES):
        target = read_target(Path.cwd(), environ)
        here = at_hand(target, environ)
        if here.problems:
            raise Unfit(here.problems)
        target = with_keys(target, here.keys)
        tool = _tool(environment(target, environ, target.pinned_layer or ""), steps)
        found = ask_addresses(target, tool, reveal=reveal)
    _show(found, as_json=as_json)


def _tool(environ: dict[str, str], steps: Steps) -> Tool:
    work = Limits(timeout_seconds(environ))
    return Tool(Path.cwd(), environ, Limits(QUESTION_SECONDS), work, steps.hear)


def _show(found: Addresses, *, as_json: bool) -> None:
    if as_json:
        print(addresses_json(found))
    else:
        show_addresses(found, console())


def main() -> None:
    """Run a command; an error that was foreseen is a line per problem, not a traceback."""
    try:
        app()
    except Unfit as error:
        _stop(error.problems)
    except (ReceiptsError, TemplateError) as error:
        _stop([str(error)])


def _stop(lines: list[str]) -> None:
    masks = Masks(os.environ)
    for line in lines:
        aside().print("[red]deploy:[/]", Text(printable(masks.masked(line))), soft_wrap=True)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
