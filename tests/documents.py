"""Reading the documents: their blocks, tables, sections, links and headings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (
    *READMES,
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: its language and its text."""

    language: str
    text: str


def read(name: str) -> str:
    """A document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str) -> list[Block]:
    """The fenced blocks, in order."""
    return [Block(*found) for found in FENCE.findall(text)]


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return FENCE.sub("", text)


def section(text: str, title: str) -> str:
    """What stands under the heading of that title, its subsections included."""
    start = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert start, f"no section {title}"
    rest = text[start.end() :]
    end = re.search(rf"^#{{1,{len(start[1])}}} ", prose_kept(rest), re.MULTILINE)
    return rest[: end.start()] if end else rest


def prose_kept(text: str) -> str:
    """The text with its fenced blocks blanked out, every position kept."""
    return FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def tables(text: str) -> list[list[list[str]]]:
    """The tables, each a list of rows of cells; the header is left out."""
    found: list[list[list[str]]] = []
    for group in re.findall(r"(?:^\|.*\|\n)+", prose(text) + "\n", re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in group.splitlines()]
        found.append(rows[2:])
    return found


def name_of(cell: str) -> str:
    """The one code span that a cell is."""
    found = re.fullmatch(r"`([^`]+)`", cell)
    assert found, f"not a name: {cell}"
    return found[1]


def anchors(text: str) -> set[str]:
    """The fragments by which its headings can be linked to."""
    titles = [title for _, title in HEADING.findall(prose(text))]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
