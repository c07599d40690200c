"""The steps of a build."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ship.build import requirements, tree
from ship.build.bytecode import compile_tree
from ship.build.check import check_imports
from ship.build.closure import Pins, closure
from ship.build.limits import check_sizes
from ship.build.omissions import left_out_packages
from ship.build.sources import copy_sources
from ship.build.unpack import Shipped, unpack
from ship.build.wheels import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ship.build.runtimes import Runtime

ROOT = Path(__file__).resolve().parents[2]
CONSTRAINTS = ROOT / "constraints.txt"
PACKAGE = ROOT / "shared" / "receipts"
MANIFEST = "manifest.json"
# Where the platform puts a layer's `python` folder and a function's code.
LAYER_THERE, CODE_THERE = "/opt/python", "/code"


class Order(NamedTuple):
    """What is to be built, and where.

    Attributes:
        runtime: the runtime to build for.
        python: an interpreter of its version, or None to do without bytecode.
        functions: the source folder of each function.
        into: the folder of the result, made anew.
        shelf: the folder that keeps wheels from build to build.
    """

    runtime: Runtime
    python: str | None
    functions: Mapping[str, Path]
    into: Path
    shelf: Path


class Built(NamedTuple):
    """What was built: the manifest, what came of each package, and how many bytes of bytecode there are."""

    manifest: dict[str, Any]
    packages: list[Shipped]
    bytecode: int


def build(order: Order, tell: Callable[[str], None]) -> Built:
    """Make layer, functions and manifest; `tell` hears of each step. The manifest comes last, if nothing failed.

    Raises:
        Problem: what to do is in its message.
    """
    runtime, into = order.runtime, order.into
    _clear(into)
    pins = Pins(runtime, requirements.pins(CONSTRAINTS, runtime))
    # With another setuptools, which makes wheels of sources, they are other wheels.
    shelf = Shelf(order.shelf / f"{runtime.name}-{pins.versions['setuptools']}", CONSTRAINTS, runtime, tell)
    wheels = closure(requirements.roots(), pins, shelf.fetch, left_out_packages())
    tell(f"Unpacking {len(wheels)} packages")
    layer = into / "layer" / "python"
    packages = [unpack(name, wheel, layer, runtime.name) for name, wheel in wheels.items()]
    packages.append(Shipped(PACKAGE.name, copy_sources(PACKAGE, layer / PACKAGE.name)))
    functions = {name: into / "functions" / name for name in order.functions}
    for name, folder in functions.items():
        copy_sources(order.functions[name], folder)
    plain = tree.size(layer).bytes
    if order.python:
        tell(f"Compiling for Python {runtime.version}")
        compile_tree(order.python, layer, LAYER_THERE)
        for folder in functions.values():
            compile_tree(order.python, folder, CODE_THERE)
        tell("Importing every function on the layer alone")
        check_imports(order.python, layer, list(functions.values()))
    tree.settle(into)
    layer_size = tree.size(layer)
    return Built(_manifest(order, functions), packages, layer_size.bytes - plain)


def write(order: Order, manifest: Mapping[str, Any]) -> None:
    """Check the sizes, then write the manifest: without it nothing is deployed. Raises Problem."""
    sizes = {name: tree.size(order.into / "functions" / name).bytes for name in order.functions}
    check_sizes(order.runtime.name, manifest["layer"]["bytes"], sizes)
    (order.into / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _manifest(order: Order, functions: Mapping[str, Path]) -> dict[str, Any]:
    layer = order.into / "layer"
    size = tree.size(layer)
    return {
        "runtime": order.runtime.name,
        "layer": {
            "path": _told(layer),
            "sha256": tree.digest(layer),
            "files": size.files,
            "bytes": size.bytes,
            "bytecode": order.python is not None,
        },
        "functions": {
            name: {"path": _told(folder), "sha256": tree.digest(folder)} for name, folder in sorted(functions.items())
        },
    }


def _told(path: Path) -> str:
    """A path as the manifest has it: from the project's folder on, if it lies there."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def _clear(into: Path) -> None:
    # The manifest first: what is half there must not look whole.
    (into / MANIFEST).unlink(missing_ok=True)
    for part in ("layer", "functions"):
        shutil.rmtree(into / part, ignore_errors=True)
    into.mkdir(parents=True, exist_ok=True)
