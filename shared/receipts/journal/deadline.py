"""A point in time by which an answer must be out, held over every wait of a connection.

A socket's own time-out starts anew with each byte that arrives; a peer that drips keeps such a caller for ever.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable


class Deadline:
    """So many seconds from now. `monotonic` is a clock in seconds, passed in."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._now = monotonic
        self._end = monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left. Raises TimeoutError when none are."""
        left = self._end - self._now()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left


class DeadlineSocket:
    """The part of a socket that `http.client` uses, each wait of it cut to what the deadline leaves."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._readers = 0
        self._closing = False
        self.deadline: Deadline | None = None

    def sendall(self, data: bytes) -> None:
        """Send everything before the deadline (a socket's time-out bounds the whole of a `sendall`)."""
        self._connection.settimeout(self._remaining())
        self._connection.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """The reader that `http.client` takes an answer from; `mode` is always "rb" there."""
        del mode
        self._readers += 1
        return io.BufferedReader(_Incoming(self))

    def receive_into(self, buffer: memoryview) -> int:
        """Read what has come, waiting no longer than the deadline."""
        self._connection.settimeout(self._remaining())
        return self._connection.recv_into(buffer)

    def close(self) -> None:
        """Close the connection, once nobody reads from it any more."""
        self._closing = True
        self._close_if_unused()

    def reader_closed(self) -> None:
        """One reader less."""
        self._readers -= 1
        self._close_if_unused()

    def _close_if_unused(self) -> None:
        if self._closing and not self._readers:
            self._connection.close()

    def _remaining(self) -> float | None:
        return self.deadline.remaining() if self.deadline else None


class _Incoming(io.RawIOBase):
    def __init__(self, connection: DeadlineSocket) -> None:
        super().__init__()
        self._connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader gives a memoryview
        return self._connection.receive_into(buffer)

    def close(self) -> None:
        if not self.closed:
            self._connection.reader_closed()
        super().close()
