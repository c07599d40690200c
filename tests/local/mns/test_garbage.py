"""Whatever is sent gets an answer, and the server goes on serving."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.local.mns.support import XMLNS, ask

if TYPE_CHECKING:
    from local.cloud.mns import MnsServer

MESSAGES = "/queues/receipts/messages"
BOMB = b'<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Message><MessageBody>&b;</MessageBody></Message>'
IN_XMLNS = f"<Message {XMLNS}>%s</Message>"

relaxed = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "MalformedXML"),
        (b"\x00\xff", "MalformedXML"),
        (b"<Message", "MalformedXML"),
        (BOMB, "MalformedXML"),
        (BOMB.decode().encode("utf-16"), "MalformedXML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "MalformedXML"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "MalformedXML"),
        (b"<Message><MessageBody>x</MessageBody></Message>", "InvalidArgument"),
        (f"<Other {XMLNS}/>".encode(), "InvalidArgument"),
        ((IN_XMLNS % "").encode(), "InvalidArgument"),
        ((IN_XMLNS % "<MessageBody/>").encode(), "InvalidArgument"),
        ((IN_XMLNS % "<MessageBody>x</MessageBody><MessageBody>y</MessageBody>").encode(), "InvalidArgument"),
        ((IN_XMLNS % "<MessageBody><b>x</b></MessageBody>").encode(), "InvalidArgument"),
        ((IN_XMLNS % "<MessageBody>x</MessageBody><Priority>high</Priority>").encode(), "InvalidArgument"),
        (f"<Messages {XMLNS}><Other><MessageBody>x</MessageBody></Other></Messages>".encode(), "InvalidArgument"),
        (b"<Message>" * 20000, "MalformedXML"),
    ],
)
def test_bodies_that_are_not_what_they_should_be(server: MnsServer, queue: Any, body: bytes, code: str) -> None:
    """400 with a code that tells broken XML from the wrong XML; nothing is stored."""
    answer = ask(server, "POST", MESSAGES, body)
    assert (answer.status, answer.code) == (400, code)
    assert server.peek_all("receipts") == []


@pytest.mark.parametrize(
    ("method", "target", "code"),
    [
        ("GET", "/", "InvalidRequestURL"),
        ("GET", "/queues/", "InvalidRequestURL"),
        ("GET", "/topics/t", "InvalidRequestURL"),
        ("GET", "/queues/receipts/messages/1", "InvalidRequestURL"),
        ("GET", "http://elsewhere/queues", "InvalidRequestURL"),
        ("POST", "/queues", "InvalidRequestURL"),
        ("POST", "/queues/receipts", "InvalidRequestURL"),
        ("PATCH", MESSAGES, "InvalidRequestURL"),
        ("GET", f"{MESSAGES}?maxMessages=3", "InvalidQueryString"),
        ("GET", f"{MESSAGES}?numOfMessages=%ff", "InvalidArgument"),
        ("GET", f"{MESSAGES}?numOfMessages", "InvalidArgument"),
        ("GET", f"{MESSAGES}?waitseconds=1e1", "InvalidArgument"),
        ("GET", f"{MESSAGES}?waitseconds=-1", "InvalidArgument"),
        ("GET", f"{MESSAGES}?&&=&", "InvalidQueryString"),
    ],
)
def test_addresses_that_lead_nowhere(server: MnsServer, queue: Any, method: str, target: str, code: str) -> None:
    """400 with a code that tells the path from the query and from a value in it."""
    answer = ask(server, method, target)
    assert (answer.status, answer.code) == (400, code)


def test_a_host_that_is_no_host_does_not_spoil_the_answer(server: MnsServer) -> None:
    """The name a client made up for the server is not repeated into XML or a header."""
    answer = ask(server, "GET", "/queues/none", headers={"host": "<a>\x01"})
    assert answer.code == "QueueNotExist"
    assert "<HostId>http://127.0.0.1</HostId>" in answer.text


REQUESTS = st.tuples(
    st.sampled_from(["GET", "PUT", "POST", "DELETE"]),
    st.sampled_from(["/queues/receipts", MESSAGES, "/queues", "/queues/%00"]),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=40),
    st.binary(max_size=60)
    | st.text("<>/ MesagReciptHndlQuB&;", max_size=80).map(str.encode)
    | st.sampled_from([f"<{tag} {XMLNS}/>".encode() for tag in ("Queue", "Messages", "ReceiptHandles")]),
)


@given(request=REQUESTS)
@relaxed
def test_any_request_gets_a_documented_answer(
    server: MnsServer, queue: Any, request: tuple[str, str, str, bytes]
) -> None:
    """Signed well, whatever else: success, or an error with a code, never 500 and never a dead line."""
    method, path, query, body = request
    answer = ask(server, method, f"{path}?{query}", body)
    assert answer.status in (200, 201, 204, 400, 404, 409)
    assert "x-mns-request-id" in answer.headers
    assert answer.code or answer.status < 300


@given(noise=st.binary(max_size=100))
@relaxed
def test_any_bytes_leave_the_server_standing(server: MnsServer, noise: bytes) -> None:
    """Bytes that are no HTTP at all are answered or cut; the next client is served."""
    with socket.create_connection(("127.0.0.1", int(server.endpoint.rpartition(":")[2])), timeout=10) as line:
        line.sendall(noise + b"\r\n\r\n")
        line.shutdown(socket.SHUT_WR)
        while line.recv(4096):
            pass
    assert ask(server, "GET", "/queues").status == 200


@pytest.mark.parametrize("length", ["Content-Length: x", "Content-Length: -5", "Transfer-Encoding: chunked"])
def test_a_body_without_an_end_is_refused(server: MnsServer, length: str) -> None:
    """Rather than waited for."""
    with socket.create_connection(("127.0.0.1", int(server.endpoint.rpartition(":")[2])), timeout=10) as line:
        line.sendall(f"POST {MESSAGES} HTTP/1.1\r\nHost: a\r\n{length}\r\n\r\n".encode())
        assert b" 400 " in line.recv(4096)
