"""What every HTTP server here has in common: known threads, connections that can be cut, patience with lost clients."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from http.server import ThreadingHTTPServer
from typing import Any


class LocalServer(ThreadingHTTPServer):
    """One thread for each connection.

    Attributes:
        handlers: the threads that run, or did a moment ago, with the connection of each.
    """

    request_queue_size = 128

    def __init__(self, *args: Any) -> None:
        self.handlers: dict[threading.Thread, socket.socket] = {}
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve one connection."""
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self.handlers = {known: its for known, its in self.handlers.items() if known.is_alive()} | {thread: request}
        thread.start()

    def cut_connections(self) -> None:
        """End every connection, whatever is under way on it. Only once no new ones are taken."""
        for connection in self.handlers.values():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nothing to print; anything else is a defect here."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
