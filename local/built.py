"""What `make build` has built, to be run here instead of the sources: `make up BUILT=1`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from ops.problems import Problem
from ship.build.building import MANIFEST
from ship.build.check import ALONE
from ship.build.interpreters import interpreter
from ship.build.runtimes import runtime
from template.variables import CODE_FOLDER, RUNTIME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Built(NamedTuple):
    """A build, as `local.stack.Stack` takes it.

    Attributes:
        layer: what is `/opt/python` on the platform.
        python: an interpreter of the runtime's version that sees nothing but its standard library, the function and
            the layer.
        environment: where `template.yml` finds the functions' code, and their runtime.
    """

    layer: Path
    python: tuple[str, ...]
    environment: Mapping[str, str]


def built(folder: Path, named: str, environ: Mapping[str, str]) -> Built:
    """The build in `folder`; `named` may name an interpreter. Raises Problem if either is missing."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise Problem(f"there is no {manifest}: run `make build` first")
    target = runtime(json.loads(manifest.read_text("utf-8"))["runtime"])
    python = interpreter(target.version, named, environ)
    if python is None:
        raise Problem(
            f"no Python {target.version} was found to run it with: name one, PYTHON=/path/to/python{target.version}"
        )
    settings = {CODE_FOLDER: str(folder / "functions"), RUNTIME: target.name}
    return Built(folder / "layer" / "python", (python, *ALONE), settings)
