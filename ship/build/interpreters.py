"""Finds a Python of the runtime's version on this machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ops.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def interpreter(version: str, named: str, environ: Mapping[str, str]) -> str | None:
    """The path of a Python of that minor version, or None if there is none.

    Looked for in this order: the Python that runs this, `python<version>` on the PATH, pyenv's folder of versions.

    Args:
        version: such as `3.12`.
        named: one that the user has named; empty for none.
        environ: PATH and PYENV_ROOT.

    Raises:
        Problem: `named` cannot be run or is of another version.
    """
    if named:
        found = shutil.which(named, path=environ.get("PATH"))
        told = found and _version(found)
        if not found or told != version:
            said = f"is Python {told}" if told else "cannot be run"
            raise Problem(f"PYTHON={named} {said}, and Python {version} is needed: name another, or none")
        return found
    return next((each for each in _candidates(version, environ) if _version(each) == version), None)


def _candidates(version: str, environ: Mapping[str, str]) -> Iterator[str]:
    yield sys.executable
    if on_path := shutil.which(f"python{version}", path=environ.get("PATH")):
        yield on_path
    pyenv = Path(environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    there = (pyenv / "versions").glob(f"{version}.*/bin/python")
    # The newest patch first: 3.12.10 before 3.12.9.
    yield from map(str, sorted(there, key=lambda path: _numbers(path.parts[-3]), reverse=True))


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _version(python: str) -> str | None:
    """The minor version of an interpreter, or None if it does not run: pyenv puts names on the PATH that do not."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        told = subprocess.run([python, "-I", "-S", "-c", code], check=True, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip()
