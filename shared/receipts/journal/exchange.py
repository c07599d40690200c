"""HTTP/1.1 exchanges over one connection that is kept alive, each of them over before a deadline.

`http.client` is left aside: loading it is half of a cold start, and its time-out starts anew with every byte that
arrives, so that a peer that drips keeps its caller for ever. Only what a service's answer to a POST can be is read
here: a length, chunks, or everything until the end.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from receipts.journal.deadline import Deadline

PIECE = 64 * 1024
MOST_HEAD_BYTES = 64 * 1024
MOST_BODY_BYTES = 1024 * 1024
HEAD_END = b"\r\n\r\n"
INTERIM = range(100, 200)


class Malformed(OSError):
    """What came back is not HTTP."""


class Ended(ConnectionError):
    """The peer closed the connection in the regular way."""


class Answer(NamedTuple):
    """What came back, and whether the connection may be used again."""

    status: int
    body: bytes
    keeps: bool


class Connection:
    """A connection to one host. Not for two threads at once.

    Args:
        peer: the connected socket.
    """

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._held = bytearray()

    def exchange(self, request: bytes, deadline: Deadline) -> Answer:
        """Send the request, whole, and read its answer.

        Raises:
            ConnectionError: the peer is gone. TimeoutError: the deadline has passed. Malformed: it is not HTTP.
        """
        self._held.clear()
        # A socket's time-out bounds the whole of one `sendall`, but only one piece of receiving.
        self._peer.settimeout(deadline.remaining())
        self._peer.sendall(request)
        status, headers = self._head(deadline)
        while status in INTERIM:
            status, headers = self._head(deadline)
        keeps = _header(headers, b"connection") != b"close"
        if _header(headers, b"transfer-encoding") == b"chunked":
            return Answer(status, self._chunks(deadline), keeps)
        length = _header(headers, b"content-length")
        if length:
            return Answer(status, self._exactly(_number(length, 10), deadline), keeps)
        return Answer(status, self._everything(deadline), keeps=False)

    def close(self) -> None:
        """Close the connection."""
        self._peer.close()

    def _head(self, deadline: Deadline) -> tuple[int, bytes]:
        """The status, and the header lines in lower case."""
        head = self._until(HEAD_END, MOST_HEAD_BYTES, deadline)
        if not head.startswith(b"HTTP/1."):
            raise Malformed("not an answer of HTTP/1.x")
        return _number(head[9:12], 10), head.lower() + b"\r\n"

    def _chunks(self, deadline: Deadline) -> bytes:
        body = b""
        while size := _number(self._until(b"\r\n", MOST_HEAD_BYTES, deadline).partition(b";")[0], 16):
            body += self._exactly(size, deadline)
            self._exactly(2, deadline)
            if len(body) > MOST_BODY_BYTES:
                raise Malformed("the answer does not end")
        # Trailing headers, which nobody sends, up to the empty line.
        while self._until(b"\r\n", MOST_HEAD_BYTES, deadline):
            pass
        return body

    def _everything(self, deadline: Deadline) -> bytes:
        while len(self._held) <= MOST_BODY_BYTES:
            try:
                self._more(deadline)
            except Ended:  # noqa: PERF203 - the end is where it stops
                return bytes(self._held)
        raise Malformed("the answer does not end")

    def _exactly(self, size: int, deadline: Deadline) -> bytes:
        if size > MOST_BODY_BYTES:
            raise Malformed("the answer is too long")
        while len(self._held) < size:
            self._more(deadline)
        return self._taken(size)

    def _until(self, end: bytes, most: int, deadline: Deadline) -> bytes:
        while (at := self._held.find(end)) < 0:
            if len(self._held) > most:
                raise Malformed("the answer's head does not end")
            self._more(deadline)
        return self._taken(at + len(end))[: -len(end)]

    def _more(self, deadline: Deadline) -> None:
        self._peer.settimeout(deadline.remaining())
        piece = self._peer.recv(PIECE)
        if not piece:
            raise Ended("the peer closed the connection")
        self._held += piece

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken


def connected(host: str, port: int, *, secure: bool, deadline: Deadline) -> Connection:
    """A new connection, over TLS if `secure`.

    In a thread of its own, because nothing else can bound the look-up of a name.

    Raises:
        OSError: nobody is there. TimeoutError: the deadline has passed.
    """
    came: list[socket.socket | Exception] = []
    abandoned = threading.Event()
    seconds = deadline.remaining()

    def connect() -> None:
        try:
            peer = _peer(host, port, seconds, secure=secure)
        except Exception as error:  # noqa: BLE001 - raised below, in the thread that waits
            came.append(error)
            return
        came.append(peer)
        if abandoned.is_set():
            peer.close()

    opening = threading.Thread(target=connect, name="connect", daemon=True)
    opening.start()
    opening.join(seconds)
    if not came:
        abandoned.set()
        raise TimeoutError("no connection before the deadline")
    if isinstance(came[0], Exception):
        raise came[0]
    return Connection(came[0])


def _peer(host: str, port: int, seconds: float, *, secure: bool) -> socket.socket:
    peer = socket.create_connection((host, port), timeout=seconds)
    # One small request at a time: waiting for more to send would only delay it.
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not secure:
        return peer
    import ssl  # noqa: PLC0415 - a third of a cold start that plain http, as within a region, does not need

    return ssl.create_default_context().wrap_socket(peer, server_hostname=host)


def _header(headers: bytes, name: bytes) -> bytes:
    """The value of a header, however much blank stands around it; empty if it is not there."""
    return headers.partition(b"\r\n" + name + b":")[2].partition(b"\r\n")[0].strip()


def _number(digits: bytes, base: int) -> int:
    """A length or a status. Raises Malformed for anything but digits."""
    text = digits.strip().lower()
    if not text or text.strip(b"0123456789abcdef"[:base]):
        raise Malformed("a number in the answer is none")
    return int(text, base)
