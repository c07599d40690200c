"""What the layer needs is read for the runtime's Python, whatever Python runs the build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from ops.problems import Problem
from ship.build.building import CONSTRAINTS
from ship.build.closure import Pins, closure
from ship.build.requirements import applicable, pinned, pins, roots
from ship.build.runtimes import RUNTIMES, runtime
from tests.ship.build.made_up import wheel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NEW, OLD = RUNTIMES["python3.12"], RUNTIMES["python3.10"]


def test_markers_are_judged_for_the_runtime() -> None:
    """Of two pins of one package the runtime's is taken; pip would take that of the Python that runs it."""
    lines = ["a==1; python_version < '3.11'", "a==2; python_version >= '3.11'", "b==1; sys_platform == 'win32'"]
    assert [str(each.specifier) for each in applicable(lines, NEW)] == ["==2"]
    assert [str(each.specifier) for each in applicable(lines, OLD)] == ["==1"]
    assert pins(CONSTRAINTS, NEW)["numpy"] != pins(CONSTRAINTS, OLD)["numpy"]


def test_only_what_the_functions_need_is_asked_for() -> None:
    """Neither the operator's nor the laptop's packages are in the layer, and each that is has its version."""
    wanted = {each.name for each in applicable(roots(), NEW)}
    assert {"tablestore", "pydantic", "oss2", "anycrc"} <= wanted
    assert not {"typer", "rich", "pytest", "moto", "cronsim"} & wanted
    versions = pins(CONSTRAINTS, NEW)
    assert all(pinned(each, versions) for each in applicable(roots(), NEW))


def test_a_package_without_a_version_or_with_a_wrong_one_is_told_of() -> None:
    """The message names the package and the file to mend."""
    with pytest.raises(Problem, match=r"constraints\.txt has no version of oss2"):
        pinned(Requirement("oss2>=2"), {})
    with pytest.raises(Problem, match=r"oss2 1\.0, and the layer needs >=2"):
        pinned(Requirement("oss2>=2"), {"oss2": "1.0"})


def test_a_runtime_that_does_not_exist_is_refused() -> None:
    """There is no python3.11 on the platform: the message says what there is."""
    with pytest.raises(Problem, match=r"python3\.11 is not one of python3\.12, python3\.10"):
        runtime("python3.11")


def test_wheels_fit_the_c_library_of_the_runtime() -> None:
    """Debian 10 has glibc 2.28: nothing newer is asked for, and the newest that fits comes first."""
    assert OLD.platforms[0] == "manylinux_2_28_x86_64"
    assert "manylinux2014_x86_64" in OLD.platforms
    assert "manylinux_2_29_x86_64" not in OLD.platforms
    assert NEW.platforms[0] == "manylinux_2_31_x86_64"


def test_everything_that_is_needed_in_turn_is_found(tmp_path: Path) -> None:
    """By a circle, an extra and a marker of the runtime, too; what is left out takes along what only it needs."""
    made = {
        "top": wheel(tmp_path, "top", "middle[fast]>=1", "heavy", "old; python_version < '3.11'"),
        "middle": wheel(tmp_path, "middle", "top", "quick; extra == 'fast'", "slow; extra == 'slow'"),
        "quick": wheel(tmp_path, "quick"),
        "old": wheel(tmp_path, "old"),
        "heavy": wheel(tmp_path, "heavy", "heavier"),
    }
    asked: list[str] = []

    def fetch(versions: Mapping[str, str]) -> dict[str, Path]:
        asked.extend(versions)
        return {name: made[name] for name in versions}

    versions = dict.fromkeys(made, "1.0")
    assert list(closure(["top", "dev; extra == 'dev'"], Pins(NEW, versions), fetch, {"heavy"})) == [
        "middle",
        "quick",
        "top",
    ]
    assert sorted(asked) == ["middle", "quick", "top"]
    assert "old" in closure(["top"], Pins(OLD, versions), fetch, {"heavy"})
