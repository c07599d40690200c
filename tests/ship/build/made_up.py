"""Small wheels that nobody published."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def wheel(folder: Path, name: str, *requires: str, files: Mapping[str, str] | None = None) -> Path:
    """A wheel of version 1.0 with one module and a licence, besides `files`."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0", *(f"Requires-Dist: {each}" for each in requires)]
    content = {
        f"{name}/__init__.py": "ANSWER = 42\n",
        f"{name}-1.0.dist-info/METADATA": "\n".join(metadata) + "\n\nRequires-Dist: not-a-header\n",
        f"{name}-1.0.dist-info/licenses/LICENSE": "Do as you like.\n",
        f"{name}-1.0.dist-info/RECORD": "everything\n",
        **(files or {}),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in content.items():
            archive.writestr(inner, text)
    return path
