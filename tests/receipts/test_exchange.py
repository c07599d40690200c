"""One exchange over a connection: every form of answer, every way in which it can be wrong, one deadline."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.deadline import Deadline
from receipts.journal.exchange import Answer, Connection, Malformed
from tests.receipts.support import PROPERTY

if TYPE_CHECKING:
    from collections.abc import Sequence


class Clock:
    """Seconds that pass when they are told to."""

    now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class Peer:
    """Stands in for a connected socket at the one border that matters here: what is sent, what comes, how long."""

    def __init__(self, pieces: Sequence[bytes], clock: Clock, seconds: float = 0.0) -> None:
        self.pieces, self.clock, self.seconds = list(pieces), clock, seconds
        self.sent = b""
        self.timeouts: list[float] = []

    def settimeout(self, seconds: float) -> None:
        """Remember it."""
        self.timeouts.append(seconds)

    def sendall(self, data: bytes) -> None:
        """Take it."""
        self.sent += data

    def recv(self, size: int) -> bytes:
        """The next piece; then the end."""
        self.clock.now += self.seconds
        return self.pieces.pop(0)[:size] if self.pieces else b""


def exchanged(*pieces: bytes) -> Answer:
    """What an exchange gives when these pieces come back."""
    clock = Clock()
    return Connection(Peer(pieces, clock)).exchange(b"question", Deadline(10, clock))  # type: ignore[arg-type]  # a Peer


HEAD = b"HTTP/1.1 201 Created\r\n"


@pytest.mark.parametrize(
    ("pieces", "status", "body", "keeps"),
    [
        ([HEAD + b"Content-Length: 2\r\n\r\nok"], 201, b"ok", True),
        ([HEAD + b"content-length:2\r\nConnection: Close\r\n\r\nok"], 201, b"ok", False),
        ([HEAD + b"Content-Length: 0\r\n\r\n"], 201, b"", True),
        ([HEAD[:5], HEAD[5:], b"Content-Len", b"gth: 4\r\n\r", b"\nok", b"ok"], 201, b"okok", True),
        (
            [HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"],
            201,
            b"abc0123456789",
            True,
        ),
        ([HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nTrailer: x\r\n\r\n"], 201, b"a", True),
        ([HEAD + b"Transfer-Encoding:chunked\r\nConnection:close\r\n\r\n1\r\na\r\n0\r\n\r\n"], 201, b"a", False),
        ([HEAD + b"\r\nall ", b"of it"], 201, b"all of it", False),
        ([b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + b"Content-Length: 1\r\n\r\n!"], 201, b"!", True),
        ([b"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n"], 204, b"", True),
        ([b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"], 204, b"", False),
        ([b"HTTP/1.0 503 Busy\r\nContent-Length: 1\r\n\r\n?"], 503, b"?", True),
    ],
)
def test_every_form_of_answer_is_read_whole(pieces: list[bytes], status: int, body: bytes, keeps: bool) -> None:  # noqa: FBT001 - a row of the table
    """By its length, in chunks, or until the end; however it is cut into pieces."""
    assert exchanged(*pieces) == Answer(status, body, keeps)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 1_0\r\n\r\n",
        HEAD + b"Content-Length: 99999999999\r\n\r\n",
        HEAD + b"X: " + b"x" * 70_000,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
        HEAD + b"\r\n" + b"x" * 1_100_000,
    ],
)
def test_what_is_not_http_or_does_not_end_is_malformed(answer: bytes) -> None:
    """An error of its own, which is an OSError as everything else that can go wrong with a peer."""
    with pytest.raises(Malformed):
        exchanged(*[answer[start : start + 65536] for start in range(0, len(answer), 65536)])


def test_an_endless_row_of_chunks_is_malformed() -> None:
    """A peer cannot fill the memory chunk by chunk."""
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with pytest.raises(Malformed):
        exchanged(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 20)


@pytest.mark.parametrize("cut", [0, 5, 30, 42, 46])
def test_an_answer_that_ends_too_early_is_a_lost_connection(cut: int) -> None:
    """A cut answer is none."""
    whole = HEAD + b"Content-Length: 10\r\n\r\n0123456789"
    with pytest.raises(ConnectionError):
        exchanged(whole[:cut])


@given(st.binary(max_size=200) | st.binary(max_size=80).map(lambda rest: HEAD + rest))
@PROPERTY
def test_law_never_500_whatever_comes_back_is_an_answer_or_an_os_error(answer: bytes) -> None:
    """No bytes make anything else of it."""
    try:
        exchanged(answer)
    except OSError:
        return


def test_every_wait_is_cut_to_what_the_deadline_leaves() -> None:
    """Sending, reading, reading again: a byte that arrives wins no new time."""
    clock = Clock()
    peer = Peer([b"H", b"T", b"T", b"P"], clock, seconds=3)
    with pytest.raises(TimeoutError):
        Connection(peer).exchange(b"question", Deadline(8, clock))  # type: ignore[arg-type]  # a Peer
    assert peer.sent == b"question"
    assert peer.timeouts == [8, 8, 5, 2]


def test_a_connection_is_closed_with_its_socket() -> None:
    """Nothing is left open."""
    here, there = socket.socketpair()
    Connection(here).close()
    with there:
        assert there.recv(1) == b""
