"""`make build`: what is deployed, from the sources and the pinned packages."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ops import problems
from ops.output import aside, console, text
from ship.build.building import ROOT, Order, build, write
from ship.build.interpreters import interpreter
from ship.build.plan import plan
from ship.build.runtimes import runtime
from ship.build.showing import show
from template.reading import TEMPLATE

_NO_PYTHON = (
    "no Python {version} was found here to compile with, so nothing was tried out, and every cold start compiles anew, "
    "which takes two to three times as long. Install it (`pyenv install {version}`), or name one: "
    "make build PYTHON=/path/to/python{version}"
)


def main(arguments: list[str]) -> int:
    """Build and show; 1 if it cannot be built or has grown too large."""
    asked = _parser().parse_args(arguments)
    out, err = console(), aside()
    try:
        wanted = plan(TEMPLATE, os.environ)
        target = runtime(asked.runtime or wanted.runtime)
        python = interpreter(target.version, asked.python, os.environ)
        shelf = Path(os.environ.get("RECEIPTS_LOCAL") or ROOT / ".local") / "wheels"
        order = Order(target, python, wanted.functions, asked.into.resolve(), shelf)
        err.print(f"Building for {target.name}")
        built = build(order, lambda step: err.print("[dim]..[/]", step, soft_wrap=True))
        show(out, built)
        write(order, built.manifest)
    except problems.Problem as problem:
        err.print("[red]make build:[/]", text(problem), soft_wrap=True)
        return 1
    if python is None:
        err.print("[bold yellow]No bytecode:[/]", _NO_PYTHON.format(version=target.version), soft_wrap=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make build", description=__doc__)
    parser.add_argument("--runtime", default="", help="the runtime to build for; empty: the one of template.yml")
    parser.add_argument("--python", default="", help="an interpreter of its version; empty: looked for")
    parser.add_argument("--into", type=Path, default=ROOT / "build", help="where to build")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
