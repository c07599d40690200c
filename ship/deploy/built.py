"""What `make build` made, as `build/manifest.json` tells it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from ship.deploy.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "build/manifest.json"
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Where the functions' code lies; `template.yml` takes it from RECEIPTS_CODE.
CODE = "./build/functions"


class Layer(NamedTuple):
    """The layer: its folder, and what tells one from another."""

    path: Path
    sha256: str
    files: int
    bytes: int


class Built(NamedTuple):
    """Layer and functions. `functions`: the digest of each by its name."""

    runtime: str
    layer: Layer
    functions: Mapping[str, str]


def read_built(root: Path) -> Built:
    """What was built under `root`.

    Raises:
        DeployError: nothing was, or the manifest is not one.
    """
    try:
        told = json.loads((root / MANIFEST).read_text("utf-8"))
        layer = told["layer"]
        built = Built(
            runtime=told["runtime"],
            layer=Layer(_inside(root, layer["path"]), _digest(layer), int(layer["files"]), int(layer["bytes"])),
            functions={name: _digest(each) for name, each in told["functions"].items()},
        )
    except FileNotFoundError:
        raise DeployError(f"{MANIFEST} is not there: run `make build`") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise DeployError(f"{MANIFEST} is not what `make build` writes: run it again") from None
    if not built.layer.path.is_dir():
        raise DeployError(f"{layer['path']} is not there: run `make build`")
    return built


def _inside(root: Path, told: str) -> Path:
    """A folder below `build/`: whatever it holds is sent to the cloud. Raises ValueError for any other."""
    path = (root / told).resolve()
    if (root / MANIFEST).resolve().parent not in path.parents:
        raise ValueError(told)
    return path


def _digest(told: Mapping[str, str]) -> str:
    """What tells one content from another. Raises ValueError if it is none."""
    if not _DIGEST.fullmatch(told["sha256"]):
        raise ValueError(told["sha256"])
    return told["sha256"]
