"""`make bench` measures what it is asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from benchmarks import __main__ as bench
from benchmarks.budget import Budget, Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.__main__ import Budgets, Say


Done = list[tuple[str, int]]


def budgets(done: Done) -> Budgets:
    """Two budgets, of which the second does not hold; what is measured is told."""

    def measurements(receipts: int) -> dict[str, Callable[[Say], Iterator[Measured]]]:
        def measure(name: str, say: Say) -> Iterator[Measured]:
            done.append((name, receipts))
            say("half of it")
            yield Measured(Budget(name, "ours", "floor", 1, at_most=True), 2 if name == "B2" else 1, (), "how")

        return {name: partial(measure, name) for name in ("B1", "B2")}

    return measurements


def test_everything_is_measured_and_the_page_written(tmp_path: Path) -> None:
    """Without a name all of it, and the exit code tells that one does not hold."""
    done: Done = []
    assert bench.main([], budgets(done), tmp_path / "page.md") == 1
    assert done == [("B1", 1_000_000), ("B2", 1_000_000)]
    assert "| B2 | 2.00 x | <= 1.00 x | **no** |" in (tmp_path / "page.md").read_text("utf-8")


@pytest.mark.parametrize("words", [["B1"], ["B1", "--receipts", "100000"], ["--receipts", "100000"]])
def test_a_part_leaves_the_page_as_it_is(tmp_path: Path, words: list[str]) -> None:
    """Some of the budgets, or fewer receipts, are not what the page promises."""
    done: Done = []
    assert bench.main(words, budgets(done), tmp_path / "page.md") == (0 if "B1" in words else 1)
    assert done[0] == ("B1", 100_000 if "--receipts" in words else 1_000_000)
    assert [name for name, _ in done] == (["B1"] if "B1" in words else ["B1", "B2"])
    assert not (tmp_path / "page.md").exists()


def test_a_name_that_is_none_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    """It ends at once."""
    assert bench.main(["B99"]) == 2
    assert "no such budget: B99; there are B1, B2" in capsys.readouterr().out
