"""What was built and what was left out, as tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ops.output import table, text
from ship.build.limits import LAYER_MB, MB
from ship.build.omissions import EVERY, OMISSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.table import Table

    from ship.build.building import Built
    from ship.build.omissions import Omission
    from ship.build.unpack import Shipped

# Below this a package stands in one line with its like.
_SMALL = 100_000


def show(console: Console, built: Built) -> None:
    """The sizes of the layer's packages, the reasons for what is missing, the functions."""
    _packages(console, built)
    _omissions(console, built.packages, built.manifest["runtime"])
    layer = built.manifest["layer"]
    console.print(f"\nlayer      {layer['path']}  sha256 {layer['sha256'][:16]}")
    for name, function in built.manifest["functions"].items():
        console.print(f"{name:10} {function['path']}  sha256 {function['sha256'][:16]}")


def _packages(console: Console, built: Built) -> None:
    sizes = table("package", "MB", "left out, MB", right=("MB", "left out, MB"))
    ordered = sorted(built.packages, key=lambda each: (-each.bytes, each.name))
    large = [each for each in ordered if each.bytes >= _SMALL]
    small = [each for each in ordered if each.bytes < _SMALL]
    for each in large:
        _row(sizes, each.name, each.bytes, each.left_out.total())
    if small:
        left_out = sum(each.left_out.total() for each in small)
        _row(sizes, f"{len(small)} small ones", sum(each.bytes for each in small), left_out)
    if built.bytecode:
        _row(sizes, "bytecode of all", built.bytecode, 0)
    limit = LAYER_MB[built.manifest["runtime"]]
    _row(sizes, "all", built.manifest["layer"]["bytes"], sum(each.left_out.total() for each in built.packages))
    console.print(sizes)
    files, runtime = built.manifest["layer"]["files"], built.manifest["runtime"]
    console.print(f"{files} files for {runtime}; the limit is {limit:.1f} MB.\n")


def _row(sizes: Table, name: str, shipped: int, left_out: int) -> None:
    sizes.add_row(text(name), f"{shipped / MB:.2f}", f"{left_out / MB:.2f}" if left_out else "")


def _omissions(console: Console, packages: Iterable[Shipped], runtime: str) -> None:
    left_out: Counter[Omission] = Counter()
    for package in packages:
        left_out.update(package.left_out)
    reasons = table("left out", "of", "MB", "because", right=("MB",))
    for each in OMISSIONS:
        if runtime in each.but_for:
            continue
        whole = each.files == (EVERY,)
        files = "all of it" if whole else " ".join(each.files)
        of = "every package" if each.package == EVERY else each.package
        reasons.add_row(text(files), text(of), "" if whole else f"{left_out[each] / MB:.2f}", text(each.why))
    console.print(reasons)
