"""What a file host can do wrong with one file, and whose turn it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

XML_ERROR = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>InternalError</Code>\n'
    b"  <Message>We encountered an internal error, please try again.</Message>\n</Error>\n"
)
HTML_PAGE = b"<!DOCTYPE html>\n<html><head><title>Please sign in</title></head><body></body></html>\n"


@dataclass(frozen=True)
class Misbehaviour:
    """How one file is sent when it is not sent well. Every field that is set takes effect.

    Attributes:
        first_byte_after: seconds before anything is sent.
        redirect_to: the address to go to instead; no file is sent.
        redirect_status: the status that goes with it (301, 302, 307, ...).
        instead: these bytes are sent with status 200 as if they were the file (`XML_ERROR`, `HTML_PAGE`, `b""`).
        content_type: what the bytes are said to be.
        framing: how the end is told: by `Content-Length`, by the end of the connection, or in chunks.
        length_off_by: so much is added to the true `Content-Length`; the connection ends after the true bytes.
        stall_after: after so many bytes nothing comes for `stall_seconds`, then the rest.
        stall_seconds: as long as the host lives, if not said otherwise.
        drip_bytes: only so many bytes are sent at once, with `drip_seconds` in between; 0 for no limit.
        drip_seconds: see there.
        truncate_after: after so many bytes the connection is closed in good order.
        reset_after: after so many bytes the connection is reset; some of them may be lost on the way.
    """

    first_byte_after: float = 0.0
    redirect_to: str | None = None
    redirect_status: int = 302
    instead: bytes | None = None
    content_type: str | None = None
    framing: Literal["length", "close", "chunked"] = "length"
    length_off_by: int = 0
    stall_after: int | None = None
    stall_seconds: float = 1e6
    drip_bytes: int = 0
    drip_seconds: float = 0.0
    truncate_after: int | None = None
    reset_after: int | None = None


class Plans:
    """The misbehaviour of every file, to be used up in the order of planning."""

    def __init__(self) -> None:
        self._of: dict[str, list[tuple[Misbehaviour, int | None]]] = {}
        self._lock = threading.Lock()

    def add(self, name: str, misbehaviour: Misbehaviour, times: int | None) -> None:
        """Plan it for the next `times` requests for the file `name`; None for all of them."""
        with self._lock:
            self._of.setdefault(name, []).append((misbehaviour, times))

    def forget(self, name: str) -> None:
        """Plan nothing for `name` any more."""
        with self._lock:
            self._of.pop(name, None)

    def take(self, name: str) -> Misbehaviour:
        """What is up for one request for `name`; a `Misbehaviour` in which nothing is set for none."""
        with self._lock:
            plans = self._of.get(name)
            if not plans:
                return Misbehaviour()
            misbehaviour, left = plans[0]
            if left is not None:
                plans[0] = (misbehaviour, left - 1)
                if left <= 1:
                    del plans[0]
            return misbehaviour
