"""The HTTP side that every loopback server shares: a threaded HTTP/1.1 server on a free port of 127.0.0.1.

A service is an `Answerer`: it names the operation of a request (so that faults can be planned by name) and
answers it. Keep-alive, faults, the thread and the shutdown are handled here.
"""

from __future__ import annotations

import contextlib
import re
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from local.cloud.faults import Fault, Faults

# Up to a gigabyte: more than that is no body but a mistake.
_LENGTH = re.compile(r"[0-9]{1,9}")


class Request(NamedTuple):
    """One HTTP request as it came: `target` is the raw path with its query, header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Response(NamedTuple):
    """One HTTP answer; `Content-Length` is added by the server."""

    status: int
    headers: dict[str, str]
    body: bytes


class Answerer(Protocol):
    """A loopback service."""

    def operation(self, request: Request) -> str:
        """The operation's name as faults and counts know it."""

    def answer(self, request: Request, fault: Fault | None) -> Response:
        """Carry the request out; `fault` matters here only for `fail_parts`."""

    def refusal(self, request: Request, status: int, code: str) -> Response:
        """The service's own way to say error `code` with `status`."""


class LoopbackServer:
    """Serves one `Answerer` on 127.0.0.1 until it is stopped; also a context manager."""

    def __init__(self, service: Answerer, faults: Faults, *, port: int = 0) -> None:
        self.service = service
        self.faults = faults
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.service = service
        self._http.faults = faults
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def endpoint(self) -> str:
        """`http://127.0.0.1:<port>`, without a trailing slash."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> Self:
        """Begin to serve, in a thread of its own."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, cut what hangs and close every connection."""
        self.faults.clear()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.cut_connections()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    service: Answerer
    faults: Faults
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        with self._open_lock:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nothing to print; anything else is a defect here."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # One segment per answer instead of one per header line.
    wbufsize = -1
    server: _Server

    def _serve(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not _LENGTH.fullmatch(length) or "Transfer-Encoding" in self.headers:
            # Where this request ends, and another may begin, is anyone's guess.
            self.send_error(400)
            return
        request = Request(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(length)),
        )
        service, faults = self.server.service, self.server.faults
        fault = faults.strike(service.operation(request))
        if fault is None:
            self._send(service.answer(request, None))
            return
        faults.pause(fault.delay)
        if fault.close_before:
            self._drop()
            return
        if fault.status is not None:
            self._send(service.refusal(request, fault.status, fault.code))
            return
        response = service.answer(request, fault)
        if fault.after is not None:
            fault.after()
        if fault.close_after:
            self._drop()
            return
        faults.pause(fault.hang)
        self._send(response)

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 - the names http.server looks for
    do_HEAD = do_PATCH = do_OPTIONS = _serve  # noqa: N815 - the same

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name http.server gives it
        """Nothing: a request line holds tokens and numbers."""
