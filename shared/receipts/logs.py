"""One JSON line per event on standard output, where the platform's log service collects it.

The line is written as it is, not through `logging`: the runtime's handler would put its own prefix before it,
and loading `logging` costs `receive` a tenth of its cold start. A line holds names, counts, milliseconds and
ids of this bundle's own making; never a phone number, a text, a token, a body or an exception's message from
outside.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress

WARNING = "warning"
INFO = "info"
_shown = {"info": (INFO, WARNING), "warning": (WARNING,)}
# Made once: json.dumps would make one anew for every line.
_JSON = json.JSONEncoder(separators=(",", ":"))


def place(error: BaseException) -> str:
    """Where an unforeseen error was raised, `file:line`: its kind and place may be told, its message may not."""
    trace, where = error.__traceback__, ""
    while trace is not None:
        where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {where}"


class Log:
    """Writes the lines of one function.

    Args:
        function: the function's name, in every line.
        level: `info` or `warning`: the least a line must be to be written.
    """

    def __init__(self, function: str, level: str = INFO) -> None:
        self._function = function
        self._shown = _shown.get(level.lower(), (INFO, WARNING))

    def info(self, event: str, request_id: str, **fields: object) -> None:
        """Something went as it should."""
        self._write(INFO, event, request_id, fields)

    def warning(self, event: str, request_id: str, **fields: object) -> None:
        """Something needs a person, or will be tried again."""
        self._write(WARNING, event, request_id, fields)

    def _write(self, level: str, event: str, request_id: str, fields: dict[str, object]) -> None:
        if level not in self._shown:
            return
        line = {
            "level": level,
            "function": self._function,
            "event": event,
            "request_id": request_id,
            **fields,
        }
        # What was stored stays stored if nobody takes the line.
        with suppress(OSError, ValueError):
            sys.stdout.write(_JSON.encode(line) + "\n")
            sys.stdout.flush()
