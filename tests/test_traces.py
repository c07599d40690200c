"""Nothing that is published says where it was made, or whose number something is."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Written so that this file does not hold what it looks for.
PLACES = re.compile(r"(?<![\w/.:-])/(?:work|root|farm|home|Users)/(?=\w)")
INDEXES = re.compile(r"\b(?:py[p]i|npm[j]s|pythonho[s]ted|npmmir[r]or)\b", re.IGNORECASE)
PHONES = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
# The story's numbers, those of the events, and the one that shows that a search for real ones can fail.
MADE_UP = re.compile(r"1(?:39|38|37|70)0000\d{4}|13912345678")


def tracked() -> list[Path]:
    """Every file that is or would be committed."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for line in done.stdout.splitlines() if (path := ROOT / line).is_file()]


def traces(text: str) -> list[str]:
    """Paths of a machine, package indexes and telephone numbers that could be somebody's."""
    phones = [number for number in PHONES.findall(text) if not MADE_UP.fullmatch(number)]
    return [*PLACES.findall(text), *INDEXES.findall(text), *phones]


def test_no_file_names_a_machine_an_index_or_a_person() -> None:
    """What is published holds nothing of where it was made, and no number that could be somebody's."""
    found = {}
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if spots := traces(text):
            found[path.relative_to(ROOT).as_posix()] = spots
    assert found == {}


@pytest.mark.parametrize(
    "text", ["cd " + "/ro" + "ot/x", "https://py" + "pi.org/simple", "139" + "0001" + "0001", "in /ho" + "me/me/code"]
)
def test_the_search_for_traces_can_fail(text: str) -> None:
    """It finds each of what it looks for."""
    assert traces(text)
