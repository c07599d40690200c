"""Who may import whom among the rooms of the project, as docs/architecture.md has it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
# Each may import those after the colon, directly, and itself.
MAY: dict[str, set[str]] = {
    "shared": set(),
    "template": set(),
    "functions": {"shared"},
    "ops": {"shared", "template"},
    "ship": {"shared", "template", "ops"},
    "local": {"shared", "template", "ops", "ship"},
    "benchmarks": {"shared", "template", "ops", "local"},
}
# `receipts invoke` without --remote starts a function on this machine; only this module does, and only then.
EXCEPTIONS = {("ops/invoking/at_home.py", "local")}


def rooms() -> set[str]:
    """The folders with Python in them, but for the tests, which may import everything."""
    return {folder.name for folder in ROOT.iterdir() if folder.name in MAY or (folder / "__init__.py").is_file()}


def imported(path: Path) -> Iterator[str]:
    """The rooms that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            top = name.partition(".")[0]
            yield "shared" if top == "receipts" else top


def test_rooms_import_in_one_direction() -> None:
    """No room imports one that imports it, so each can be read and changed knowing only those below it."""
    assert rooms() == MAY.keys()
    found = {
        (path.relative_to(ROOT).as_posix(), other)
        for room, allowed in MAY.items()
        for path in (ROOT / room).rglob("*.py")
        for other in imported(path)
        if (other in MAY or other == "tests") and other not in {room, *allowed}
    }
    assert found == EXCEPTIONS


def test_the_directions_have_no_circle() -> None:
    """What is allowed can be put in an order, which is that of the list."""
    order = list(MAY)
    assert all(order.index(below) < order.index(room) for room, allowed in MAY.items() for below in allowed)
