"""What the layer needs: the project's own list, every version from constraints.txt, read for the runtime's Python."""

from __future__ import annotations

import importlib.metadata
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ops.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ship.build.runtimes import Runtime

PROJECT = "privacy-number-receipts"


def roots() -> list[str]:
    """The `dependencies` of pyproject.toml, its extras (operator, laptop, development) among them with their marker."""
    return importlib.metadata.requires(PROJECT) or []


def pins(constraints: Path, runtime: Runtime) -> dict[str, str]:
    """The version of each package by its canonical name, as constraints.txt has it for this runtime."""
    lines = (line.partition("#")[0].strip() for line in constraints.read_text("utf-8").splitlines())
    found: dict[str, str] = {}
    for requirement in applicable((line for line in lines if line), runtime):
        (version,) = requirement.specifier
        found[canonicalize_name(requirement.name)] = version.version
    return found


def applicable(requirements: Iterable[str], runtime: Runtime, extras: Iterable[str] = ()) -> list[Requirement]:
    """Those whose marker holds on the runtime, with one of `extras` or without any.

    Markers are judged for the runtime, not for the Python that runs the build, as pip would.
    """
    asked = ("", *extras)
    return [
        requirement
        for requirement in map(Requirement, requirements)
        if requirement.marker is None
        or any(requirement.marker.evaluate({**runtime.markers, "extra": extra}) for extra in asked)
    ]


def pinned(requirement: Requirement, versions: Mapping[str, str]) -> str:
    """The version of a requirement. Raises Problem if there is none, or one that it does not want."""
    version = versions.get(canonicalize_name(requirement.name))
    if version is None:
        raise Problem(f"constraints.txt has no version of {requirement.name}, which the layer needs: add it there")
    if not requirement.specifier.contains(version, prereleases=True):
        raise Problem(f"constraints.txt has {requirement.name} {version}, and the layer needs {requirement.specifier}")
    return version
