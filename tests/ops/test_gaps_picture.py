"""The picture of `receipts gaps`: whole, alone, readable, and free of numbers."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from ops.gaps.picture.svg import few
from receipts.store import schema
from tests.ops.made_up_weeks import HOUR_MS, begun, letter, put, recording, weeks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ops.conftest import Ops

NUMBER = "13900000001"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def filled(ops: Ops) -> Ops:
    """Two vendors, an outage, recordings in every state, calls without an end, letters."""
    now = datetime.now().astimezone()
    at = round(now.timestamp() * 1000) - 30 * HOUR_MS
    outage = now - timedelta(hours=60), now - timedelta(hours=40)
    put(ops.store.client, schema.CALLS, weeks("aliyun", now, 9, 0.1, outage))
    put(ops.store.client, schema.CALLS, weeks("huawei", now, 3, 0.1, (now, now)))
    put(ops.store.client, schema.CALLS, [begun("huawei", f"120_{NUMBER}<b>", at)])
    states = ("archived", "pending", "failed", "absent", "expired")
    made = [recording("aliyun", f"c{state}", at, state, last_error=f"<script> {NUMBER}") for state in states]
    put(ops.store.client, schema.RECORDINGS, made)
    put(ops.store.client, schema.DEAD_LETTERS, [letter(1, at, type=f"Type{NUMBER}")])
    return ops


def drawn(ops: Ops, path: Path, since: str) -> str:
    """What the command writes."""
    told = ops.run("gaps", "--since", since, "--picture", str(path), "--reveal")
    assert (told.code, told.out) == (0, "")
    return path.read_text()


def parsed(drawing: str) -> ET.Element:
    """A drawing's elements. Raises ParseError."""
    return ET.fromstring(drawing)  # noqa: S314 - of our own making


@pytest.mark.parametrize(("name", "since"), [("gaps.html", "31d"), ("gaps.svg", "1d")])
def test_a_picture_is_one_file_that_needs_nothing(filled: Ops, tmp_path: Path, name: str, since: str) -> None:
    """No script, no address but the name of the format, well formed, no number even with --reveal."""
    text = drawn(filled, tmp_path / name, since)
    assert "<script" not in text
    assert not re.search(r"(?:src|href)=|@import|url\((?!#hatch)", text)
    assert re.findall(r"https?://[^\"<]+", text.replace("http://www.w3.org/2000/svg", "")) == []
    assert NUMBER not in text
    assert "prefers-color-scheme:dark" in text
    for drawing in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        parsed(drawing)


def test_the_lists_are_below_the_charts(filled: Ops, tmp_path: Path) -> None:
    """Every kind of gap with its number, and what is in the way, as text."""
    text = drawn(filled, tmp_path / "gaps.html", "7d")
    order = ["✕ 4", "aliyun: ", "huawei: ", "Recordings not archived: 4", "Calls without an end: 1", "Silent hours: "]
    places = [text.index(word) for word in [*order, "Dead letters open: 1", "How to read this"]]
    assert places == sorted(places)
    assert "&lt;script&gt; 139****0001" in text
    assert "120_139****0001&lt;b&gt;" in text


def test_every_state_and_every_hour_has_words(filled: Ops, tmp_path: Path) -> None:
    """Nothing is told by colour alone: an hour has its number, a silent one a mark, a state its name."""
    root = parsed(drawn(filled, tmp_path / "gaps.svg", "7d"))
    texts = [element.text or "" for element in root.iter(f"{SVG}text")]
    cells = [element for element in root.iter(f"{SVG}g") if element.find(f"{SVG}title") is not None]
    assert all(cell.find(f"{SVG}text") is not None for cell in cells if ":00:" in str(cell[0].text))
    assert texts.count("×") > 3
    for state in ("archived", "pending", "failed", "absent", "expired"):
        assert f"{state} 1 (20.0 %)" in texts


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (999, "999"), (1000, "1.0k"), (9940, "9.9k"), (9960, "10k"), (99_960, "100k"), (999_600, "1.0M")],
)
def test_a_number_fits_its_cell(number: int, shown: str) -> None:
    """Four characters at the most, and none twice as wide as it is."""
    assert few(number) == shown
    assert len(few(number)) <= 4
