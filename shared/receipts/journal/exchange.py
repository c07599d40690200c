"""HTTP/1.1 exchanges over one connection that is kept alive, each of them over before a deadline.

`http.client` is left aside: loading it is half of a cold start, and its time-out starts again with every byte that
arrives, so that a peer that drips keeps its caller for ever. Only what a service's answer to a POST can be is read
here: a length, chunks, or everything until the end.
"""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from receipts.deadline import Deadline

PIECE = 64 * 1024
MOST_HEAD_BYTES = 64 * 1024
MOST_BODY_BYTES = 1024 * 1024
HEAD_END = b"\r\n\r\n"
INTERIM = range(100, 200)
NO_CONTENT = 204


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

    def exchange(self, request: bytes, deadline: Deadline, most: int = MOST_BODY_BYTES) -> Answer:
        """Send the request, whole, and read its answer, of a body of `most` bytes.

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
        if status == NO_CONTENT:
            return Answer(status, b"", keeps)
        if _header(headers, b"transfer-encoding") == b"chunked":
            return Answer(status, self._chunks(most, deadline), keeps)
        length = _header(headers, b"content-length")
        if length:
            size = _number(length, 10)
            if size > most:
                raise Malformed("the answer is too long")
            return Answer(status, self._exactly(size, deadline), keeps)
        return Answer(status, self._everything(most, deadline), keeps=False)

    def close(self) -> None:
        """Close the connection."""
        self._peer.close()

    def _head(self, deadline: Deadline) -> tuple[int, bytes]:
        """The status, and the header lines in lower case."""
        head = self._until(HEAD_END, MOST_HEAD_BYTES, deadline)
        if not head.startswith(b"HTTP/1."):
            raise Malformed("not an answer of HTTP/1.x")
        return _number(head[9:12], 10), head.lower() + b"\r\n"

    def _chunks(self, most: int, deadline: Deadline) -> bytes:
        body = bytearray()
        while size := _number(self._until(b"\r\n", MOST_HEAD_BYTES, deadline).partition(b";")[0], 16):
            if size > most:
                raise Malformed("the answer is too long")
            body += self._exactly(size, deadline)
            self._exactly(2, deadline)
            if len(body) > most:
                raise Malformed("the answer does not end")
        # Trailing headers, which nobody sends, up to the empty line.
        while self._until(b"\r\n", MOST_HEAD_BYTES, deadline):
            pass
        return bytes(body)

    def _everything(self, most: int, deadline: Deadline) -> bytes:
        while len(self._held) <= most:
            try:
                self._more(deadline)
            except Ended:  # noqa: PERF203 - the end is where it stops
                return bytes(self._held)
        raise Malformed("the answer does not end")

    def _exactly(self, size: int, deadline: Deadline) -> bytes:
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


class Service:
    """A service at its address, over one connection that is kept alive between exchanges. Not for two threads at once.

    Args:
        address: `http(s)://<host>[:<port>]`.

    Attributes:
        netloc: host and port as the header `Host` names them.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self.netloc = parts.netloc
        self._connection: Connection | None = None

    def exchange(self, request: bytes, deadline: Deadline, most: int = MOST_BODY_BYTES) -> Answer:
        """Send the request, if need be over a new connection, and read its answer.

        Sent twice if the service had closed the idle connection, even if it had taken the request before it did.

        Raises:
            OSError: as `Connection.exchange` and `connected`.
        """
        try:
            return self._exchanged(request, deadline, most)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchanged(self, request: bytes, deadline: Deadline, most: int) -> Answer:
        if self._connection is not None:
            try:
                return self._kept(self._connection.exchange(request, deadline, most))
            except ConnectionError:
                # The service had closed the idle connection: the one fault that a new connection mends.
                self.close()
        self._connection = connected(self._host, self._port, secure=self._secure, deadline=deadline)
        return self._kept(self._connection.exchange(request, deadline, most))

    def _kept(self, answer: Answer) -> Answer:
        if not answer.keeps:
            self.close()
        return answer


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
