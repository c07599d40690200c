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
# The platform takes 32 KB; what is written is ASCII.
MOST_BYTES = 30_000
MOST_CUT = 500
LONGEST_WORD = 40
# Made once: json.dumps would make one anew for every line.
_JSON = json.JSONEncoder(separators=(",", ":"))


def place(error: BaseException) -> str:
    """Where an unforeseen error was raised, `file:line`: its kind and place may be told, its message may not."""
    trace, where = error.__traceback__, ""
    while trace is not None:
        where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {where}"


def word(text: str) -> str:
    """A word from outside as a field: names of types are letters; what is anything else may be a number or a secret."""
    return text if text.isalpha() and text.isascii() and len(text) <= LONGEST_WORD else "other"


def milliseconds(seconds: float) -> int:
    """A time as the field `ms` has it."""
    return round(seconds * 1000)


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
        text = _JSON.encode(line)
        if len(text) > MOST_BYTES:
            text = _JSON.encode({name: _cut(value) for name, value in line.items()})
        # What was stored stays stored if nobody takes the line.
        with suppress(OSError, ValueError):
            sys.stdout.write(text + "\n")
            sys.stdout.flush()


def _cut(value: object) -> object:
    """The beginning of what is long: better than a line that the platform cuts off, which is no JSON."""
    if isinstance(value, int | float | None) or len(written := _JSON.encode(value)) <= MOST_CUT:
        return value
    return written[:MOST_CUT]
