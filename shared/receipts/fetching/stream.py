"""A connection read under limits: a deadline for the headers, then an idle time within the total."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

    from receipts.deadline import Deadline

# Larger reads go past this buffer, straight into the reader's own.
BUFFER = 64 * 1024


class Stream(io.RawIOBase):
    """What comes over a connection, as `io.BufferedReader` takes it; owns the connection.

    Args:
        connection: a connected socket, TLS or not.
        deadline: for every wait until `body_begins`.

    Attributes:
        ended: whether the other side has closed the connection, and all that it sent has been read.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._connection = connection
        self._deadline = deadline
        self._idle: float | None = None
        self.ended = False
        self._waits: float | None = None

    def body_begins(self, idle_seconds: float, total: Deadline) -> None:
        """From now on every wait ends after `idle_seconds`, or with the total."""
        self._deadline, self._idle = total, idle_seconds

    def wait_at_most(self, seconds: float) -> None:
        """Shorten the idle time."""
        self._idle = seconds

    def send(self, data: bytes) -> None:
        """Send everything before the deadline."""
        self._wait_no_longer()
        self._connection.sendall(data)

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # BufferedReader gives a memoryview
        """Read what has come. Raises TimeoutError when nothing does in time."""
        self._wait_no_longer()
        received = self._connection.recv_into(buffer)
        self.ended = not received
        return received

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        super().close()

    def _wait_no_longer(self) -> None:
        left = self._deadline.remaining()
        waits = left if self._idle is None else min(left, self._idle)
        # To set a time-out is a system call: while the idle time is the shorter one, it stands.
        if waits != self._waits:
            self._connection.settimeout(waits)
            self._waits = waits


class Answering:
    """The part of a socket that `http.client` needs to read an answer."""

    def __init__(self, reader: io.BufferedReader) -> None:
        self._reader = reader

    def makefile(self, mode: str) -> io.BufferedReader:
        """The reader itself; `mode` is always "rb"."""
        del mode
        return self._reader
