"""One real HTTP server per function with an HTTP trigger, on a free port of 127.0.0.1."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from local.host.http_event import HttpAnswer, HttpRequest, http_answer, http_event, refusal
from local.host.pool import PoolClosedError
from local.serving import LocalServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.host.result import Result
    from template.functions import HttpTrigger

# A synchronous invocation's payload is at most 32 MB on the platform.
MAX_BODY = 32 * 1024 * 1024
_REFUSED = "FcCommonError"


class HttpFront:
    """Turns the requests to one function into invocations. Call `start`, later `stop` and `join`."""

    def __init__(
        self, name: str, trigger: HttpTrigger, invoke: Callable[[bytes], Result], *, account_id: str, port: int = 0
    ) -> None:
        self._name = name
        self._methods = trigger.methods
        self._invoke = invoke
        self._account_id = account_id
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.front = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name=f"http {name}", daemon=True
        )

    @property
    def url(self) -> str:
        """`http://127.0.0.1:<port>`, without a trailing slash."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests and cut every connection; invocations may still run."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self._server.cut_connections()

    def join(self) -> None:
        """Wait for the threads of the requests that `stop` cut off: the pool must be stopped before."""
        for thread in self._server.handlers:
            thread.join()

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """Invoke the function for one request."""
        if request.method not in self._methods:
            # The vendor's table of HTTP errors (document 85445) has 403 for a method that the trigger does
            # not list, where HTTP would suggest 405.
            return refusal(403, _REFUSED, _message("AccessDenied", f"method {request.method} is not allowed"))
        event = http_event(
            request,
            account_id=self._account_id,
            function=self._name,
            # The vendor's own sample has it empty: functions must take it from the context.
            request_id="",
            now=datetime.now(timezone.utc),
        )
        try:
            result = self._invoke(event)
        except PoolClosedError:
            return refusal(503, _REFUSED, _message("ServiceUnavailable", "the host is stopping"))
        answer = http_answer(result)
        return answer._replace(headers={**answer.headers, "X-Fc-Request-Id": result.request_id})


def _message(code: str, text: str) -> bytes:
    return json.dumps({"errorCode": code, "errorMessage": text}).encode()


class _BodyError(Exception):
    """The body cannot be read: the status to answer with."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Server(LocalServer):
    front: HttpFront


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one segment per answer
    server: _Server

    def _serve(self) -> None:
        try:
            body = self._read_body()
        except _BodyError as error:
            # What is left of the body would be taken for the next request.
            self.close_connection = True
            self._send(refusal(error.status, _REFUSED, _message("InvalidArgument", "request body refused")))
            return
        # Not self.path: http.server collapses leading slashes there.
        target = self.requestline.split()[1]
        request = HttpRequest(
            self.command, target, self.request_version, self.headers.items(), body, self.client_address[0]
        )
        self._send(self.server.front.answer(request))

    def __getattr__(self, name: str) -> Any:
        """http.server looks for `do_<method>`: every method is the trigger's to allow or refuse."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        """Tell the client to send its body: at once, not with the answer."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return b"".join(self._chunks())
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdigit()):
            raise _BodyError(400)
        if int(length) > MAX_BODY:
            raise _BodyError(413)
        return self._read_exactly(int(length))

    def _chunks(self) -> Iterator[bytes]:
        total = 0
        while size := self._chunk_size():
            total += size
            if total > MAX_BODY:
                raise _BodyError(413)
            yield self._read_exactly(size)
            self.rfile.readline()
        while self.rfile.readline().strip():  # trailers
            pass

    def _read_exactly(self, size: int) -> bytes:
        body = self.rfile.read(size)
        if len(body) < size:
            # The client is gone in the middle: half a request must not reach the function.
            raise _BodyError(400)
        return body

    def _chunk_size(self) -> int:
        line = self.rfile.readline(1024).partition(b";")[0].strip()
        try:
            return int(line, 16)
        except ValueError:
            raise _BodyError(400) from None

    def _send(self, answer: HttpAnswer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name http.server gives it
        """Nothing: a request line holds tokens and numbers."""
