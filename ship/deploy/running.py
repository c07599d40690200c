"""Runs one command so that it cannot hang: in a process group of its own, without input, for a limited time."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from ship.deploy.errors import CommandFailed
from ship.deploy.reasons import explained

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# Serverless Devs tells its error in such a line, and may then wait for its statistics to be taken for ever.
ERROR = "Error Message:"
SECONDS_AFTER_ERROR = 20.0
SECONDS_TO_END = 3.0
_LOOK_SECONDS = 0.05
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Limits(NamedTuple):
    """Seconds for the whole command, and for what it does after it told an error."""

    seconds: float
    after_error: float = SECONDS_AFTER_ERROR


def run(
    command: Sequence[str],
    *,
    environ: Mapping[str, str],
    folder: Path,
    limits: Limits,
    hear: Callable[[str], None],
) -> str:
    """Everything that it wrote, to either output.

    Args:
        command: the program and its arguments.
        environ: its whole environment.
        folder: where it runs.
        limits: after which everything that it started is ended.
        hear: gets each line as it comes, without colours.

    Raises:
        CommandFailed: not there, ended with another code than 0, or not in time.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise CommandFailed(f"{command[0]} cannot be run: {error.strerror}") from None
    heard = _Heard(process, hear)
    try:
        in_time = _ended(process, heard, limits)
    finally:
        _end_group(process)
        heard.finish()
    if heard.error_at is None and not in_time:
        raise CommandFailed(
            f"no end after {limits.seconds:g} s: it was stopped. Look at the network; DEPLOY_TIMEOUT_SECONDS gives more"
        )
    if process.returncode or not in_time:
        raise CommandFailed(explained(heard.reason()) or f"exit code {process.returncode}, and no reason was told")
    return heard.text


def _ended(process: subprocess.Popen[bytes], heard: _Heard, limits: Limits) -> bool:
    """Wait; False when the time is over."""
    started = time.monotonic()
    while process.poll() is None:
        now = time.monotonic()
        error_at = heard.error_at
        if now - started >= limits.seconds or (error_at is not None and now - error_at >= limits.after_error):
            return False
        heard.closed.wait(_LOOK_SECONDS)
        if heard.closed.is_set():
            time.sleep(_LOOK_SECONDS)
    return True


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of it, children included."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_END)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _Heard:
    """Reads a process's output in a thread, line by line."""

    def __init__(self, process: subprocess.Popen[bytes], hear: Callable[[str], None]) -> None:
        assert process.stdout is not None  # noqa: S101 - asked for as a pipe
        self.error_at: float | None = None
        self.closed = threading.Event()
        self._stdout = process.stdout
        self._hear = hear
        self._lines: list[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def reason(self) -> str:
        """The line after the last mark of an error."""
        lines = [line.strip() for line in self._lines]
        if ERROR not in lines:
            return ""
        at = len(lines) - lines[::-1].index(ERROR)
        return next(filter(None, lines[at:]), "")

    def finish(self) -> None:
        """Wait for the last lines. A process that left the group may still hold the pipe: not for ever."""
        self._thread.join(SECONDS_TO_END)
        if not self._thread.is_alive():
            self._stdout.close()

    def _read(self) -> None:
        for raw in self._stdout:
            # Of a line that was written over, what stood there in the end.
            line = _COLOURS.sub("", raw.decode(errors="replace")).rstrip().rpartition("\r")[2]
            self._lines.append(line)
            if line.strip() == ERROR:
                self.error_at = time.monotonic()
            self._hear(line)
        self.closed.set()
