"""The same steps, told and not taken: what would be checked, with which result, and the very commands."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from ops.output import printable
from ship.deploy import steps as titles
from ship.deploy import tool as commands
from ship.deploy.addresses import addresses
from ship.deploy.at_hand import at_hand, with_keys
from ship.deploy.built import CODE, Layer, read_built
from ship.deploy.checks import problems
from ship.deploy.errors import DeployError
from ship.deploy.showing import show_addresses
from template.variables import CODE_FOLDER, LAYER_ARN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from ship.deploy.at_hand import AtHand
    from ship.deploy.built import Built
    from ship.deploy.target import Target
    from ship.deploy.tool import Command

_MB = 1_000_000
# In the command that would publish it.
NOT_BUILT = Layer(Path("build/layer"), "<of what is built>", 0, 0)


def show_plan(target: Target, root: Path, environ: Mapping[str, str], to: Console) -> None:
    """Print it. Nothing is run, nothing is sent; what is missing is told, a build too, and does not end it."""
    to.print(f"[bold]The plan[/] for {len(target.functions)} functions in {target.region}. Nothing is sent.")
    found = at_hand(target, environ)
    built, unbuilt = _built(root)
    lacking = [*unbuilt, *problems(target, built), *found.problems]
    target = with_keys(target, found.keys)
    _checked(target, lacking, to)
    _tool(found, to)
    _layer(target, built, to)
    _functions(target, built, environ, to)
    _title(to, titles.ADDRESSES)
    _command(to, commands.info(target))
    urls = {name: f"https://<{name} URL>" for name in target.http_functions()}
    show_addresses(addresses(target, urls, reveal=False), to)
    to.print()
    if lacking:
        to.print(
            f"[bold]Missing or wrong: {len(lacking)}.[/] `make deploy` would stop at them, before anything is sent."
        )
    else:
        to.print("[bold]Nothing is missing.[/] `make deploy` does it.")


def _built(root: Path) -> tuple[Built | None, list[str]]:
    try:
        return read_built(root), []
    except DeployError as error:
        return None, [str(error)]


def _checked(target: Target, lacking: list[str], to: Console) -> None:
    _title(to, titles.CHECK)
    for line in lacking:
        to.print(Text(f"    ✗ {printable(line)}", style="red"), soft_wrap=True)
    to.print(f"    {len(target.values)} variables of template.yml, and the settings of each function as it reads them")


def _tool(found: AtHand, to: Console) -> None:
    _title(to, titles.TOOL)
    if found.keys:
        to.print(Text(f"    keys: {found.keys.where}"))
    _command(to, commands.version())


def _layer(target: Target, built: Built | None, to: Console) -> None:
    _title(to, titles.LAYER)
    if target.pinned_layer:
        to.print(Text(f"    not published: {LAYER_ARN} names {target.pinned_layer}"))
        return
    layer = built.layer if built else NOT_BUILT
    size = "not built yet"
    if built:
        size = f"{layer.files} files, {layer.bytes / _MB:.1f} MB, {built.runtime}, sha256 {layer.sha256[:12]}…"
    to.print(Text(f"    build/layer: {size}"))
    _command(to, commands.newest_layer(target))
    to.print("    and unless the newest version says that it holds these bytes:")
    _command(to, commands.publish_layer(target, layer))


def _functions(target: Target, built: Built | None, environ: Mapping[str, str], to: Console) -> None:
    _title(to, titles.FUNCTIONS)
    for function in target.functions:
        digest = f"sha256 {built.functions.get(function.name, '?')[:12]}…" if built else "not built yet"
        kinds = ", ".join(type(each).__name__.removesuffix("Trigger").lower() for each in function.triggers)
        to.print(Text(f"    {function.deployed_name}: {CODE}/{function.name}, {digest}, trigger: {kinds}"))
    named = f"{CODE_FOLDER}={CODE} {LAYER_ARN}={target.pinned_layer or '<as above>'}"
    to.print(Text(f"    with {named} and"))
    others = [name for name in target.values if name not in (CODE_FOLDER, LAYER_ARN)]
    for what, which in (
        ("from the environment", [name for name in others if environ.get(name)]),
        ("missing", [name for name in others if name in target.unset]),
        ("by default", [name for name in others if not environ.get(name) and name not in target.unset]),
    ):
        if which:
            to.print(Text(f"    {what}: {' '.join(which)}"), soft_wrap=True)
    _command(to, commands.deploy(target))


def _title(to: Console, title: str) -> None:
    to.print(f"\n[bold]{titles.ALL.index(title) + 1}/{len(titles.ALL)} {title}[/]")


def _command(to: Console, command: Command) -> None:
    to.print(Text(f"    $ {shlex.join(command)}", style="cyan"), soft_wrap=True)
