"""The runtime inside one function instance: a process that the host starts by this file's path.

It speaks with the host over a socket it inherits (frames, below), never over stdin or stdout: functions
print. A second inherited descriptor is the lifeline: the host holds the other end, and when that closes
(the host is gone, however it went) the instance ends itself, also in the middle of an invocation.

Frame: two 4-byte big-endian lengths, then a JSON head, then a body of bytes.

    host to instance   {"op": "start", ...settings}   {"op": "invoke", "request_id"} + event   {"op": "stop"}
    instance to host   {"ok": true} + what the handler returned
                       {"ok": false} + {"errorMessage", "errorType", "stackTrace"}

Start-up of this process is part of what the benchmarks measure, so next to nothing is imported here, and
nothing of this project: `sys.path` belongs to the function.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import threading
import time
import traceback
from types import SimpleNamespace

TYPE_CHECKING = False  # typing's own constant costs the import of typing, some milliseconds of each start
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Read = Callable[[int], bytes]

HEAD = 8


def encode_frame(head: dict[str, Any], body: bytes) -> bytes:
    """The bytes of one frame."""
    encoded = json.dumps(head).encode()
    return len(encoded).to_bytes(4, "big") + len(body).to_bytes(4, "big") + encoded + body


def read_frame(read: Read) -> tuple[dict[str, Any], bytes]:
    """Read one frame through `read(at_most) -> bytes`; raises EOFError when the other side is gone."""
    lengths = _read_exactly(read, HEAD)
    head = _read_exactly(read, int.from_bytes(lengths[:4], "big"))
    return json.loads(head), _read_exactly(read, int.from_bytes(lengths[4:], "big"))


def _read_exactly(read: Read, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = read(min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class _PlatformFormatter(logging.Formatter):
    """`2026-11-22T08:00:00.123Z <request id> [INFO] message`, as the platform's root handler writes."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"
    request_id = ""

    def format(self, record: logging.LogRecord) -> str:
        record.fc_request_id = self.request_id
        return super().format(record)


class _Instance:
    """What one instance knows of itself, and the three hooks of its function."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._formatter = _PlatformFormatter("%(asctime)s %(fc_request_id)s [%(levelname)s] %(message)s")
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(self._formatter)
        logging.getLogger().addHandler(handler)
        logging.getLogger().setLevel(logging.INFO)

    def initialize(self) -> None:
        """Import the function and run its initializer, if it has one."""
        self._handler = _find(self._settings["handler"])
        hook = self._settings["initializer"]
        if hook:
            _find(hook)(self._context("initialize"))

    def handle(self, request_id: str, event: bytes) -> bytes:
        """Run the handler once; the bytes that the platform hands back."""
        returned = self._handler(event, self._context(request_id))
        if isinstance(returned, bytes):
            return returned
        if isinstance(returned, str):
            return returned.encode()
        return json.dumps(returned).encode()

    def stop(self) -> None:
        """Run the pre-stop hook, if there is one."""
        hook = self._settings["pre_stop"]
        if hook:
            _find(hook)(self._context("pre-stop"))

    def _context(self, request_id: str) -> SimpleNamespace:
        """The context object as the function's runtime documents it: 3.12 moved or removed some fields."""
        self._formatter.request_id = request_id
        settings = self._settings
        function = SimpleNamespace(**settings["function"])
        context = SimpleNamespace(
            request_id=request_id,
            function=function,
            region=settings["region"],
            account_id=settings["account_id"],
            tracing=None,
        )
        log = settings["log"]
        if settings["runtime"] == "python3.12":
            function.version_id, function.qualifier = "LATEST", "LATEST"
            context.log_project, context.log_store = log["project"], log["logstore"]
            context.logger = None
        else:
            context.service = SimpleNamespace(
                name="", log_project=log["project"], log_store=log["logstore"], qualifier="", version_id=""
            )
            context.credentials = SimpleNamespace(
                access_key_id=os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_ID", ""),
                access_key_secret=os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET", ""),
                security_token=os.environ.get("ALIBABA_CLOUD_SECURITY_TOKEN", ""),
            )
            context.logger = logging.getLogger()

        def get_logger() -> logging.Logger:
            context.logger = root = logging.getLogger()
            return root

        context.getLogger = get_logger
        return context


def _find(handler: str) -> Callable[..., Any]:
    module, _, name = handler.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module.replace("/", ".")), name)
    return found


def _error_report(error: BaseException) -> bytes:
    """What the platform answers for an exception; the frames of this file are not the function's."""
    frames = [
        [f'File "{frame.filename}"', f"line {frame.lineno}", f"in {frame.name}", frame.line or ""]
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename != __file__
    ]
    report = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": frames}
    return json.dumps(report).encode()


def _attempt(step: Callable[[], bytes | None]) -> tuple[bool, bytes]:
    """Run a piece of the function; whatever it raises is reported, and its traceback logged as there.

    SystemExit is no exception here: `sys.exit()` in a handler is an error of that invocation there, too.
    """
    try:
        return True, step() or b""
    except BaseException as error:  # noqa: BLE001 - the function may raise anything
        traceback.print_exc(file=sys.stdout)
        return False, _error_report(error)


def _serve(connection: int) -> None:
    """Answer frames until the host says stop."""
    instance: _Instance | None = None
    while True:
        head, body = read_frame(lambda size: os.read(connection, size))
        if head["op"] == "start":
            sys.path[:0] = head["path"]
            instance = _Instance(head)
            ok, answer = _attempt(instance.initialize)
        elif head["op"] == "invoke" and instance:
            request_id = head["request_id"]
            print("FC Invoke Start RequestId:", request_id)  # noqa: T201 - the function's own log
            ok, answer = _attempt(lambda: instance.handle(request_id, body))  # noqa: B023 - called at once
            print("FC Invoke End RequestId:", request_id)  # noqa: T201 - the same
        else:
            if instance:
                _attempt(instance.stop)
            return
        frame = memoryview(encode_frame({"ok": ok}, answer))
        while frame:
            frame = frame[os.write(connection, frame) :]


def _end_with_the_host(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(0)


def _main() -> None:
    connection, lifeline = int(sys.argv[1]), int(sys.argv[2])
    # Children of the function must not keep the host waiting for an end of file.
    os.set_inheritable(connection, False)
    os.set_inheritable(lifeline, False)
    # The script's own folder: the function must not see the host's modules.
    own = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib costs start-up time
    sys.path[:] = [entry for entry in sys.path if entry != own]
    sys.argv[:] = [""]
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a log file, so a TextIOWrapper
    threading.Thread(target=_end_with_the_host, args=(lifeline,), daemon=True).start()
    try:
        _serve(connection)
    except EOFError:
        os._exit(0)


if __name__ == "__main__":
    _main()
