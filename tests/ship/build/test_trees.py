"""The same files are the same bytes, and what grows is told of."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from ops.problems import Problem
from ship.build import tree
from ship.build.bytecode import compile_tree
from ship.build.check import check_imports
from ship.build.interpreters import interpreter
from ship.build.limits import FUNCTION_MB, LAYER_MB, MB, check_sizes
from ship.build.plan import plan

if TYPE_CHECKING:
    from pathlib import Path

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
# A set of constants, and strings that modules share: what bytecode is usually not the same for.
MODULE = "def f(x):\n    return x in {'a', 'bb', 'ccc', 'dddd'} or x == 'shared'\n"


def files(folder: Path, **texts: str) -> Path:
    """A folder of modules."""
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def test_a_digest_is_of_paths_and_contents_alone(tmp_path: Path) -> None:
    """Not of the time, the place or the modes; one changed byte, or another name, changes it."""
    one, two = files(tmp_path / "one", a="1", b="2"), files(tmp_path / "deep" / "two", b="2", a="1")
    os.utime(one / "a.py", (1, 1))
    (one / "a.py").chmod(0o755)
    assert tree.digest(one) == tree.digest(two)
    assert tree.digest(files(tmp_path / "three", a="1", b="3")) != tree.digest(one)
    assert tree.digest(files(tmp_path / "four", a="1", c="2")) != tree.digest(one)
    assert tree.digest(files(tmp_path / "five", a="12", b="")) != tree.digest(one)


def test_a_settled_tree_has_one_time_and_readable_modes(tmp_path: Path) -> None:
    """The platform runs as somebody else, and an archive keeps times."""
    folder = files(tmp_path / "one", a="1")
    (folder / "a.py").chmod(0o600)
    tree.settle(folder)
    assert (folder / "a.py").stat().st_mode & 0o777 == 0o644
    assert {path.stat().st_mtime for path in (folder, folder / "a.py")} == {tree.MOMENT}
    assert tree.size(folder) == (1, 1)


def test_bytecode_is_the_same_wherever_it_is_made(tmp_path: Path) -> None:
    """No path of this machine is in it, the order of sets is fixed, and the interpreter looks at no time stamp."""
    folders = [files(tmp_path / place, a=MODULE, b=MODULE) for place in ("one", "much/deeper")]
    for folder in folders:
        compile_tree(sys.executable, folder, "/opt/python")
    assert tree.digest(folders[0]) == tree.digest(folders[1])
    (cached, _) = sorted(folders[0].glob("__pycache__/*.pyc"))
    content = cached.read_bytes()
    assert b"/opt/python/a.py" in content
    assert str(tmp_path).encode() not in content
    # Flags: by hash, unchecked.
    assert content[4:8] == b"\x01\0\0\0"


def test_a_module_that_does_not_compile_ends_the_build(tmp_path: Path) -> None:
    """Better here than at the first cold start."""
    with pytest.raises(Problem, match=r"(?s)cannot compile .*SyntaxError"):
        compile_tree(sys.executable, files(tmp_path / "one", a="def"), "/opt/python")


def test_a_function_that_does_not_start_on_the_layer_ends_the_build(tmp_path: Path) -> None:
    """What this machine has installed does not count: pytest is there now, and not in the layer."""
    layer = tmp_path / "layer"
    files(layer / "receipts", __init__="")
    function = files(tmp_path / "function", index="import receipts\n")
    check_imports(sys.executable, layer, [function])
    (layer / "receipts" / "later.py").write_text("import pytest\n")
    with pytest.raises(Problem, match="do not start on the built layer: ModuleNotFoundError: No module named 'pytest'"):
        check_imports(sys.executable, layer, [function])


def test_the_guard_names_what_grew_and_what_to_do() -> None:
    """A layer or a function above its limit ends the build."""
    runtime, limit = next(iter(LAYER_MB.items()))
    check_sizes(runtime, int(limit * MB), {"receive": int(FUNCTION_MB * MB)})
    with pytest.raises(Problem, match=r"the layer has .* above the limit .*omissions\.py"):
        check_sizes(runtime, int(limit * MB) + 1, {})
    with pytest.raises(Problem, match=r"the folder of receive has .* shared/receipts"):
        check_sizes(runtime, 0, {"receive": int(FUNCTION_MB * MB) + 1})


def test_an_interpreter_is_found_by_its_version(tmp_path: Path) -> None:
    """The one that runs this comes first; one that is named must be of the version."""
    nowhere = {"PATH": str(tmp_path), "PYENV_ROOT": str(tmp_path)}
    assert interpreter(HERE, "", nowhere) == sys.executable
    assert interpreter("3.5", "", nowhere) is None
    assert interpreter(HERE, sys.executable, nowhere) == sys.executable
    with pytest.raises(Problem, match=rf"is Python {HERE}, and Python 3\.5 is needed"):
        interpreter("3.5", sys.executable, nowhere)
    with pytest.raises(Problem, match="cannot be run"):
        interpreter(HERE, "no-such-python", nowhere)


def test_the_newest_of_pyenvs_is_taken(tmp_path: Path) -> None:
    """3.5.10 is newer than 3.5.9; one that does not run is passed over."""
    for patch, told in (("9", "3.5"), ("10", "3.5"), ("11", "broken")):
        python = tmp_path / "versions" / f"3.5.{patch}" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\necho {told}\n")
        python.chmod(0o755)
    found = interpreter("3.5", "", {"PATH": "", "PYENV_ROOT": str(tmp_path)})
    assert found == str(tmp_path / "versions/3.5.10/bin/python")


def test_the_template_says_what_is_built(tmp_path: Path) -> None:
    """Every function, from its sources even where RECEIPTS_CODE points to an earlier build; no setting is needed."""
    template = tmp_path / "template.yml"
    template.write_text(
        "vars: {code: \"${env('RECEIPTS_CODE', './functions')}\"}\n"
        "template: {base: {runtime: \"${env('RECEIPTS_RUNTIME', 'python3.12')}\"}}\n"
        "resources:\n"
        "  one: {extend: {name: base}, props: {code: '${vars.code}/one', environmentVariables: {X: \"${env('X')}\"}}}\n"
    )
    found = plan(template, {"RECEIPTS_CODE": "build/functions", "RECEIPTS_RUNTIME": ""})
    assert (found.runtime, found.functions) == ("python3.12", {"one": tmp_path / "functions" / "one"})
    assert plan(template, {"RECEIPTS_RUNTIME": "python3.10"}).runtime == "python3.10"
    with template.open("a") as more:
        more.write("  two: {props: {code: x, runtime: python3.9}}\n")
    with pytest.raises(Problem, match=r"one layer serves one runtime, and there are python3\.12, python3\.9"):
        plan(template, {})
