"""Fetches wheels through pip, for the runtime and not for this machine, and keeps them for the next build."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version

from ops.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ship.build.runtimes import Runtime

# Published as source only, so they are made into wheels here. Both are pure Python but for crcmod's C half, which
# would be built for this machine; without it crcmod counts in Python, at 8 MB a second, and that does no harm: the
# OSS SDK is told to leave the sums to us, and ours come from anycrc.
SOURCES = frozenset({"crcmod", "oss2"})
# What crcmod's build takes for a compiler: it fails, and the build goes on without the C half.
_NO_COMPILER = {"CC": "false"}
_PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", "--retries", "1", "--timeout", "20")


class Shelf:
    """A folder of wheels for one runtime.

    Args:
        folder: made if missing. What lies there is not fetched again.
        constraints: also says which setuptools makes wheels of sources, so that they come out the same.
        runtime: whom the wheels must fit.
        tell: hears what is being fetched.
    """

    def __init__(self, folder: Path, constraints: Path, runtime: Runtime, tell: Callable[[str], None]) -> None:
        self._folder, self._constraints, self._runtime, self._tell = folder, constraints, runtime, tell
        folder.mkdir(parents=True, exist_ok=True)

    def fetch(self, versions: Mapping[str, str]) -> dict[str, Path]:
        """The wheel of each package, by canonical name. Raises Problem if pip cannot get one."""
        missing = versions.keys() - self._there(versions).keys()
        if missing:
            self._tell(f"Fetching {', '.join(sorted(missing))}")
            # On the same disk, so that a wheel is either there or not.
            with tempfile.TemporaryDirectory(dir=self._folder) as fresh:
                self._download([f"{name}=={versions[name]}" for name in sorted(missing - SOURCES)], fresh)
                self._make([f"{name}=={versions[name]}" for name in sorted(missing & SOURCES)], fresh)
                for wheel in Path(fresh).glob("*.whl"):
                    wheel.replace(self._folder / wheel.name)
        there = self._there(versions)
        if absent := sorted(versions.keys() - there.keys()):
            names = ", ".join(absent)
            raise Problem(f"pip got other versions than constraints.txt has of {names}: look at pip's own settings")
        return there

    def _there(self, versions: Mapping[str, str]) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for wheel in sorted(self._folder.glob("*.whl")):
            name, version, _, _ = parse_wheel_filename(wheel.name)
            if name in versions and version == Version(versions[name]):
                found[canonicalize_name(name)] = wheel
        return found

    def _download(self, pins: list[str], into: str) -> None:
        if not pins:
            return
        runtime = self._runtime
        target = ["--implementation", "cp", "--python-version", runtime.version]
        target += [part for platform in runtime.platforms for part in ("--platform", platform)]
        _pip(["download", "--no-deps", "--only-binary=:all:", *target, "--dest", into, *pins], {})

    def _make(self, pins: list[str], into: str) -> None:
        if not pins:
            return
        # The build's own tools are pinned, too; the name of the variable changed with pip 25.3.
        constrained = dict.fromkeys(("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT"), self._constraints.name)
        environment = {**_NO_COMPILER, **constrained}
        arguments = ["wheel", "--no-deps", "--no-cache-dir", "--wheel-dir", into, *pins]
        _pip(arguments, environment, folder=self._constraints.parent)
        for wheel in Path(into).glob("*.whl"):
            name = parse_wheel_filename(wheel.name)[0]
            if name in SOURCES and not wheel.name.endswith("-none-any.whl"):
                raise Problem(
                    f"{wheel.name} was built for this machine: it must be pure Python; see ship/build/wheels.py"
                )


def _pip(arguments: Iterable[str], environment: Mapping[str, str], folder: Path | None = None) -> None:
    result = subprocess.run(
        [sys.executable, *_PIP, *arguments],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        cwd=folder,
        env={**os.environ, **environment},
    )
    if result.returncode:
        raise Problem(_advice(result.stderr))


def _advice(said: str) -> str:
    errors = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR: ")]
    if "Retrying" in said or "onnection" in said:
        return "pip cannot reach its package index: look at the network, and at `pip config list`; then run this again"
    last = errors[-1] if errors else (said.strip().splitlines() or ["pip failed and did not say why"])[-1]
    return (
        f"pip: {last}. If there is no wheel of it for this runtime, choose another version in constraints.txt; "
        "if it comes as source and is pure Python, name it in SOURCES of ship/build/wheels.py"
    )
