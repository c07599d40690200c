"""The policy documents that come with the project, and their placeholders."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ops.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parent.parent.parent / "policies"
TRUST = "trust"
PLACEHOLDER = re.compile(r"<([a-z-]+)>")


class NoPolicy(Problem):
    """There is no such document."""


def names() -> list[str]:
    """What there is a policy for: each function by its name in the template, each sort of operator."""
    return sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != TRUST)


def document(name: str) -> Any:
    """The document as it stands in the folder, placeholders and all. Raises NoPolicy."""
    there = [*names(), TRUST]
    if name not in there:
        raise NoPolicy(f"there is no policy for {name}: there are {', '.join(there)}")
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def filled(node: Any, values: Mapping[str, str]) -> Any:
    """The document with a value in place of each `<placeholder>`. Raises KeyError for one that has none."""
    if isinstance(node, dict):
        return {key: filled(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [filled(item, values) for item in node]
    return PLACEHOLDER.sub(lambda found: values[found[1]], node) if isinstance(node, str) else node
