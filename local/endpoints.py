"""`.local/endpoints.json`: where the running loopback cloud is, for clients outside of it."""

from __future__ import annotations

import contextlib
import json
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from local.stack import STATE

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = STATE / "endpoints.json"
LOOK_SECONDS = 1.0


@contextlib.contextmanager
def published(endpoints: dict[str, Any]) -> Iterator[None]:
    """The file is there, whole, as long as this lasts."""
    FILE.parent.mkdir(parents=True, exist_ok=True)
    draft = FILE.with_suffix(".tmp")
    draft.write_text(json.dumps(endpoints, indent=2) + "\n")
    # Who waits for the file never sees half of it.
    draft.replace(FILE)
    try:
        yield
    finally:
        FILE.unlink(missing_ok=True)


def running() -> dict[str, Any] | None:
    """The endpoints of the loopback cloud that runs here, or None; a file left by a crash is no cloud."""
    try:
        endpoints: dict[str, Any] = json.loads(FILE.read_text())
        address = urlsplit(endpoints["tablestore"]["endpoint"])
        with socket.create_connection((address.hostname, address.port), timeout=LOOK_SECONDS):
            return endpoints
    except (OSError, ValueError, KeyError):
        return None
