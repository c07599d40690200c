"""Compiles what ships, so that no cold start has to."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from ops.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path


def compile_tree(python: str, folder: Path, there: str) -> None:
    """Write `__pycache__` beside every module below `folder`.

    Unchecked by hash: the interpreter takes the bytecode as it is and looks at no time stamp, which unpacking a layer
    may change. Nothing of this machine is in it. One process, in order, with hashes that are not random: sets of
    constants and shared strings would otherwise be written in another order each time.

    Args:
        python: an interpreter of the runtime's version.
        folder: what to compile.
        there: where that folder is on the platform, `/opt/python`; tracebacks name it.

    Raises:
        Problem: a module cannot be compiled.
    """
    arguments = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", there, str(folder)]
    result = subprocess.run(
        [python, "-S", "-s", "-W", "ignore", "-m", "compileall", *arguments],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env={"PYTHONHASHSEED": "0"},
    )
    if result.returncode:
        raise Problem(f"{python} cannot compile {folder}: {(result.stdout + result.stderr).strip()}")
