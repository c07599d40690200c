"""Imports everything of ours on the built layer alone, as the runtime would, before anything is deployed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from ops.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

# Neither site-packages nor variables nor the current folder: the standard library, the layer, the function's folder.
ALONE = ("-I", "-S", "-B")
_PROGRAM = """
import importlib, pkgutil, sys
layer, *functions = sys.argv[1:]
plain = list(sys.path)
for folder in functions:
    sys.path[:] = [folder, layer, *plain]
    sys.modules.pop("index", None)
    importlib.import_module("index")
import receipts
for module in pkgutil.walk_packages(receipts.__path__, "receipts."):
    importlib.import_module(module.name)
"""


def check_imports(python: str, layer: Path, functions: list[Path]) -> None:
    """Import every function, and every module of the package. Raises Problem with what is missing."""
    result = subprocess.run(
        [python, *ALONE, "-W", "ignore", "-c", _PROGRAM, str(layer), *map(str, functions)],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if result.returncode:
        last = (result.stderr.strip().splitlines() or ["no word"])[-1]
        raise Problem(f"the functions do not start on the built layer: {last}. Look at ship/build/omissions.py")
