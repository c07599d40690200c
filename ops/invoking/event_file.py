"""The file with the event: looked at before anything is started or sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ops.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

# The platform's limits of what an invocation may carry.
MOST_BYTES = 32 * 1024 * 1024
MOST_ASYNC_BYTES = 128 * 1024


def read(path: Path, *, asynchronous: bool) -> bytes:
    """The event as it stands in the file. Raises Problem if there is none, or if it is too large."""
    most = MOST_ASYNC_BYTES if asynchronous else MOST_BYTES
    try:
        with path.open("rb") as file:
            event = file.read(most + 1)
    except FileNotFoundError:
        raise Problem(f"There is no file {path}. The events that come with the project are in events/.") from None
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None
    if len(event) > most:
        kind, limit = ("an asynchronous", "128 KB") if asynchronous else ("a synchronous", "32 MB")
        raise Problem(f"{path} is larger than the {limit} that {kind} invocation may carry: nothing was sent.")
    return event


def is_json(event: bytes) -> bool:
    """Whether it is what every trigger sends but one: a topic's in STREAM format sends the bare message."""
    try:
        json.loads(event)
    except (ValueError, RecursionError):
        return False
    return True
