"""What `make build` makes works by itself, on the Python of each runtime, and is the same bytes each time.

Needs the package index until every version of constraints.txt lies in `.local/wheels`.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from local.built import built
from local.golden import EVENTS
from local.golden.bodies import Bodies
from local.golden.recordings import SIZE, recordings
from local.stack import ROOT, STATE, Stack
from local.vendor import shelve, shelve_told
from ops.problems import Problem
from ship.build import tree
from ship.build.building import MANIFEST, Order, build, write
from ship.build.interpreters import interpreter
from ship.build.plan import plan
from ship.build.runtimes import RUNTIMES
from template.reading import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHELF = STATE / "wheels"
NAMES = ("receive", "decide", "ingest", "archive", "sweep", "poll")
ROW = re.compile(r"^\| `((?:receive|decide)/[\w-]+\.json)` \|[^|]*\| ([^|]*) \|", re.MULTILINE)
LICENCE = re.compile(r"licen[cs]e|copying", re.IGNORECASE)
WHERE = """
import sys
sys.path.insert(0, sys.argv[1])
import receipts.store.sdk, oss2, pydantic
modules = [sys.modules[name] for name in ("receipts", "tablestore", "oss2", "pydantic")]
print(*{module.__file__.startswith(sys.argv[1]) for module in modules})
print("tablestore.ots_sdk.ots_sdk" in sys.modules, "numpy" in sys.modules)
"""


@contextmanager
def one_at_a_time(runtime: str) -> Iterator[None]:
    """No two processes fetch the same wheels."""
    SHELF.mkdir(parents=True, exist_ok=True)
    with (SHELF / f"{runtime}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make(runtime: str, into: Path, *, bytecode: bool = True) -> dict[str, Any]:
    """Build for the runtime; the manifest. Skips without an interpreter or an index."""
    target = RUNTIMES[runtime]
    python = interpreter(target.version, "", os.environ)
    if bytecode and python is None:
        pytest.skip(f"no Python {target.version} on this machine")
    order = Order(target, python if bytecode else None, plan(TEMPLATE, {}).functions, into, SHELF)
    with one_at_a_time(runtime):
        try:
            manifest = build(order, lambda _: None).manifest
        except Problem as problem:
            if "cannot reach" in str(problem):
                pytest.skip(str(problem))
            raise
    write(order, manifest)
    return manifest


def command(runtime: str, into: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`make build` as a process with another environment."""
    arguments = [sys.executable, "-m", "ship.build", "--runtime", runtime, "--into", str(into)]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "shared")])
    settings = {**os.environ, "PYTHONPATH": paths, "RECEIPTS_LOCAL": str(STATE), **environment}
    return subprocess.run(
        arguments, cwd=into.parent, env=settings, umask=0o077, capture_output=True, text=True, timeout=300, check=False
    )


def promised() -> dict[str, set[int]]:
    """The statuses that events/README.md promises for each HTTP event."""
    cells = dict(ROW.findall((EVENTS / "README.md").read_text("utf-8")))
    return {name: {int(each) for each in re.findall(r"\b[2-5]\d\d\b", cell)} or {200} for name, cell in cells.items()}


def without_terms(layer: Path) -> list[str]:
    """Packages in the layer that come with neither a licence's text nor its name."""
    return [
        folder.name
        for folder in layer.glob("*.dist-info")
        if not any(LICENCE.search(path.name) for path in folder.rglob("*"))
        and not re.search(r"^License(-Expression)?: \w", (folder / "METADATA").read_text("utf-8"), re.MULTILINE)
    ]


@pytest.mark.parametrize("runtime", sorted(RUNTIMES))
def test_every_function_answers_its_golden_events_on_the_built_layer_alone(runtime: str, tmp_path: Path) -> None:
    """Nothing of this machine but a Python of the runtime's version and its standard library takes part."""
    manifest = make(runtime, tmp_path / "build")
    code = built(tmp_path / "build", "", os.environ)
    assert set(manifest["functions"]) == set(NAMES)
    assert manifest["layer"]["bytecode"]

    told = subprocess.run([*code.python, "-c", WHERE, str(code.layer)], check=True, capture_output=True, text=True)
    # The native codec loads where it ships, and numpy is not missed.
    assert told.stdout.splitlines() == ["True", f"{runtime == 'python3.12'} False"]

    bodies = Bodies(EVENTS / "bodies")
    with Stack(
        database=None,
        log_dir=tmp_path / "logs",
        layer=code.layer,
        python=code.python,
        environment=code.environment,
    ) as stack:
        shelve(recordings(bodies), stack.files, stack.pls)
        shelve_told(bodies.huawei("fee"), stack.files, stack.huawei, SIZE)
        statuses = promised()
        for name in NAMES:
            for event in sorted((EVENTS / name).glob("*.json")):
                result = stack.host.invoke(name, event.read_bytes())
                assert result.ok, (name, event.name, result.payload)
                answer = json.loads(result.payload)
                if name in ("receive", "decide"):
                    assert answer["statusCode"] in statuses[f"{name}/{event.name}"], event.name
                elif name == "archive":
                    assert sum(answer.values()) == (2 if "array" in event.name else 1), event.name
                else:
                    assert not answer.get("left"), event.name
        logs = "".join(stack.host.log(name) for name in NAMES)
    assert "Traceback" not in logs
    assert without_terms(code.layer) == []
    # Nothing was written there: on the platform nothing can be.
    assert tree.digest(tmp_path / "build" / "layer") == manifest["layer"]["sha256"]


def test_the_same_commit_is_the_same_bytes(tmp_path: Path) -> None:
    """In another folder, time zone, umask and order of hashes, by the command itself, which prints what there is."""
    runtime = plan(TEMPLATE, {}).runtime
    manifest = make(runtime, tmp_path / "build")
    result = command(runtime, tmp_path / "else where", PYTHONHASHSEED="7", TZ="America/New_York", COLUMNS="200")
    assert result.returncode == 0, result.stderr
    again = json.loads((tmp_path / "else where" / MANIFEST).read_text())
    for each in (manifest["layer"], again["layer"], *manifest["functions"].values(), *again["functions"].values()):
        each.pop("path")
    assert again == manifest
    assert re.search(r"^all +\d+\.\d\d", result.stdout, re.MULTILINE)
    assert re.search(r"^all of it +numpy .*flatbuffers", result.stdout, re.MULTILINE)


def test_without_an_interpreter_it_builds_without_bytecode_and_says_so(tmp_path: Path) -> None:
    """Somebody with another Python can deploy all the same, and is told what it costs and what to install."""
    here = f"python{sys.version_info.major}.{sys.version_info.minor}"
    runtime = next(name for name in sorted(RUNTIMES) if name != here)
    plain = make(runtime, tmp_path / "build", bytecode=False)
    # Neither on the PATH nor in pyenv's folder; pip needs nothing from there as long as the wheels are there.
    result = command(runtime, tmp_path / "again", PATH="", PYENV_ROOT=str(tmp_path), COLUMNS="200")
    assert result.returncode == 0, result.stderr
    assert f"No bytecode: no Python {RUNTIMES[runtime].version} was found" in result.stderr
    assert not list((tmp_path / "again").rglob("*.pyc"))
    manifest = json.loads((tmp_path / "again" / MANIFEST).read_text())
    assert manifest["layer"]["bytecode"] is False
    assert manifest["layer"]["sha256"] == plain["layer"]["sha256"]
