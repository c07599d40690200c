"""The threads and connections of a file host: a server that leaves none of them behind."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from local.cloud.files.handler import FileHandler

if TYPE_CHECKING:
    from local.cloud.files.shelf import Shelf

_PATIENCE = 5.0


class FileServer(ThreadingHTTPServer):
    """Serves a `Shelf` on 127.0.0.1, one thread for each connection."""

    request_queue_size = 128

    def __init__(self, shelf: Shelf, port: int) -> None:
        super().__init__(("127.0.0.1", port), FileHandler)
        self.shelf = shelf
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._closing = threading.Event()
        self._acceptor = threading.Thread(target=self._accept, daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._acceptor.start()

    def stop(self) -> None:
        """Cut every connection, let everything that waits go, and return when no thread is left."""
        self._closing.set()
        if self._acceptor.is_alive():
            # One more connection, to be the one that is waited for.
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.server_port)):
                self._acceptor.join()
        self.server_close()
        # Cut first: what was stalled until now is not to be sent in the end.
        for connection in self._connections.values():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.shelf.stopping.set()
        deadline = time.monotonic() + _PATIENCE
        for thread in self._connections:
            while thread.is_alive() and time.monotonic() < deadline:
                # Again and again: a fault may begin to wait only now.
                self.shelf.faults.clear()
                thread.join(0.02)

    def _accept(self) -> None:
        while not self._closing.is_set():
            self.handle_request()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection in a thread that `stop` knows of."""
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self._connections = {t: c for t, c in self._connections.items() if t.is_alive()} | {thread: request}
        thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nothing to print; anything else is a defect here."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
