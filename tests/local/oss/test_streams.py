"""Large objects pass through, in both directions, without being held in memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import oss2
import pytest

from local.cloud.oss import OssServer
from tests.local.oss.support import MB, ask, client_of
from tests.local.support import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
PIECE = bytes(range(256)) * 1024
SIZE = 32 * MB
PART = 2 * MB
# Of 32 MB; a server that keeps one body, or one object, in memory needs at least all of them.
ALLOWED_KB = 12 * 1024

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")


class Apart:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.endpoint = self._line()

    def peak(self) -> int:
        """The most memory that it has had so far, in KB."""
        assert self._process.stdin
        self._process.stdin.write("peak\n")
        self._process.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()


@pytest.fixture
def apart() -> Iterator[Apart]:
    """A server whose memory is its own."""
    command = [sys.executable, "-m", "tests.local.oss.apart"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Apart(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.fixture
def remote(apart: Apart) -> Iterator[Any]:
    """The SDK's bucket there, after a first object has brought in what the server loads late."""
    with client_of(apart) as client:  # type: ignore[arg-type] # an endpoint is all that is needed
        client.create_bucket()
        client.put_object("small", PIECE * 2)
        client.get_object("small").read()
        yield client


def pieces(size: int) -> Iterator[bytes]:
    """A body that is never there as a whole."""
    for _ in range(size // len(PIECE)):
        yield PIECE


def read(found: Any) -> int:
    """The bytes of an answer, counted and dropped; the SDK compares their checksum."""
    length = sum(len(piece) for piece in iter(lambda: found.read(MB), b""))
    oss2.utils.check_crc("get", found.client_crc, found.server_crc, found.request_id)
    return length


def test_a_large_object_in_one_piece(apart: Apart, remote: Any) -> None:
    """Put in chunks, read back, and read again from the middle."""
    before = apart.peak()
    remote.put_object("large", pieces(SIZE))
    assert read(remote.get_object("large")) == SIZE
    half = remote.get_object("large", byte_range=(SIZE // 2, SIZE - 1))
    assert sum(len(piece) for piece in half) == SIZE // 2
    assert apart.peak() - before < ALLOWED_KB


def test_a_large_object_in_parts(apart: Apart, remote: Any) -> None:
    """Put in parts, each of which would fit into memory, and completed."""
    before = apart.peak()
    upload_id = remote.init_multipart_upload("large").upload_id
    parts = []
    for number in range(1, SIZE // PART + 1):
        part = remote.upload_part("large", upload_id, number, pieces(PART))
        parts.append(oss2.models.PartInfo(number, part.etag, size=PART, part_crc=part.crc))
    crc = remote.complete_multipart_upload("large", upload_id, parts).crc
    assert crc == remote.head_object("large").server_crc
    assert read(remote.get_object("large")) == SIZE
    assert apart.peak() - before < ALLOWED_KB


def test_nothing_is_left_when_it_stops() -> None:
    """Objects and half an upload are files that have no name, and are closed: warnings are errors here."""
    with OssServer(key=KEY) as server, client_of(server) as client:
        client.create_bucket()
        client.put_object("a", PIECE * 4)
        client.put_object("a", PIECE * 8)
        client.upload_part("b", client.init_multipart_upload("b").upload_id, 1, PIECE * 4)
    assert ask_refused(server)


def ask_refused(server: OssServer) -> bool:
    """Whether nobody listens there any more."""
    try:
        ask(server, "GET", "/recordings/a")
    except ConnectionRefusedError:
        return True
    return False
