"""The HTTP side that every loopback server shares: a threaded HTTP/1.1 server on a free port of 127.0.0.1.

A service is an `Answerer`: it names the operation of a request (so that faults can be planned by name) and
answers it. Keep-alive, faults, the thread and the shutdown are handled here. Bodies are bytes, unless the
server is told to spool them; an answer may be a stream either way.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Protocol, cast

from local.cloud.bodies import MalformedBody, Spool, Stream, fill
from local.serving import LocalServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from local.cloud.faults import Fault, Faults

# Up to a gigabyte: more than that is no body but a mistake.
_LENGTH = re.compile(r"[0-9]{1,9}")


class Request(NamedTuple):
    """One HTTP request as it came: `target` is the raw path with its query, header names in lower case.

    A server that spools bodies leaves `body` empty and sets `spool`, which it closes after the answer.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    spool: Spool | None = None


class Response(NamedTuple):
    """One HTTP answer: `stream` is the body, if it is set. The server adds `Content-Length` and closes the answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    stream: Stream | None = None

    def close(self) -> None:
        """Let go of what is behind the body."""
        if self.stream is not None:
            self.stream.close()


class Answerer(Protocol):
    """A loopback service."""

    def operation(self, request: Request) -> str:
        """The operation's name as faults and counts know it."""

    def answer(self, request: Request, fault: Fault | None) -> Response:
        """Carry the request out; `fault` matters here only for `fail_parts`."""

    def refusal(self, request: Request, status: int, code: str) -> Response:
        """The service's own way to say error `code` with `status`."""


class LoopbackServer:
    """Serves one `Answerer` on 127.0.0.1 until it is stopped; also a context manager.

    Args:
        service: what is served.
        faults: what is to go wrong.
        port: 0 for any free one.
        spool: what the service takes bodies in, if they may be of any size and come in chunks.

    Attributes:
        date_shift: seconds by which the `Date` of every answer is off.
    """

    def __init__(
        self, service: Answerer, faults: Faults, *, port: int = 0, spool: Callable[[], Spool] | None = None
    ) -> None:
        self.service = service
        self.faults = faults
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.service = service
        self._http.faults = faults
        self._http.spool = spool
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def date_shift(self) -> float:
        """See the class."""
        return self._http.date_shift

    @date_shift.setter
    def date_shift(self, seconds: float) -> None:
        self._http.date_shift = seconds

    @property
    def endpoint(self) -> str:
        """`http://127.0.0.1:<port>`, without a trailing slash."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        return self._http.connections

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


class _Server(LocalServer):
    service: Answerer
    faults: Faults
    spool: Callable[[], Spool] | None
    date_shift = 0.0
    connections = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # One segment per answer instead of one per header line.
    wbufsize = -1
    server: _Server

    def _serve(self) -> None:
        try:
            request = self._read()
        except MalformedBody:
            self.send_error(400)
            return
        try:
            self._answer(request)
        finally:
            if request.spool is not None:
                request.spool.close()

    def _read(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.server.spool is not None:
            body = self.server.spool()
            fill(body, cast("BinaryIO", self.rfile), headers)
            return Request(self.command, self.path, headers, b"", body)
        length = self.headers.get("Content-Length") or "0"
        if not _LENGTH.fullmatch(length) or "Transfer-Encoding" in self.headers:
            raise MalformedBody
        return Request(self.command, self.path, headers, self.rfile.read(int(length)))

    def _answer(self, request: Request) -> None:
        service = self.server.service
        fault = self.server.faults.strike(service.operation(request))
        if fault is not None and self._fails(request, fault):
            return
        response = service.answer(request, fault)
        try:
            if fault is None or not self._loses(fault):
                self._send(response, cut=fault is not None and fault.cut)
        finally:
            response.close()

    def _fails(self, request: Request, fault: Fault) -> bool:
        """Do what `fault` says comes before the operation; whether that was all."""
        self.server.faults.pause(fault.delay)
        if fault.close_before:
            self._drop()
        elif fault.status is not None:
            self._send(self.server.service.refusal(request, fault.status, fault.code))
        return fault.close_before or fault.status is not None

    def _loses(self, fault: Fault) -> bool:
        """Do what `fault` says comes after the operation; whether its answer is lost."""
        if fault.after is not None:
            fault.after()
        if fault.close_after:
            self._drop()
        else:
            self.server.faults.pause(fault.hang)
        return fault.close_after

    do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 - the names http.server looks for
    do_HEAD = do_PATCH = do_OPTIONS = _serve  # noqa: N815 - the same

    def _send(self, response: Response, *, cut: bool = False) -> None:
        stream = response.stream
        self.send_response_only(response.status)
        self.send_header("Date", self.date_time_string(time.time() + self.server.date_shift))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body) if stream is None else stream.length))
        self.end_headers()
        if cut:
            self.wfile.flush()
            self._drop()
        elif self.command != "HEAD":
            for piece in (response.body,) if stream is None else stream:
                self.wfile.write(piece)

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name http.server gives it
        """Nothing: a request line holds tokens and numbers."""
