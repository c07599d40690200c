"""Whatever comes in: a documented status, and nothing half-stored."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local.oss.support import MB, ask, client_of
from tests.local.support import send, wait_until

if TYPE_CHECKING:
    from local.cloud.oss import OssServer

METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"]
STATUSES = {200, 204, 206, 400, 403, 404, 409, 411, 416}
SUBRESOURCES = ["", "?acl", "?uploads", "?lifecycle", "?encryption", "?bucketInfo", "?uploadId=x", "?tagging"]
# One of these is put in the place of the length below.
FRAMINGS = [
    (b"Content-Length: -1", b" 400 "),
    (b"Content-Length: ten", b" 400 "),
    (b"Content-Length: 99999999999", b" 400 "),
    (b"Content-Length: 4\r\nTransfer-Encoding: chunked", b" 400 "),
    (b"Transfer-Encoding: gzip", b" 400 "),
    (b"Transfer-Encoding: chunked", b" 400 "),  # "body" is no chunk
]


def dial(server: OssServer) -> socket.socket:
    """A bare connection."""
    host, _, port = server.endpoint.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=10)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(METHODS),
    st.builds(
        "/{}{}{}".format,
        st.sampled_from(["", "recordings/", "other/"]),
        st.binary(max_size=12).map(lambda key: quote(key, safe="/~")),
        st.sampled_from(SUBRESOURCES),
    ),
    st.binary(max_size=40),
)
def test_signed_garbage(server: OssServer, method: str, target: str, body: bytes) -> None:
    """Any key and body of whoever may ask is answered as the service would."""
    try:
        answer = ask(server, method, target, body)
    except UnicodeEncodeError:  # the hand that signs writes UTF-8 only
        answer = send(server, method, target, body)
    assert answer.status in STATUSES
    assert answer.headers["x-oss-request-id"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(METHODS),
    st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=20),
    st.sampled_from(["", "OSS ", "OSS LTAIexample:", "OSS4-HMAC-SHA256 Credential=", "OSS4-HMAC-SHA256 a,=,"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
)
def test_unsigned_garbage(server: OssServer, method: str, path: str, scheme: str, rest: str) -> None:
    """Any address and any Authorization are refused as such."""
    with dial(server) as line:
        head = f"{method} /{path} HTTP/1.1\r\nHost: x\r\nAuthorization: {scheme}{rest}\r\nDate: x\r\n"
        line.sendall(head.encode("latin-1") + b"Content-Length: 0\r\nConnection: close\r\n\r\n")
        status = line.recv(65536).split(b" ")[1]
    assert status in (b"400", b"403")


@pytest.mark.parametrize(("framing", "expected"), FRAMINGS)
def test_bodies_without_an_end(server: OssServer, framing: bytes, expected: bytes) -> None:
    """Where the body ends must be clear; the connection is closed after the answer."""
    with dial(server) as line:
        line.sendall(b"PUT /recordings/a HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\nbody\r\n\r\n")
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    assert expected in answer.partition(b"\r\n")[0]


@pytest.mark.parametrize("framing", [b"Content-Length: 9000000", b"Transfer-Encoding: chunked"])
def test_half_a_body_is_not_stored(server: OssServer, framing: bytes) -> None:
    """A writer that goes away in the middle leaves nothing, and no operation is counted."""
    before = dict(server.faults.calls)
    with dial(server) as line:
        head = b"PUT /recordings/half HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n"
        line.sendall(head + (b"" if framing.startswith(b"C") else b"100000\r\n") + b"x" * MB)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(65536) == b""
    assert server.faults.calls == before
    assert "half" not in server.keys("recordings")


def test_a_body_of_no_length(server: OssServer) -> None:
    """An object has to say how long it is, if only by its chunks."""
    with client_of(server) as client:
        url = client.sign_url("PUT", "a", 60).removeprefix(server.endpoint)
    with dial(server) as line:
        line.sendall(f"PUT {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = line.recv(65536)
    assert b" 411 " in answer.partition(b"\r\n")[0]
    assert b"MissingContentLength" in answer


def test_chunks_with_all_their_freedoms(server: OssServer) -> None:
    """Extensions, capitals, trailers, and the next request behind them on the same connection."""
    with client_of(server) as client:
        url = client.sign_url("PUT", "freedom", 60).removeprefix(server.endpoint)
    head = f"PUT {url} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n".encode()
    body = b"3;name=value\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-Trailer: x\r\n\r\n"
    with dial(server) as line:
        line.sendall(2 * (head + body))
        answer = b""
        while answer.count(b"\r\n\r\n") < 2:
            answer += line.recv(65536)
    assert answer.count(b" 200 ") == 2
    assert server.object("recordings", "freedom") == b"abc0123456789"


def test_a_reader_that_goes_away(server: OssServer) -> None:
    """Is nothing to the server."""
    ask(server, "PUT", "/recordings/large", b"x" * 8 * MB)
    with client_of(server) as client:
        url = client.sign_url("GET", "large", 60).removeprefix(server.endpoint)
    with dial(server) as line:
        line.sendall(f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        line.recv(1000)
    wait_until(lambda: server.faults.calls["GetObject"] > 0)
    assert len(ask(server, "GET", "/recordings/large").body) == 8 * MB


@pytest.mark.parametrize(
    "body", [b"<", b"<a/>", b"\xff", b'<!DOCTYPE a [<!ENTITY b "c">]><LifecycleConfiguration/>', b"<" * (3 * MB)]
)
@pytest.mark.parametrize("sub", ["lifecycle", "encryption"])
def test_xml_that_is_none(server: OssServer, sub: str, body: bytes) -> None:
    """Is said to be none."""
    assert ask(server, "PUT", f"/recordings/?{sub}", body).code == "MalformedXML"
