"""Bodies over real sockets: what comes through, and each way in which it does not."""

from __future__ import annotations

import gzip
import hashlib
import socket
import struct
import threading
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from receipts.fetching.download import CHUNK, MAX_ERROR_BODY
from receipts.fetching.errors import BodyCutShort, BodyTooLarge, FetchFailed
from receipts.fetching.limits import Limits
from receipts.fetching.network import Endpoint, SystemNetwork
from receipts.fetching.policy import Policy
from tests.fetching.fetches import LOOPBACK, PATIENT, fetched, loopback_fetched, loopback_opened
from tests.fetching.peer import Peer, says, says_and_stalls

if TYPE_CHECKING:
    from collections.abc import Callable

HASTY = Limits(first_byte_seconds=0.2, idle_seconds=0.2, total_seconds=10, max_bytes=1 << 30)
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MANY = bytes(range(256)) * 4096  # 1 MiB


def sized(body: bytes, length: int | None = None, head: bytes = OK) -> bytes:
    """An answer with a Content-Length, true or not."""
    return head + b"Content-Length: %d\r\n\r\n" % (len(body) if length is None else length) + body


def test_the_request_asks_for_the_bytes_as_they_are() -> None:
    """Path and query go out as they came (a signature is over them), the Host header names host and port."""
    with Peer(says(sized(b"RIFF", head=OK + b"X-A: 1\r\nX-a: 2\r\nContent-Type: audio/wav\r\n"))) as peer:
        answer = loopback_fetched(peer.port)
    assert answer.body == b"RIFF"
    assert (answer.status, answer.length) == (200, 4)
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["x-a"] == "1, 2"
    lines = peer.requests[0].decode().split("\r\n")
    assert lines[:2] == ["GET /r.wav?s=1 HTTP/1.1", f"Host: 127.0.0.1:{peer.port}"]
    assert "Accept-Encoding: identity" in lines


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, len(MANY)])
def test_a_body_comes_through_whole(size: int) -> None:
    """Byte for byte, in pieces of at most 256 KiB, none of them empty."""
    with Peer(says(sized(MANY[:size]))) as peer, loopback_opened(peer.port) as download:
        pieces = list(download.chunks())
    assert b"".join(pieces) == MANY[:size]
    assert all(0 < len(piece) <= CHUNK for piece in pieces)
    assert download.length == size


@pytest.mark.parametrize("chunk", [1, 1000, CHUNK, CHUNK + 7])
def test_a_chunked_body_comes_through_whole(chunk: int) -> None:
    """Whatever size the peer's chunks have, with extensions and trailers."""
    body = MANY if chunk > 1 else MANY[:5000]
    parts = [body[start : start + chunk] for start in range(0, len(body), chunk)]
    sent = b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in parts)
    with Peer(says(CHUNKED, sent, b"0\r\nX-Sum: 1\r\n\r\n")) as peer:
        answer = loopback_fetched(peer.port)
    assert (answer.body, answer.length) == (body, None)


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    """The old way; the caller sees that no length was announced."""
    with Peer(says(b"HTTP/1.0 200 OK\r\n\r\n", MANY)) as peer:
        answer = loopback_fetched(peer.port)
    assert (answer.body, answer.length) == (MANY, None)


@pytest.mark.parametrize(
    "answer",
    [
        sized(b"RIFF", 5),
        sized(b"", 1),
        sized(MANY, len(MANY) + 1),
        CHUNKED,
        CHUNKED + b"5\r\nRIFF",
        CHUNKED + b"4\r\nRIFF",
        CHUNKED + b"4\r\nRIFF\r\n",
        CHUNKED + b"4\r\nRIFF\r\n0",
        CHUNKED + b"4\r\nRIFFRIFF\r\n0\r\n\r\n",
        CHUNKED + b"4\r\nRIFFxx0\r\n\r\n",
        CHUNKED + b"4\nRIFF\n0\n\n",
        CHUNKED + b"-4\r\nRIFF\r\n0\r\n\r\n",
        CHUNKED + b"0x4\r\nRIFF\r\n0\r\n\r\n",
        CHUNKED + b"4_0\r\nRIFF\r\n0\r\n\r\n",
        CHUNKED + b"\r\n0\r\n\r\n",
        CHUNKED + b"4;" + b"a" * 5000 + b"\r\nRIFF\r\n0\r\n\r\n",
        CHUNKED + b"f" * 40 + b"\r\nRIFF",
    ],
    ids=lambda answer: repr(answer[-40:]),
)
def test_a_body_that_ends_too_early_is_noticed(answer: bytes) -> None:
    """A body that is shorter than it says, or chunked wrongly, never passes for a whole one."""
    with Peer(says(answer)) as peer, pytest.raises(BodyCutShort) as problem:
        loopback_fetched(peer.port)
    assert problem.value.host == "127.0.0.1"


@pytest.mark.parametrize("ending", [says, says_and_stalls])
def test_bytes_after_the_announced_length_are_noticed(
    ending: Callable[..., Callable[[Peer, socket.socket], None]],
) -> None:
    """A length that is too small: what was announced is a part of the body only, and does not pass for the whole."""
    with Peer(ending(sized(b"RIFFsurplus", 4))) as peer, pytest.raises(FetchFailed, match="more bytes came") as problem:
        loopback_fetched(peer.port)
    assert problem.value.host == "127.0.0.1"


def test_a_peer_that_does_not_close_is_not_waited_for_long() -> None:
    """It was asked to; a whole body is whole all the same."""
    began = time.monotonic()
    with Peer(says_and_stalls(sized(b"RIFF"))) as peer:
        assert loopback_fetched(peer.port).body == b"RIFF"
        assert time.monotonic() - began < 5


def test_a_connection_that_breaks_is_noticed() -> None:
    """A reset within the body is a cut, too."""

    def script(_: Peer, connection: socket.socket) -> None:
        connection.sendall(sized(b"RIFF", 100))
        # To linger for no time: closing resets the connection.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with Peer(script) as peer, pytest.raises(BodyCutShort):
        loopback_fetched(peer.port)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1",
        b"220 mail ready\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        OK,
        OK + b"Content-Length: 4\r\n",
        OK + b"Content-Length: four\r\n\r\nRIFF",
        OK + b"Content-Length: -4\r\n\r\nRIFF",
        OK + b"Content-Length: +4\r\n\r\nRIFF",
        OK + b"Content-Length: 1_0\r\n\r\nRIFF",
        OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nRIFF",
        OK + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nRIFF\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        OK + b"no header\r\nContent-Length: 4\r\n\r\nRIFF",
        OK + b" continued\r\nContent-Length: 4\r\n\r\nRIFF",
        OK + b"X: 1\r\n" * 101 + b"\r\n",
        OK + b"X: " + b"1" * 70000 + b"\r\n\r\n",
    ],
    ids=lambda answer: repr(answer[-40:]),
)
def test_an_answer_that_cannot_be_understood_is_to_be_tried_again(answer: bytes) -> None:
    """Broken, contradictory or flooding heads are no body, and no other kind of error."""
    with Peer(says(answer)) as peer, pytest.raises(FetchFailed, match=r"127\.0\.0\.1"):
        loopback_fetched(peer.port)


def test_an_answer_other_than_200_is_given_with_its_beginning() -> None:
    """64 KiB at most, however long it is, sized or not: enough to tell an error page from an expired link."""
    for head in (b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n" % len(MANY), b"HTTP/1.1 500 Oh\r\n\r\n"):
        with Peer(says(head, MANY)) as peer:
            answer = loopback_fetched(peer.port, PATIENT._replace(max_bytes=10))
        assert answer.body == MANY[:MAX_ERROR_BODY]
        assert answer.status == int(head[9:12])


def test_an_answer_without_a_body_has_none() -> None:
    """204 has no body, and the connection need not close for it."""
    with Peer(says_and_stalls(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n")) as peer:
        answer = loopback_fetched(peer.port)
    assert (answer.status, answer.body, answer.length) == (204, b"", 0)


def test_a_compressed_body_is_not_unpacked() -> None:
    """A peer that compresses all the same: the bytes stay those at the source, the header says so."""
    packed = gzip.compress(b"RIFF" * 99)
    with Peer(says(sized(packed, head=OK + b"Content-Encoding: gzip\r\n"))) as peer:
        answer = loopback_fetched(peer.port)
    assert (answer.body, answer.headers["content-encoding"]) == (packed, "gzip")


def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    """The limit is known before the first byte of the body."""
    with Peer(says_and_stalls(sized(b"", 11))) as peer, pytest.raises(BodyTooLarge, match="11 bytes, the limit is 10"):
        loopback_fetched(peer.port, PATIENT._replace(max_bytes=10))


@pytest.mark.parametrize("head", [CHUNKED + b"100000\r\n", OK + b"\r\n"])
def test_a_body_that_goes_on_past_the_limit_is_stopped(head: bytes) -> None:
    """Without an announced length the bytes are counted, and nothing past the limit is given out."""
    got: list[bytes] = []
    limits = PATIENT._replace(max_bytes=CHUNK + 1)
    with Peer(says(head, MANY, b"\r\n0\r\n\r\n")) as peer, loopback_opened(peer.port, limits) as download:
        pieces = download.chunks()
        with pytest.raises(BodyTooLarge, match=f"more than {CHUNK + 1} bytes"):
            got.extend(pieces)
    assert b"".join(got) == MANY[:CHUNK]


def drips(head: bytes, data: bytes) -> Callable[[Peer, socket.socket], None]:
    """A script that sends `head` and then `data` byte by byte for ever."""

    def script(peer: Peer, connection: socket.socket) -> None:
        connection.sendall(head)
        peer.drip(connection, data, 0.02)

    return script


SLOW: list[tuple[str, Callable[[Peer, socket.socket], None], Limits]] = [
    ("no answer", says_and_stalls(), HASTY),
    ("half a head", says_and_stalls(OK + b"Content-"), HASTY),
    ("a dripping head", drips(OK, b"X: 1\r\n"), HASTY),
    ("100 for ever", drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), HASTY),
    ("no body", says_and_stalls(sized(b"", 9)), HASTY),
    ("half a body", says_and_stalls(sized(MANY, len(MANY) + 1)), HASTY),
    ("half a chunk", says_and_stalls(CHUNKED + b"9\r\nRIFF"), HASTY),
    ("an end that does not come", says_and_stalls(OK + b"\r\nRIFF"), HASTY),
    ("no body, patiently", says_and_stalls(sized(b"", 9)), HASTY._replace(idle_seconds=9, total_seconds=0.3)),
    ("a dripping body", drips(sized(b"", 9999), b"x"), HASTY._replace(idle_seconds=9, total_seconds=0.3)),
    ("dripping chunks", drips(CHUNKED, b"1\r\nx\r\n"), HASTY._replace(idle_seconds=9, total_seconds=0.3)),
]


@pytest.mark.parametrize(("script", "limits"), [row[1:] for row in SLOW], ids=[row[0] for row in SLOW])
def test_no_peer_keeps_us_longer_than_the_limits(script: Callable[[Peer, socket.socket], None], limits: Limits) -> None:
    """Stalling or dripping, in the head or in the body, ends with the limit that it breaks."""
    began = time.monotonic()
    with Peer(script) as peer:
        with pytest.raises(FetchFailed, match="in time"):
            loopback_fetched(peer.port, limits)
        assert time.monotonic() - began < 5


def test_a_slow_body_within_the_limits_is_awaited() -> None:
    """Idle means idle: a body that comes in drops, each in time, may take longer than the idle time in all."""

    def script(peer: Peer, connection: socket.socket) -> None:
        connection.sendall(sized(b"", 8))
        for _ in range(8):
            peer.over.wait(0.18)
            connection.sendall(b"x")

    with Peer(script) as peer:
        assert loopback_fetched(peer.port, PATIENT._replace(idle_seconds=1.2)).body == b"x" * 8


def test_a_look_up_that_hangs_does_not_keep_us() -> None:
    """The system's resolver cannot be told how long it may take; we do not wait for it."""
    done = threading.Event()

    class Stuck(SystemNetwork):
        def resolve(self, host: str, port: int) -> list[str]:
            done.wait(10)
            return []

    before = threading.active_count()
    with pytest.raises(FetchFailed, match=r"a\.example: did not answer in time"):
        fetched("https://a.example/", Policy.parse("a.example"), HASTY, Stuck())
    done.set()
    limit = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < limit:
        time.sleep(0.005)
    assert threading.active_count() == before


def test_the_time_for_the_head_is_shared_by_the_addresses() -> None:
    """A dead address costs a part of the time, not all of it; the next one answers."""
    shares: list[float] = []

    class Half(SystemNetwork):
        def resolve(self, host: str, port: int) -> list[str]:
            return ["127.0.0.2", "127.0.0.1"]

        def connect(self, endpoint: Endpoint, seconds: float) -> socket.socket:
            shares.append(seconds)
            if str(endpoint.address) == "127.0.0.2":
                raise TimeoutError
            return super().connect(endpoint, seconds)

    with Peer(says(sized(b"RIFF"))) as peer:
        policy = Policy.parse(f"http://a.example:{peer.port}", LOOPBACK)
        assert fetched(f"http://a.example:{peer.port}/", policy, PATIENT, Half()).body == b"RIFF"
    assert 4 < shares[0] <= 5 < shares[1] <= 10
    assert f"Host: a.example:{peer.port}".encode() in peer.requests[0]


def test_nobody_there_is_to_be_tried_again() -> None:
    """A closed port says nothing about the URL."""
    with Peer(says()) as peer:
        port = peer.port
    with pytest.raises(FetchFailed, match="ConnectionRefusedError"):
        loopback_fetched(port)


def test_the_callers_own_errors_pass_unchanged() -> None:
    """An OSError of the sink is not taken for one of the source; the connection is closed all the same."""
    sinks = pytest.raises(ConnectionResetError, match="the sink")
    with Peer(says_and_stalls(sized(b"RIFF", 8))) as peer, sinks, loopback_opened(peer.port):
        raise ConnectionResetError("the sink's")


def test_memory_stays_flat() -> None:
    """64 MiB go through less than 4 MiB of memory, chunked by the peer or not."""
    block, blocks = MANY[: 64 * 1024], 1024

    def script(peer: Peer, connection: socket.socket) -> None:
        odd = len(peer.requests) % 2
        connection.sendall(CHUNKED if odd else OK + b"Content-Length: %d\r\n\r\n" % (len(block) * blocks))
        for _ in range(blocks):
            connection.sendall(b"10000\r\n%s\r\n" % block if odd else block)
        connection.sendall(b"0\r\n\r\n" if odd else b"")

    expected = hashlib.sha256(block * blocks).digest()
    with Peer(script) as peer:
        for _ in range(2):
            digest = hashlib.sha256()
            tracemalloc.start()
            try:
                with loopback_opened(peer.port) as download:
                    for piece in download.chunks():
                        digest.update(piece)
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            assert digest.digest() == expected
            assert peak < 4 << 20


def test_an_ipv6_address_is_connected_to_as_such() -> None:
    """The literal is bracketed in the Host header and connected to with a socket of its family."""
    asked: list[Endpoint] = []

    class Led(SystemNetwork):
        def connect(self, endpoint: Endpoint, seconds: float) -> socket.socket:
            asked.append(endpoint)
            return super().connect(Endpoint(LOOPBACK_V4, endpoint.port), seconds)

    LOOPBACK_V4 = Policy.parse("", "127.0.0.1/32").networks[0].network_address  # noqa: N806 - a constant of this test
    with Peer(says(sized(b"RIFF"))) as peer:
        policy = Policy.parse(f"http://[::1]:{peer.port}", "::1/128")
        assert fetched(f"http://[::1]:{peer.port}/", policy, PATIENT, Led()).body == b"RIFF"
    assert [str(endpoint.address) for endpoint in asked] == ["::1"]
    assert f"Host: [::1]:{peer.port}".encode() in peer.requests[0]
