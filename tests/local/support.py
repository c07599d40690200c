"""What the tests of all loopback servers share: a key, a clock to turn by hand, plain requests, and patience."""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from local.cloud.access import AccessKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from local.cloud.http import LoopbackServer

KEY = AccessKey("LTAIexample", "a-made-up-secret")


class FakeClock:
    """Epoch seconds that move only when told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += seconds


class Answer(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body, read as UTF-8."""
        return self.body.decode()

    @property
    def code(self) -> str:
        """The error code in a body of XML."""
        return self.text.partition("<Code>")[2].partition("</Code>")[0]


def ask_on(
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    body: bytes | Iterable[bytes] | None = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request as it is, a body in pieces in chunks.

    Raises:
        HTTPException: or whatever else `http.client` makes of an answer that is not whole.
    """
    chunked = not isinstance(body, bytes | None)
    connection.request(method, target, body, dict(headers or {}), encode_chunked=chunked)
    response = connection.getresponse()
    found = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, found, response.read())


def send(
    server: LoopbackServer,
    method: str,
    target: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request as it is, on a connection of its own."""
    connection = http.client.HTTPConnection(server.endpoint.removeprefix("http://"), timeout=10)
    try:
        return ask_on(connection, method, target, body, headers)
    finally:
        connection.close()


def wait_until(look: Callable[[], Any], seconds: float = 10) -> Any:
    """What `look` gives once it is something; AssertionError if it is nothing for `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)
    return found
