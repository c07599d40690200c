"""A wheel's files into the layer, without what is left out."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ops.problems import Problem
from ship.build.omissions import Omission, omission

if TYPE_CHECKING:
    from pathlib import Path

# Of what a wheel would install beside its packages, only these two are packages.
_PACKAGES = ("purelib", "platlib")


@dataclass
class Shipped:
    """What came of one package: bytes that ship, and bytes left out by their reason."""

    name: str
    bytes: int = 0
    left_out: Counter[Omission] = field(default_factory=Counter)


def unpack(name: str, wheel: Path, into: Path, runtime: str) -> Shipped:
    """Write the wheel's files below `into`. Raises Problem if another package has the same file."""
    shipped = Shipped(name)
    with zipfile.ZipFile(wheel) as archive:
        for entry in sorted(archive.infolist(), key=lambda each: each.filename):
            path = _path(entry.filename)
            if entry.is_dir() or path is None:
                continue
            if reason := omission(name, path, runtime):
                shipped.left_out[reason] += entry.file_size
                continue
            target = into / path
            if target.exists() or not target.resolve().is_relative_to(into.resolve()):
                raise Problem(f"{wheel.name}: {path} is another package's, or outside of the layer")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(entry))
            shipped.bytes += entry.file_size
    return shipped


def _path(name: str) -> str | None:
    """Where a wheel's entry belongs; None for what is no package: scripts, headers, data."""
    top, _, rest = name.partition("/")
    if not top.endswith(".data"):
        return name
    kind, _, path = rest.partition("/")
    return path if kind in _PACKAGES else None
