"""One command: its output, its error, its end."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from ship.deploy.errors import CommandFailed
from ship.deploy.running import Limits, run
from tests.ship.deploy.conftest import gone

if TYPE_CHECKING:
    from pathlib import Path


def python(code: str, folder: Path, limits: Limits, heard: list[str]) -> str:
    """Run a program."""
    command = [sys.executable, "-I", "-S", "-c", code]
    return run(command, environ=os.environ, folder=folder, limits=limits, hear=heard.append)


def test_lines_are_heard_without_colours_and_kept(tmp_path: Path) -> None:
    """Both outputs, what is no UTF-8 too; of a line that was written over, what stood there in the end."""
    heard: list[str] = []
    code = r"import os; os.write(1, b'\x1b[31mred\x1b[0m\n10%\r100%\r\n'); os.write(2, b'\xff\n')"
    assert python(code, tmp_path, Limits(30), heard) == "red\n100%\n\ufffd"
    assert heard == ["red", "100%", "\ufffd"]


# A child that holds a lock, and would live on: nothing but the last resort ends it.
CHILD = """
import fcntl, subprocess, sys
alive = open("alive", "w")
fcntl.flock(alive, fcntl.LOCK_SH)
code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", code], pass_fds=[alive.fileno()], stdout=subprocess.PIPE)
child.stdout.readline()
"""


def test_what_hangs_after_its_error_is_ended_soon(tmp_path: Path) -> None:
    """Serverless Devs may wait for its statistics for ever: the error is told, its children are gone."""
    code = f"{CHILD}print('Error Message:', 'no network', 'tail', sep='\\n', flush=True); child.wait()"
    began = time.monotonic()
    with pytest.raises(CommandFailed, match=r"^no network$"):
        python(code, tmp_path, Limits(60, after_error=0.1), [])
    assert time.monotonic() - began < 30
    assert gone(tmp_path / "alive")


def test_a_child_that_holds_the_output_keeps_nobody_waiting(tmp_path: Path) -> None:
    """The command has ended; what it left behind is ended, too."""
    python(CHILD, tmp_path, Limits(60), [])
    assert gone(tmp_path / "alive")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "print('Error Message:'); print('first'); print('Error Message:'); print(' second'); raise SystemExit(1)",
            "^second$",
        ),
        ("raise SystemExit(7)", "exit code 7"),
        ("print('Error Message:'); print('connect ETIMEDOUT'); raise SystemExit(1)", "look at the network"),
        ("import time; time.sleep(600)", "no end after 0.5 s"),
    ],
)
def test_a_failure_has_its_reason(tmp_path: Path, code: str, reason: str) -> None:
    """The last one that was told, or how it ended."""
    with pytest.raises(CommandFailed, match=reason):
        python(code, tmp_path, Limits(0.5 if "sleep" in code else 30), [])


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(CommandFailed, match="no-such-program cannot be run"):
        run(["no-such-program"], environ={}, folder=tmp_path, limits=Limits(1), hear=print)
