"""Each thing that a file host can do wrong is what a client sees."""

from __future__ import annotations

import http.client
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.files import HTML_PAGE, XML_ERROR, Misbehaviour, audio
from local.cloud.files.body import BLOCK
from tests.local.files.support import ask, connect, get, target
from tests.local.support import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.cloud.files import FileHost

NAME = "demo.mp3"
SIZE = 2 * BLOCK + 100
WHOLE = audio.mp3(SIZE).read()


@pytest.fixture
def connection(host: FileHost) -> Iterator[http.client.HTTPConnection]:
    """A connection to the host, which has one file."""
    host.put(NAME, audio.mp3(SIZE))
    connection = connect(host.endpoint)
    yield connection
    connection.close()


def begin(host: FileHost, connection: http.client.HTTPConnection, **wrong: Any) -> http.client.HTTPResponse:
    """Ask for the file, which is to be sent wrong in some way; the answer, not yet read."""
    host.misbehave(NAME, Misbehaviour(**wrong))
    connection.request("GET", target(host.url(NAME)))
    return connection.getresponse()


@pytest.mark.parametrize("cut", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, SIZE - 1])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_truncated_file(host: FileHost, connection: http.client.HTTPConnection, cut: int, framing: str) -> None:
    """So many bytes come, then an orderly end before what was promised."""
    response = begin(host, connection, truncate_after=cut, framing=framing)
    with pytest.raises(http.client.IncompleteRead) as caught:
        response.read()
    if framing == "length":
        assert caught.value.partial == WHOLE[:cut]


def test_a_truncated_file_whose_end_is_the_connections(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """Nothing tells that it is not whole: a client that takes it for the file loses the rest."""
    assert begin(host, connection, truncate_after=700, framing="close").read() == WHOLE[:700]


@pytest.mark.parametrize("cut", [0, 700, BLOCK])
def test_a_reset_connection(host: FileHost, connection: http.client.HTTPConnection, cut: int) -> None:
    """An error of the connection, not an end."""
    with pytest.raises(ConnectionResetError):
        begin(host, connection, reset_after=cut).read()


def test_a_file_that_stalls_for_good(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """The bytes before come, then nothing until the client gives up."""
    response = begin(host, connection, stall_after=700)
    assert response.read(700) == WHOLE[:700]
    assert connection.sock
    connection.sock.settimeout(0.05)
    with pytest.raises(TimeoutError):
        response.read(1)


def test_a_file_that_stalls_for_a_while(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """Then the rest comes."""
    began = time.monotonic()
    assert begin(host, connection, stall_after=700, stall_seconds=0.1).read() == WHOLE
    assert time.monotonic() - began >= 0.1


def test_a_file_that_drips(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """Never silent for long, and never done: only a limit on the whole helps against it."""
    host.put(NAME, WHOLE[:40])
    began = time.monotonic()
    response = begin(host, connection, drip_bytes=4, drip_seconds=0.01)
    pieces = [response.read1(40) for _ in range(10)]
    assert b"".join(pieces) == WHOLE[:40]
    assert max(map(len, pieces)) < 40
    assert time.monotonic() - began >= 9 * 0.01


def test_a_slow_first_byte(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """Not even the status comes before."""
    began = time.monotonic()
    response = begin(host, connection, first_byte_after=0.1)
    assert time.monotonic() - began >= 0.1
    assert response.read() == WHOLE


def test_more_is_promised_than_comes(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """All the bytes come, and then the end instead of the rest."""
    response = begin(host, connection, length_off_by=5)
    assert response.length == SIZE + 5
    with pytest.raises(http.client.IncompleteRead) as caught:
        response.read()
    assert caught.value.partial == WHOLE


def test_less_is_promised_than_comes(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """A client that keeps to the length has a file that is not whole, and nothing tells it so."""
    response = begin(host, connection, length_off_by=-100)
    assert response.read() == WHOLE[:-100]


@pytest.mark.parametrize("framing", ["close", "chunked"])
def test_no_length_is_told(host: FileHost, connection: http.client.HTTPConnection, framing: str) -> None:
    """The file comes whole all the same."""
    response = begin(host, connection, framing=framing)
    assert response.getheader("Content-Length") is None
    assert response.read() == WHOLE


def test_after_chunks_the_connection_goes_on(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """They have an end of their own."""
    begin(host, connection, framing="chunked").read()
    socket = connection.sock
    assert ask(connection, host.url(NAME)).body == WHOLE
    assert connection.sock is socket


@pytest.mark.parametrize("page", [XML_ERROR, HTML_PAGE, b""])
def test_something_else_with_status_200(host: FileHost, connection: http.client.HTTPConnection, page: bytes) -> None:
    """An error, a page or nothing is sent as if it were the recording, under its content type."""
    response = begin(host, connection, instead=page)
    assert (response.status, response.getheader("Content-Type")) == (200, "audio/mpeg")
    assert response.read() == page


def test_a_wrong_content_type(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """The bytes are right."""
    response = begin(host, connection, content_type="text/html")
    assert response.getheader("Content-Type") == "text/html"
    assert response.read() == WHOLE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect(host: FileHost, connection: http.client.HTTPConnection, status: int) -> None:
    """To any address, without a body."""
    address = "http://169.254.169.254/latest/meta-data/"
    response = begin(host, connection, redirect_to=address, redirect_status=status)
    assert (response.status, response.getheader("Location"), response.read()) == (status, address, b"")


def test_one_thing_after_another(host: FileHost) -> None:
    """Each for as many requests as planned, then the file is well; a bad link does not use anything up."""
    host.put(NAME, b"well")
    host.misbehave(NAME, Misbehaviour(instead=b"first"), times=2)
    host.misbehave(NAME, Misbehaviour(instead=b"then"), times=1)
    assert get(f"{host.endpoint}/{NAME}").status == 403
    assert [get(host.url(NAME)).body for _ in range(4)] == [b"first", b"first", b"then", b"well"]


def test_a_file_put_again_is_well(host: FileHost) -> None:
    """What was planned for the old one is forgotten."""
    host.misbehave(NAME, Misbehaviour(instead=b"wrong"))
    host.put(NAME, b"well")
    assert get(host.url(NAME)).body == b"well"


def test_a_stalled_answer_holds_nobody_else_up(host: FileHost, connection: http.client.HTTPConnection) -> None:
    """Neither other files nor the end of the host."""
    before = set(threading.enumerate())
    host.put("other.mp3", b"other")
    began = time.monotonic()
    begin(host, connection, stall_after=1)
    assert get(host.url("other.mp3")).body == b"other"
    assert time.monotonic() - began < 5
    host.stop()
    wait_until(lambda: not (set(threading.enumerate()) - before))
