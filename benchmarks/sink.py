"""Where copies end: the little of OSS that they need, as fast as Python takes bytes in, and nothing kept.

The loopback OSS of `local/` writes to disk and takes MD5 and CRC by slow means: beside it, everything looks fast.
"""

from __future__ import annotations

import socketserver
import threading
from functools import reduce
from typing import TYPE_CHECKING

from benchmarks.loopback import ready
from receipts.recordings.sums import crc64, joined

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

BUFFER = 1 << 20
BEGUN = "<InitiateMultipartUploadResult><UploadId>made-up</UploadId></InitiateMultipartUploadResult>"
COMPLETED = "<CompleteMultipartUploadResult><ETag>made-up</ETag></CompleteMultipartUploadResult>"


class _Taken(socketserver.StreamRequestHandler):
    """One connection: every request is answered as a success, with the sum of what came."""

    disable_nagle_algorithm = True
    rbufsize = BUFFER

    def setup(self) -> None:
        super().setup()
        self._buffer = memoryview(bytearray(BUFFER))
        self._parts: list[tuple[int, int]] = []

    def handle(self) -> None:
        while line := self.rfile.readline():
            method, target, _ = line.decode("ascii").split(" ")
            size = self._size()
            self._answer(method, target.partition("?")[2], self._sum(size), size)

    def _size(self) -> int:
        size = 0
        while (header := self.rfile.readline()) not in (b"\r\n", b""):
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        return size

    def _sum(self, left: int) -> int:
        total = 0
        while left:
            got = self.rfile.readinto(self._buffer[: min(left, BUFFER)])
            if not got:
                raise ConnectionAbortedError
            total, left = crc64(self._buffer[:got], total), left - got
        return total

    def _answer(self, method: str, query: str, total: int, size: int) -> None:
        body = ""
        if method == "POST" and "uploadId" not in query:
            body = BEGUN
        elif method == "POST":
            # One upload at a time, over one connection.
            body, total = COMPLETED, reduce(lambda before, part: joined(before, *part), self._parts, 0)
            self._parts.clear()
        elif "uploadId" in query:
            self._parts.append((total, size))
        head = f'HTTP/1.1 200 OK\r\nETag: "made-up"\r\nx-oss-hash-crc64ecma: {total}\r\nContent-Length: {len(body)}'
        self.wfile.write(f"{head}\r\n\r\n{body}".encode("ascii"))


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def serve(parent: Connection) -> None:
    """Serve, and tell `parent` the endpoint."""
    with _Server(("127.0.0.1", 0), _Taken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ready(parent, f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()
