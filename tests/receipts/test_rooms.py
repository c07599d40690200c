"""The rooms of the package import each other one way only."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import receipts

PACKAGE = Path(receipts.__file__).parent
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
DOCUMENT = Path(__file__).parents[2] / "docs" / "architecture.md"


def imported(source: str) -> set[str]:
    """The rooms that a module imports from, for its types alone as well."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {parts[1] for name in names if (parts := name.split("."))[0] == "receipts"} & {*ROOMS}


def room_imports() -> dict[str, set[str]]:
    """Each room with the others that it imports from."""
    return {
        room: set().union(*(imported(path.read_text(encoding="utf-8")) for path in (PACKAGE / room).glob("*.py")))
        - {room}
        for room in ROOMS
    }


def documented() -> dict[str, int]:
    """Each room's place in the order that the document gives; those between two arrows have the same."""
    found = re.search(r"^Who may import whom: (.+?)\. ", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    assert found
    return {room: place for place, some in enumerate(found[1].split(" → ")) for room in re.findall(r"`(\w+)`", some)}


def test_no_two_rooms_import_each_other() -> None:
    """Each can be read, tested and changed with only what is below it in mind."""
    imports = room_imports()
    assert [(one, other) for one in ROOMS for other in imports[one] if one < other and one in imports[other]] == []


def test_the_document_says_who_may_import_whom() -> None:
    """Whatever a room imports stands further right, so that there is no longer way round either."""
    places = documented()
    assert sorted(places) == ROOMS
    assert [
        (room, other) for room, others in room_imports().items() for other in others if places[room] >= places[other]
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        "import receipts.store.rows",
        "from receipts import store",
        "from receipts.store import rows",
        "from receipts.store.rows import Rows",
        "if TYPE_CHECKING:\n    from receipts.store.rows import Rows",
        "def late():\n    from receipts.store import rows",
    ],
)
def test_the_guard_sees_every_form_of_import(source: str) -> None:
    """An import cannot hide from it in a function or among the types."""
    assert imported(source) == {"store"}
