"""This project's own files into what ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

# `py.typed` says that the package has types.
_SHIPS = (".py", ".typed")


def copy_sources(source: Path, into: Path) -> int:
    """Copy the modules below `source`, no cache and no notes; the bytes copied. Raises Problem if there are none."""
    copied = 0
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.suffix in _SHIPS:
            target = into / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            copied += target.stat().st_size
    if not copied:
        raise Problem(f"there is no code in {source}: look at `code` in template.yml")
    return copied
