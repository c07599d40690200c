"""Law 7, Fetch: each hop of a redirect passes the same test as the first URL."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from receipts.fetching.errors import FetchFailed, FetchRefused
from receipts.fetching.policy import Policy
from tests.fetching.fetches import fetched
from tests.fetching.peer import Peer
from tests.fetching.wire import ANSWER, OTHER_PUBLIC, PUBLIC, watched

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.fetching.wire import Wire

POLICY = Policy.parse("http://start.example, http://goal.example, tls.example, 127.0.0.1, 100.100.100.200")
START = "http://start.example/first?Signature=s"
NAMES = {
    "start.example": [[PUBLIC]],
    "goal.example": [[OTHER_PUBLIC]],
    "inside.goal.example": [["10.0.0.8"]],
    "tls.example": [[PUBLIC]],
    "evil.example": [[PUBLIC]],
}
FIRST, GOAL = (PUBLIC, 80), (OTHER_PUBLIC, 80)


def redirects(*locations: bytes, status: int = 302) -> Callable[[Peer, socket.socket], None]:
    """A script that redirects to each of these in turn, and then answers."""
    left = list(locations)

    def script(_: Peer, connection: socket.socket) -> None:
        if left:
            connection.sendall(b"HTTP/1.1 %d Moved\r\nLocation: %s\r\n\r\nsee there" % (status, left.pop(0)))
        else:
            connection.sendall(ANSWER)

    return script


@contextmanager
def redirecting(
    *locations: bytes, status: int = 302, names: Mapping[str, Sequence[Sequence[str]]] = NAMES
) -> Iterator[tuple[Peer, Wire]]:
    """Every name leads to such a server, over a watched wire."""
    with Peer(redirects(*locations, status=status)) as peer, watched(names, peer.port) as wire:
        yield peer, wire


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_law_fetch_follows_a_redirect_that_passes(status: int) -> None:
    """A vendor's storage may send us on: to the next host, whose own addresses are looked up and checked."""
    with redirecting(b"http://goal.example/r.wav?t=1#x", status=status) as (peer, wire):
        assert fetched(START, POLICY).body == b"ok"
    assert wire.connected == [FIRST, GOAL]
    assert peer.requests[1].startswith(b"GET /r.wav?t=1 HTTP/1.1\r\nHost: goal.example\r\n")
    assert b"Signature" not in peer.requests[1]


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (b"/there", b"GET /there HTTP/1.1"),
        (b"there?x=1", b"GET /there?x=1 HTTP/1.1"),
        (b"?x=1", b"GET /first?x=1 HTTP/1.1"),
        (b"//start.example/there", b"GET /there HTTP/1.1"),
        (b"HTTP://START.example:80/there", b"GET /there HTTP/1.1"),
        ("/录音".encode(), b"GET /%E5%BD%95%E9%9F%B3 HTTP/1.1"),
    ],
)
def test_a_relative_redirect_is_read_from_where_it_came(location: bytes, line: bytes) -> None:
    """Relative forms are joined to the URL that was asked; bytes outside of ASCII are passed on encoded."""
    with redirecting(location) as (peer, wire):
        assert fetched(START, POLICY).status == 200
    assert wire.connected == [FIRST, FIRST]
    assert peer.requests[1].splitlines()[0] == line


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (b"https://127.0.0.1/", "address"),
        (b"https://100.100.100.200/latest/meta-data/", "address"),
        (b"http://inside.goal.example/", "address"),
        (b"http://evil.example/", "unlisted"),
        (b"//evil.example/r.wav", "unlisted"),
        (b"http://goal.example:8080/", "unlisted"),
        (b"http://tls.example/", "unlisted"),
        (b"ftp://goal.example/", "scheme"),
        (b"file:///etc/passwd", "scheme"),
        (b"http://user@goal.example/", "userinfo"),
        (b"http://2130706433/", "host"),
        (b"//[::1/", "url"),
        (b"//0x7f.1/", "host"),
        ("//göal.example/".encode(), "host"),
        (b"http://goal.example:99999/", "port"),
        (b"/\\evil.example/", "url"),
        (b"\\\\evil.example/", "url"),
        (b"http://goal.example/ x", "url"),
        (b"http://goal.example/\r\nLocation: http://goal.example/", "url"),
    ],
)
def test_law_fetch_refuses_a_redirect(location: bytes, reason: str) -> None:
    """Wherever it points, what would be refused as a URL is refused as a redirect; nothing more is connected to."""
    with redirecting(location) as (_, wire), pytest.raises(FetchRefused) as refusal:
        fetched(START, POLICY)
    assert (refusal.value.reason, wire.connected) == (reason, [FIRST])


def test_law_fetch_never_downgrades_to_http_unless_listed() -> None:
    """A host that is listed for https only is not asked in the clear, whoever says so."""
    with (
        redirecting(b"http://tls.example/r.wav") as (_, wire),
        pytest.raises(FetchRefused, match="but not for http on port 80"),
    ):
        fetched(START, POLICY)
    assert wire.connected == [FIRST]


def test_law_fetch_checks_each_hop_anew() -> None:
    """A name that has become private by the second hop is refused there."""
    names = {"start.example": [[PUBLIC], ["10.0.0.8"]]}
    with redirecting(b"/again", names=names) as (_, wire), pytest.raises(FetchRefused, match="private use"):
        fetched(START, POLICY)
    assert wire.connected == [FIRST]


@pytest.mark.parametrize("hops", [0, 1, 3])
def test_law_fetch_limits_the_hops(hops: int) -> None:
    """As many redirects as the policy has, not one more; a loop ends there, too."""
    policy = POLICY._replace(max_redirects=hops)
    with redirecting(*[b"/again"] * hops):
        assert fetched(START, policy).body == b"ok"
    with (
        redirecting(*[b"/first?Signature=s"] * (hops + 1)) as (_, wire),
        pytest.raises(FetchRefused, match="redirects more than") as refusal,
    ):
        fetched(START, policy)
    assert (refusal.value.reason, wire.connected) == ("redirects", [FIRST] * (hops + 1))


def test_a_redirect_that_says_not_where_is_an_answer() -> None:
    """Without a Location there is nothing to follow: the caller sees the status."""

    def script(_: Peer, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nno")

    with Peer(script) as peer, watched(NAMES, peer.port):
        answer = fetched(START, POLICY)
    assert (answer.status, answer.body) == (302, b"no")


def test_a_hop_that_does_not_answer_is_tried_again_later() -> None:
    """The way through the first hop does not make a broken second one a refusal."""
    with redirecting(b"http://gone.start.example/"), pytest.raises(FetchFailed, match=r"gone\.start\.example"):
        fetched(START, POLICY)
