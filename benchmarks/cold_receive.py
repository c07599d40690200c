"""B1: the CPU of a cold start of `receive` that acknowledges one push of 50 receipts."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks import workload
from benchmarks.budget import Budget, Measured
from benchmarks.loopback import cloud
from benchmarks.rounds import compared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 60
BUDGET = Budget(
    "B1",
    "a fresh process that loads `receive` and acknowledges one push of 50 receipts, CPU",
    "a fresh Python that imports http.client, hmac, hashlib, base64 and json and POSTs a body of the same size, CPU",
    bound=1.3,
    at_most=True,
)
HOW = (
    "Both are started with `-I -S` (no site-packages, no .pth files), their code compiled beforehand, and talk to the "
    "same loopback queue service in another process. CPU is user + system time of the whole process, from its start "
    "to its end, as the kernel accounts it to the parent; the ratio is the median of those of {rounds} rounds. "
    "The floor's POST carries the body itself, unsigned (the "
    "service refuses it, which costs its sender no less than being accepted)."
)


def measure() -> Iterator[Measured]:
    """Measure B1."""
    body = workload.large_push()
    with tempfile.TemporaryDirectory() as name, cloud() as services:
        folder = Path(name)
        _install(folder)
        (folder / "body").write_bytes(body)
        (folder / "event").write_bytes(workload.push_event(body))
        address = urlsplit(services.mns_endpoint).netloc
        environment = services.environment()
        ours = _command(folder, "cold", str(folder / "event"))
        floor = _command(folder, "floor", address, "/queues/receipts/messages", str(folder / "body"))
        result = compared(ROUNDS, lambda: cpu_of_process(ours, environment), lambda: cpu_of_process(floor, environment))
    figures = (("receive", f"{result.ours * 1000:.1f} ms"), ("floor", f"{result.floor * 1000:.1f} ms"))
    yield Measured(BUDGET, result.ratio, figures, HOW.format(rounds=ROUNDS))


def cpu_of_process(command: list[str], environment: Mapping[str, str]) -> float:
    """CPU seconds of one run of `command`. Raises RuntimeError when it fails."""
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[-1]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime


def _install(folder: Path) -> None:
    """Everything as it is deployed, compiled: the layer, the function, and the programs."""
    without = shutil.ignore_patterns("__pycache__")
    for part, source in (
        ("layer/receipts", "shared/receipts"),
        ("code", "functions/receive"),
        ("programs", "benchmarks/programs"),
    ):
        shutil.copytree(ROOT / source, folder / part, ignore=without)
    if not compileall.compile_dir(folder, quiet=2):
        raise RuntimeError("the function does not compile")


def _command(folder: Path, program: str, *arguments: str) -> list[str]:
    paths = [str(folder / part) for part in ("code", "layer", "programs")]
    # The program is imported, not run as a script: a script is compiled anew at every start.
    start = f"import sys; sys.path[:0] = {paths}; import {program}"
    return [sys.executable, "-I", "-S", "-c", start, *arguments]
