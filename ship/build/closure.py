"""Everything that the layer's packages need in turn, found out from the packages themselves."""

from __future__ import annotations

import email.parser
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from packaging.utils import canonicalize_name

from ship.build.requirements import applicable, pinned

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from ship.build.runtimes import Runtime

    Fetch = Callable[[Mapping[str, str]], Mapping[str, Path]]


class Pins(NamedTuple):
    """What a build goes by: the runtime, and the version of each package by canonical name."""

    runtime: Runtime
    versions: Mapping[str, str]


def closure(roots: Iterable[str], pins: Pins, fetch: Fetch, left_out: Collection[str]) -> dict[str, Path]:
    """The wheel of every package that is needed, by canonical name.

    Args:
        roots: requirements to begin with.
        pins: the runtime and the versions.
        fetch: versions by name in, wheels by name out; asked for one generation of packages at a time.
        left_out: packages that are not wanted, nor what only they need.

    Raises:
        Problem: a package that is needed has no version, or the wrong one.
    """
    wheels: dict[str, Path] = {}
    extras: dict[str, set[str]] = {}
    open_ = applicable(roots, pins.runtime)
    while open_:
        for requirement in open_:
            extras.setdefault(canonicalize_name(requirement.name), set()).update(requirement.extras)
        generation = {canonicalize_name(each.name): pinned(each, pins.versions) for each in open_}
        wheels |= fetch({name: version for name, version in sorted(generation.items()) if name not in wheels})
        needed = [
            requirement
            for name in sorted(generation)
            for requirement in applicable(requires(wheels[name]), pins.runtime, extras[name])
        ]
        open_ = [
            requirement
            for requirement in needed
            if (name := canonicalize_name(requirement.name)) not in left_out
            and (name not in wheels or not requirement.extras <= extras[name])
        ]
    return dict(sorted(wheels.items()))


def requires(wheel: Path) -> list[str]:
    """What a wheel says that it needs, markers and all."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (
            name for name in archive.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1
        )
        return (
            email.parser.BytesParser().parsebytes(archive.read(metadata), headersonly=True).get_all("Requires-Dist", [])
        )
