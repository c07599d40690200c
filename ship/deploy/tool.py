"""Serverless Devs: the commands that are given to it, and how one is run."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ship.deploy.errors import CommandFailed
from ship.deploy.running import Limits, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ship.deploy.built import Layer
    from ship.deploy.target import Target

INSTALL = "install it with `npm install -g @serverless-devs/s@3` (it needs Node.js 14.14 or newer)"
LAYER_NAME = "receipts"
_MAJOR = 3
_VERSION = re.compile(r"@serverless-devs/s: (\d+)\.[\w.-]+")
Command = tuple[str, ...]


def version() -> Command:
    """What is installed here?"""
    return ("s", "-v")


def newest_layer(target: Target) -> Command:
    """The newest version of every layer whose name begins with ours."""
    return (*_layer(target), "list", "--prefix", LAYER_NAME, *_where(target), "-o", "json", "--silent")


def publish_layer(target: Target, layer: Layer) -> Command:
    """A new version, whose description tells later whether the bytes have changed."""
    # Whole, as releases of the component differ in where a relative path begins.
    what = ("--layer-name", LAYER_NAME, "--code", str(layer.path), "--compatible-runtime", target.runtime)
    return (*_layer(target), "publish", *what, "--description", description(layer), *_where(target), "-o", "json")


def deploy(target: Target) -> Command:
    """Every function of the template, with its triggers."""
    return ("s", "deploy", "-t", target.template.name, "-a", target.alias, "-y", "-o", "json")


def info(target: Target) -> Command:
    """Every function as it is there."""
    return ("s", "info", "-t", target.template.name, "-a", target.alias, "-o", "json", "--silent")


def description(layer: Layer) -> str:
    """What a version of the layer says of itself."""
    return f"sha256:{layer.sha256}"


def _layer(target: Target) -> Command:
    return ("s", "cli", target.component, "layer")


def _where(target: Target) -> Command:
    return ("--region", target.region, "-a", target.alias)


class Tool(NamedTuple):
    """Runs its commands.

    Attributes:
        folder: the project's.
        environ: the whole environment that they get.
        question: for commands that only ask.
        work: for those that send files.
        hear: gets what a command writes, line by line.
    """

    folder: Path
    environ: Mapping[str, str]
    question: Limits
    work: Limits
    hear: Callable[[str], None]

    def ask(self, command: Command) -> str:
        """Its output, which is not shown: answers hold every setting. Raises CommandFailed."""
        return run(command, environ=self.environ, folder=self.folder, limits=self.question, hear=lambda _: None)

    def do(self, command: Command) -> str:
        """Its output, shown as it comes but for the result at its end. Raises CommandFailed."""
        return run(command, environ=self.environ, folder=self.folder, limits=self.work, hear=_without_result(self.hear))


def check_version(told: str) -> str:
    """The version in the answer to `version`. Raises CommandFailed."""
    found = _VERSION.search(told)
    if not found:
        raise CommandFailed(f"`s` is not Serverless Devs 3: {INSTALL}")
    if int(found[1]) != _MAJOR:
        raise CommandFailed(f"Serverless Devs {found[1]} is installed, version {_MAJOR} is needed: {INSTALL}")
    return found[0].rpartition(" ")[2]


def result(output: str) -> Any:
    """The result in JSON that stands behind whatever else was written. Raises CommandFailed."""
    decoder = json.JSONDecoder()
    found, end = None, 0
    for line in re.finditer(r"^[\[{]", output, re.MULTILINE):
        if line.start() >= end:
            try:
                found, end = decoder.raw_decode(output, line.start())
            except ValueError:
                continue
    if found is None:
        raise CommandFailed("its answer holds no result in JSON")
    return found


def _without_result(hear: Callable[[str], None]) -> Callable[[str], None]:
    """Leaves out the result, which holds every variable of every function, and whatever else is no line of its own."""

    def pass_on(line: str) -> None:
        if line and not line[0].isspace() and line not in ("{", "}", "[", "]"):
            hear(line)

    return pass_on
