"""One request to a file host: the link is checked, then the file is sent, well or not."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import struct
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from local.cloud.files.body import Kept
from local.cloud.files.links import Refusal
from local.cloud.files.misbehaviour import Misbehaviour
from local.cloud.files.refusals import as_xml
from local.cloud.files.sending import send

if TYPE_CHECKING:
    from local.cloud.files.body import Body
    from local.cloud.files.server import FileServer
    from local.cloud.files.shelf import File

_LINGER_NOT = struct.pack("ii", 1, 0)


class FileHandler(BaseHTTPRequestHandler):
    """Answers GET, and HEAD to those who can sign it; a link that was handed out is for GET alone."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FileServer

    def _serve(self) -> None:
        shelf = self.server.shelf
        path, _, query = self.path.partition("?")
        name = unquote(path.removeprefix("/"))
        shelf.count(name)
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            # Nobody reads what comes with this request.
            self.close_connection = True
        try:
            if self._strike():
                return
            file = self._find(name, query)
        except Refusal as refusal:
            self._refuse(refusal)
            return
        self._send_file(file, shelf.plans.take(name))

    do_GET = do_HEAD = _serve  # noqa: N815 - the names http.server looks for
    do_PUT = do_POST = do_DELETE = do_PATCH = do_OPTIONS = _serve  # noqa: N815 - the same; no link allows them

    def _strike(self) -> bool:
        """Let the planned fault happen; True if that is all the answer there is."""
        faults = self.server.shelf.faults
        fault = faults.strike("HeadObject" if self.command == "HEAD" else "GetObject")
        if fault is None:
            return False
        faults.pause(fault.delay)
        if fault.close_before:
            return self._drop()
        if fault.status is not None:
            raise Refusal(fault.status, fault.code, fault.code)
        # A read commits nothing: what is to happen after it may as well happen before.
        if fault.after is not None:
            fault.after()
        if fault.close_after:
            return self._drop()
        faults.pause(fault.hang)
        return False

    def _drop(self) -> bool:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        return True

    def _find(self, name: str, query: str) -> File:
        shelf = self.server.shelf
        shelf.links.check(self.command, name, query)
        file = shelf.files.get(name)
        if file is None:
            raise Refusal(404, "NoSuchKey", "The specified key does not exist.", Key=name)
        return file

    def _refuse(self, refusal: Refusal) -> None:
        request_id = secrets.token_hex(12).upper()
        body = Kept(as_xml(refusal, request_id, self.headers.get("Host", "")))
        self._send(refusal.status, {"Content-Type": "application/xml"}, body, Misbehaviour(), request_id)

    def _send_file(self, file: File, plan: Misbehaviour) -> None:
        self.server.shelf.stopping.wait(plan.first_byte_after)
        if plan.redirect_to is not None:
            self._send(plan.redirect_status, {"Location": plan.redirect_to}, Kept(b""), Misbehaviour())
            return
        body = file.body if plan.instead is None else Kept(plan.instead)
        self._send(200, {"Content-Type": plan.content_type or file.content_type}, body, plan)

    def _send(
        self, status: int, headers: dict[str, str], body: Body, plan: Misbehaviour, request_id: str | None = None
    ) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.send_header("Server", "AliyunOSS")
        self.send_header("x-oss-request-id", request_id or secrets.token_hex(12).upper())
        match plan.framing:
            case "length":
                self.send_header("Content-Length", str(max(body.size + plan.length_off_by, 0)))
            case "chunked":
                self.send_header("Transfer-Encoding", "chunked")
            case "close":
                self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and not send(body, plan, self, self.server.shelf.stopping):
            self.close_connection = True

    def write(self, piece: bytes) -> object:
        """Send a piece of a body; see `Wire`."""
        return self.wfile.write(piece)

    def reset(self) -> None:
        """End the connection with a reset; see `Wire`."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        # The reading side holds on to the connection: closing it the usual way would send an orderly end first.
        os.close(self.connection.detach())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name http.server gives it
        """Nothing: a request line holds a signature."""
