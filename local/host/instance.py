"""One function instance: a process, the socket to it, and its life from cold start to destruction."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from local.host import worker
from local.host.environment import instance_environment
from local.host.result import TIMEOUT, UNHANDLED, FunctionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from template.functions import Function

# The import of the function's module is bounded like an initializer's default on the platform.
_START_SECONDS = 60.0
_STOP_SECONDS = 3.0


class Surroundings(NamedTuple):
    """What the host gives every instance.

    Attributes:
        layer_paths: folders that stand in for the layers, after the code on `sys.path`.
        platform: variables that the platform adds (credentials).
        account_id: the account's number.
        log_dir: `<function>.log` is written here.
        python: the interpreter and its options.
    """

    layer_paths: Sequence[Path]
    platform: Mapping[str, str]
    account_id: str
    log_dir: Path
    python: Sequence[str] = (sys.executable,)

    def adding(self, platform: Mapping[str, str]) -> Surroundings:
        """The same, with more variables that the platform adds."""
        return self._replace(platform={**self.platform, **platform})


class Instance:
    """A process that was just started; `initialize` makes it ready, then it serves one invocation at a time."""

    def __init__(self, function: Function, surroundings: Surroundings) -> None:
        self._function = function
        self._surroundings = surroundings
        self.id = f"c-{uuid.uuid4().hex[:16]}"
        self._socket, inside = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        environment = instance_environment(function, surroundings.platform, surroundings.account_id, self.id)
        with (surroundings.log_dir / f"{function.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*surroundings.python, worker.__file__, str(inside.fileno()), str(lifeline)],
                cwd=function.code,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(inside.fileno(), lifeline),
                # A group of its own: Ctrl-C is for the host to handle, and a kill takes the children along.
                start_new_session=True,
            )
        inside.close()
        os.close(lifeline)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def initialize(self) -> None:
        """Import the function's module and run its initializer.

        Raises:
            FunctionError: one of the two failed; the instance is gone.
        """
        hook = self._function.initializer
        try:
            self._ask(self._settings(), b"", hook.timeout if hook else _START_SECONDS)
        except FunctionError:
            self.kill()
            raise

    def invoke(self, request_id: str, event: bytes) -> bytes:
        """Run the handler on `event` and return what it returned.

        Raises:
            FunctionError: the handler raised, ran out of time, or the process died. After the last two the
                instance is gone.
        """
        return self._ask({"op": "invoke", "request_id": request_id}, event, self._function.timeout)

    def strike(self) -> None:
        """Send SIGKILL and return at once; an invocation that runs ends with an error."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def kill(self) -> None:
        """SIGKILL, then reap the process and free what belongs to it."""
        self.strike()
        self._process.wait()
        self._close()

    def stop(self) -> None:
        """Let the pre-stop hook run and the process end by itself; kill it if that takes too long."""
        pre_stop = self._function.pre_stop
        try:
            self._socket.settimeout(_STOP_SECONDS)
            self._socket.sendall(worker.encode_frame({"op": "stop"}, b""))
            self._process.wait((pre_stop.timeout if pre_stop else 0) + _STOP_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            pass
        self.kill()

    def _settings(self) -> dict[str, Any]:
        function, surroundings = self._function, self._surroundings
        return {
            "op": "start",
            "path": [str(function.code), *map(str, surroundings.layer_paths)],
            "handler": function.handler,
            "initializer": function.initializer.handler if function.initializer else None,
            "pre_stop": function.pre_stop.handler if function.pre_stop else None,
            "runtime": function.runtime,
            "region": function.region,
            "account_id": surroundings.account_id,
            "log": dict(function.log),
            "function": {
                "name": function.deployed_name,
                "handler": function.handler,
                "memory": function.memory,
                "timeout": function.timeout,
            },
        }

    def _ask(self, head: dict[str, Any], body: bytes, seconds: float) -> bytes:
        deadline = time.monotonic() + seconds

        def read(size: int) -> bytes:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            return self._socket.recv(size)

        try:
            self._socket.settimeout(seconds)
            self._socket.sendall(worker.encode_frame(head, body))
            answer, payload = worker.read_frame(read)
        except TimeoutError:
            self.kill()
            raise FunctionError.of_platform(TIMEOUT, f"Function time out after {seconds:g} seconds") from None
        except (EOFError, OSError):
            self.kill()
            raise FunctionError.of_platform(
                UNHANDLED, f"Process exited unexpectedly before completing request ({self._ending()})"
            ) from None
        if not answer["ok"]:
            raise FunctionError(UNHANDLED, payload)
        return payload

    def _ending(self) -> str:
        code = self._process.returncode
        return f"signal {-code}" if code < 0 else f"exit status {code}"

    def _close(self) -> None:
        self._socket.close()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
