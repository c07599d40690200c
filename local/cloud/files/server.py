"""The threads and connections of a file host: a server that leaves none of them behind."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

from local.cloud.files.handler import FileHandler
from local.serving import LocalServer

if TYPE_CHECKING:
    from local.cloud.files.shelf import Shelf

_PATIENCE = 5.0


class FileServer(LocalServer):
    """Serves a `Shelf` on 127.0.0.1, one thread for each connection."""

    def __init__(self, shelf: Shelf, port: int) -> None:
        super().__init__(("127.0.0.1", port), FileHandler)
        self.shelf = shelf
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
        self.cut_connections()
        self.shelf.stopping.set()
        deadline = time.monotonic() + _PATIENCE
        for thread in self.handlers:
            while thread.is_alive() and time.monotonic() < deadline:
                # Again and again: a fault may begin to wait only now.
                self.shelf.faults.clear()
                thread.join(0.02)

    def _accept(self) -> None:
        while not self._closing.is_set():
            self.handle_request()
