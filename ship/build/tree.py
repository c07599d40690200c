"""A folder as bytes: the same files are the same folder, whenever and wherever it was made."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

# 1 January 2020 UTC: an archive holds no time before 1980, in any time zone.
MOMENT = 1577836800
_FILE, _FOLDER = 0o644, 0o755
_CHUNK = 1 << 20


class Size(NamedTuple):
    """How much there is below a folder."""

    files: int
    bytes: int


def settle(folder: Path) -> None:
    """Give everything below `folder`, and itself, one time and the modes that the platform can read."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(_FOLDER if path.is_dir() else _FILE)
        os.utime(path, (MOMENT, MOMENT))
    folder.chmod(_FOLDER)
    os.utime(folder, (MOMENT, MOMENT))


def digest(folder: Path) -> str:
    """SHA-256 of every path below `folder` with what is in it, in hex."""
    whole = hashlib.sha256()
    for path in _files(folder):
        inner = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                inner.update(chunk)
        whole.update(f"{path.relative_to(folder).as_posix()}\0{inner.hexdigest()}\n".encode())
    return whole.hexdigest()


def size(folder: Path) -> Size:
    """Files and bytes below `folder`."""
    sizes = [path.stat().st_size for path in _files(folder)]
    return Size(len(sizes), sum(sizes))


def _files(folder: Path) -> list[Path]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(paths, key=lambda path: path.relative_to(folder).as_posix())
