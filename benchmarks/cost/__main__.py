"""`python -m benchmarks.cost [NAME=VALUE ...]`: the cost with other assumptions; `write` writes docs/cost.md anew.

Nothing is measured: `make bench ONLY=B7` does that.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markdown import Markdown

from benchmarks.cost import page
from benchmarks.cost.assumptions import Assumptions, changed
from benchmarks.cost.measured import load
from benchmarks.cost.model import Given
from benchmarks.cost.sizes import deployed

SHOWN = ("assumptions", "month", "instances", "services", "limits")


def main(words: list[str]) -> int:
    """Print the tables; 2 if an assumption is not known."""
    console, measured = Console(), load()
    if words == ["write"]:
        page.write(measured)
        console.print(f"written: docs/{page.PATH.name} and docs/{page.PICTURE.name}")
        return 0
    try:
        tables = page.blocks(Given(measured, changed(Assumptions(), words), deployed()))
    except ValueError as error:
        console.print(str(error))
        return 2
    for name in SHOWN:
        console.print(Markdown(tables[name]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
