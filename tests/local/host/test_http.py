"""HTTP in, the v1 event, and HTTP out."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from template.functions import HttpTrigger

if TYPE_CHECKING:
    from local.host.host import Host
    from tests.local.host.support import Eventually, MakeFunction, StartHost

_ALL = HttpTrigger("http", frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}))
# Answers with the event it got.
_ECHO = """
import json
def handler(event, context):
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "isBase64Encoded": False,
            "body": event.decode()}
"""


@pytest.fixture
def echo(make: MakeFunction, start: StartHost) -> Host:
    """A host with the echo."""
    return start(make(_ECHO, triggers=(_ALL,), timeout=20), account_id="99")


def _ask(
    host: Host, method: str, target: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(host.url("f").removeprefix("http://"), timeout=20)
    connection.request(method, target, body, headers or {})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def _event(host: Host, method: str, target: str, body: bytes | None = None, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    event: dict[str, Any] = json.loads(_ask(host, method, target, body, named)[1])
    return event


def _raw(host: Host, request: bytes) -> bytes:
    """What the server says to these very bytes, until it closes the connection."""
    address, _, port = host.url("f").removeprefix("http://").partition(":")
    with socket.create_connection((address, int(port)), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_the_event_is_as_documented(echo: Host) -> None:
    """Every key of the v1 event, with its type."""
    event = _event(
        echo, "POST", "/aliyun/t/SecretReport?b=2&a=1", b"[{}]", user_agent="pusher", content_type="text/plain"
    )
    context = event.pop("requestContext")
    assert event == {
        "version": "v1",
        "rawPath": "/aliyun/t/SecretReport",
        "headers": event["headers"],
        "queryParameters": {"a": "1", "b": "2"},
        "body": "[{}]",
        "isBase64Encoded": False,
    }
    assert {"Host", "User-Agent", "Content-Type", "Content-Length"} <= event["headers"].keys()
    assert context["http"] == {
        "method": "POST",
        "path": "/aliyun/t/SecretReport",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "pusher",
    }
    assert context["accountId"] == "99"
    assert context["timeEpoch"].isdigit()
    assert {"domainName", "domainPrefix", "requestId", "time"} <= context.keys()


@pytest.mark.parametrize(
    ("target", "raw", "decoded"),
    [
        ("/a%2Fb%20c", "/a%2Fb%20c", "/a/b c"),
        ("//twice", "//twice", "//twice"),
        ("/%E5%8F%B7?x=%E7%A0%81", "/%E5%8F%B7", "/号"),
        ("/%ff", "/%ff", "/\ufffd"),
        ("/a;b=c,d", "/a;b=c,d", "/a;b=c,d"),
        ("*", "*", "*"),
    ],
)
def test_paths_stay_encoded_in_raw_path(echo: Host, target: str, raw: str, decoded: str) -> None:
    """Raw as it came, without the query; decoded next to it."""
    event = _event(echo, "OPTIONS", target)
    assert (event["rawPath"], event["requestContext"]["http"]["path"]) == (raw, decoded)


def test_repeated_parameters_and_headers_are_joined(echo: Host) -> None:
    """One string each, comma-joined; names of headers as Go writes them."""
    request = b"GET /?x=1&y=&x=2%2C3 HTTP/1.1\r\nHost: h\r\nx-multi: a\r\nX-MULTI: b\r\nConnection: close\r\n\r\n"
    event = json.loads(_raw(echo, request).partition(b"\r\n\r\n")[2])
    assert event["queryParameters"] == {"x": "1,2,3", "y": ""}
    assert event["headers"]["X-Multi"] == "a,b"


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("application/json; charset=utf-8", '{"号": 1}'.encode(), '{"号": 1}'),
        ("application/vnd.x+json", b"{}", "{}"),
        ("application/x-www-form-urlencoded", b"a=b", "a=b"),
        ("application/octet-stream", b"text", None),
        ("audio/mpeg", b"\x00\xff", None),
        ("application/json", b"\xff\xfe", None),
    ],
)
def test_bodies_are_text_or_base64(echo: Host, content_type: str, body: bytes, text: str | None) -> None:
    """Binary content types and bytes that are no text come as base64, and say so."""
    event = _event(echo, "POST", "/", body, content_type=content_type)
    expected = base64.b64encode(body).decode() if text is None else text
    assert (event["isBase64Encoded"], event["body"]) == (text is None, expected)


def test_a_chunked_body_arrives_whole(echo: Host) -> None:
    """A pusher need not know its length."""
    request = (
        b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n"
    )
    event = json.loads(_raw(echo, request).partition(b"\r\n\r\n")[2])
    assert event["body"] == "abcdefg"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: 33554433", b"413"),
        (b"Content-Length: -1", b"400"),
        (b"Content-Length: ten", b"400"),
        (b"Content-Length: 10", b"400"),  # the client goes away after four
        (b"Transfer-Encoding: chunked", b"400"),  # "body" is no chunk
    ],
)
def test_a_body_that_cannot_be_taken_never_reaches_the_function(echo: Host, head: bytes, status: bytes) -> None:
    """Too large, no length, or cut off."""
    answer = _raw(echo, b"POST / HTTP/1.1\r\nHost: h\r\n" + head + b"\r\n\r\nbody")
    assert answer.split()[1] == status
    assert b"X-Fc-Error-Type: FcCommonError" in answer
    assert echo.log("f") == ""


def test_a_chunked_body_has_the_same_limit(echo: Host) -> None:
    """The announced size of a chunk is enough to refuse it."""
    answer = _raw(echo, b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2000001\r\n")
    assert answer.split()[1] == b"413"


def test_the_answer_is_the_function_s(make: MakeFunction, start: StartHost) -> None:
    """Status, headers and body; binary bodies from base64; the request id of the invocation."""
    source = """
    import base64
    def handler(event, context):
        return {"statusCode": 207, "headers": {"X-Own": context.request_id, "Content-Length": "999"},
                "isBase64Encoded": True, "body": base64.b64encode(b"\\x00\\xff").decode()}
    """
    host = start(make(source, triggers=(_ALL,)))
    response, body = _ask(host, "GET", "/")
    assert (response.status, body) == (207, b"\x00\xff")
    assert response.headers["X-Own"] == response.headers["X-Fc-Request-Id"]
    head, body = _ask(host, "HEAD", "/")
    assert (head.status, head.headers["Content-Length"], body) == (207, "2", b"")


@pytest.mark.parametrize(
    ("returned", "status", "body"),
    [
        ("'plain'", 200, b"plain"),
        ("{'code': 0}", 200, b'{"code": 0}'),
        ("{'statusCode': 204}", 204, b""),
        ("{'statusCode': '200', 'body': 'x', 'headers': None}", 200, b"x"),
        ("{'statusCode': 'x'}", 502, None),
        ("{'statusCode': 42}", 502, None),
        ("{'statusCode': 200, 'body': {}, 'isBase64Encoded': True}", 200, b""),
        ("{'statusCode': 200, 'body': {'a': 1}}", 502, None),
        ("{'statusCode': 200, 'body': '%', 'isBase64Encoded': True}", 502, None),
        (r"{'statusCode': 200, 'headers': {'X': 'a\r\nSet-Cookie: b'}}", 502, None),
        ("{'statusCode': 200, 'headers': {'X': '号'}}", 502, None),
        ("{'statusCode': 200, 'headers': 'x'}", 502, None),
    ],
)
def test_other_return_values(
    make: MakeFunction, start: StartHost, returned: str, status: int, body: bytes | None
) -> None:
    """Without a status code the whole value is the body of a 200; a malformed answer is 502, never a hang."""
    host = start(make(f"def handler(event, context):\n    return {returned}\n", triggers=(_ALL,)))
    response, content = _ask(host, "GET", "/")
    assert response.status == status
    assert body is None or content == body


@pytest.mark.parametrize(
    ("statement", "error_type"),
    [
        ("raise ValueError('no')", "UnhandledInvocationError"),
        ("import os; os._exit(1)", "UnhandledInvocationError"),
        ("import time; time.sleep(60)", "FunctionTimeoutError"),
    ],
)
def test_a_failed_invocation_is_502(make: MakeFunction, start: StartHost, statement: str, error_type: str) -> None:
    """With the platform's error type in a header and its report as the body."""
    timeout = 0.3 if error_type == "FunctionTimeoutError" else 20
    host = start(make(f"def handler(event, context):\n    {statement}\n", triggers=(_ALL,), timeout=timeout))
    response, body = _ask(host, "POST", "/", b"x")
    assert (response.status, response.headers["X-Fc-Error-Type"]) == (502, error_type)
    assert response.headers["X-Fc-Request-Id"]
    assert "errorMessage" in json.loads(body)


def test_a_method_that_the_trigger_does_not_list_is_403(make: MakeFunction, start: StartHost) -> None:
    """By the platform, without an invocation."""
    host = start(make(_ECHO, triggers=(HttpTrigger("http", frozenset({"POST"})),)))
    response, _ = _ask(host, "GET", "/")
    assert (response.status, response.headers["X-Fc-Error-Type"]) == (403, "FcCommonError")
    assert host.instances("f") == []


def test_a_client_that_asks_first_is_told_to_go_on(echo: Host) -> None:
    """`Expect: 100-continue` is answered before the body is there."""
    address, _, port = echo.url("f").removeprefix("http://").partition(":")
    with socket.create_connection((address, int(port)), timeout=20) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"body")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW", "get"])
def test_methods_nobody_lists_are_403_too(echo: Host, method: str) -> None:
    """Whatever the word is."""
    assert _raw(echo, f"{method} / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".encode()).split()[1] == b"403"


def test_stop_leaves_no_thread_of_a_connection(make: MakeFunction, start: StartHost, eventually: Eventually) -> None:
    """Neither of one that is kept alive nor of one whose invocation runs."""
    before = set(threading.enumerate())
    source = "import time\ndef handler(event, context):\n    print('began')\n    time.sleep(60)\n"
    host = start(make(source, triggers=(_ALL,), timeout=60), make(_ECHO, name="g", triggers=(_ALL,)))
    kept = http.client.HTTPConnection(host.url("g").removeprefix("http://"), timeout=20)
    kept.request("GET", "/")
    kept.getresponse().read()
    busy = http.client.HTTPConnection(host.url("f").removeprefix("http://"), timeout=20)
    busy.request("GET", "/")
    eventually(lambda: "began" in host.log("f"))
    host.stop()
    assert set(threading.enumerate()) == before
    kept.close()
    busy.close()


def test_connections_are_kept_alive(echo: Host) -> None:
    """Two requests on one connection are two invocations of one instance."""
    connection = http.client.HTTPConnection(echo.url("f").removeprefix("http://"), timeout=20)
    ids = set()
    for path in ("/1", "/2"):
        connection.request("POST", path, b"x")
        response = connection.getresponse()
        assert json.loads(response.read())["rawPath"] == path
        ids.add(response.headers["X-Fc-Request-Id"])
    connection.close()
    assert len(ids) == 2
    assert len(echo.instances("f")) == 1


def test_each_function_with_the_trigger_has_a_url(make: MakeFunction, start: StartHost) -> None:
    """And the others have none."""
    host = start(make(_ECHO, triggers=(_ALL,)), make(_ECHO, name="g", triggers=(_ALL,)), make(_ECHO, name="h"))
    assert host.urls().keys() == {"f", "g"}
    assert host.url("f") != host.url("g")
    with pytest.raises(KeyError):
        host.url("h")
