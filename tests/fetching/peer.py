"""Small servers on 127.0.0.1 that answer as a script says, byte by byte, lies and stalls included."""

from __future__ import annotations

import contextlib
import re
import socketserver
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self


class Peer:
    """Calls `script(peer, connection)` for each request, whose bytes are kept; a context manager.

    Args:
        script: sends the answer.
        tls: a server context, to speak TLS.
    """

    def __init__(self, script: Callable[[Peer, socket.socket], None], tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.over = threading.Event()
        self._script = script
        self._tls = tls
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.peer = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def drip(self, connection: socket.socket, data: bytes, seconds: float) -> None:
        """Send `data` byte by byte, again and again, until the other side or the test has enough."""
        with contextlib.suppress(OSError):
            while not self.over.is_set():
                for position in range(len(data)):
                    connection.sendall(data[position : position + 1])
                    if self.over.wait(seconds):
                        return

    def serve(self, connection: socket.socket) -> None:
        """Read one request and answer it."""
        with contextlib.suppress(OSError):
            plain = connection
            if self._tls:
                connection = self._tls.wrap_socket(plain, server_side=True)
            with connection:
                self.requests.append(_request(connection))
                self._script(self, connection)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        # Joins the threads of the connections, too.
        self._server.server_close()
        self._thread.join()


def says(*parts: bytes) -> Callable[[Peer, socket.socket], None]:
    """A script that sends these bytes and closes."""

    def script(_: Peer, connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return script


def says_and_stalls(*parts: bytes) -> Callable[[Peer, socket.socket], None]:
    """A script that sends these bytes and then nothing more, without closing."""

    def script(peer: Peer, connection: socket.socket) -> None:
        says(*parts)(peer, connection)
        peer.over.wait(10)

    return script


def _request(connection: socket.socket) -> bytes:
    """One request, with the body that it announces."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(65536) or b"\r\n\r\n"
    length = re.search(rb"(?i)\r\nContent-Length: *(\d+)", request)
    whole = request.index(b"\r\n\r\n") + 4 + (int(length[1]) if length else 0)
    while len(request) < whole:
        request += connection.recv(65536) or bytes(whole)
    return request


class _Server(socketserver.ThreadingTCPServer):
    peer: Peer
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away in the middle are what these tests are about."""


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.server.peer.serve(self.request)
