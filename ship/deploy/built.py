"""What `make build` made, as `build/manifest.json` tells it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from ship.deploy.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "build/manifest.json"
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
            layer=Layer((root / layer["path"]).resolve(), layer["sha256"], int(layer["files"]), int(layer["bytes"])),
            functions={name: each["sha256"] for name, each in told["functions"].items()},
        )
    except FileNotFoundError:
        raise DeployError(f"{MANIFEST} is not there: run `make build`") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DeployError(f"{MANIFEST} is not what `make build` writes: run it again") from None
    if not built.layer.path.is_dir():
        raise DeployError(f"{layer['path']} is not there: run `make build`")
    return built
