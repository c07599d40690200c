"""What the tests of the file host share: a clock to turn by hand, and requests over a plain connection."""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Callable


class FakeClock:
    """Epoch seconds that move only when told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class Answer(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def element(self, name: str) -> str | None:
        """The text of an element of the error in the body."""
        root = ET.fromstring(self.body)  # noqa: S314 - from our own server
        assert root.tag == "Error"
        return root.findtext(name)


def connect(url: str, timeout: float = 10) -> http.client.HTTPConnection:
    """A connection to the host of `url`."""
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)


def target(url: str) -> str:
    """Path and query of `url`."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def ask(connection: http.client.HTTPConnection, url: str, method: str = "GET", body: bytes | None = None) -> Answer:
    """Send one request and read the whole answer; whatever `http.client` raises if it is not whole."""
    connection.request(method, target(url), body)
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


def get(url: str, method: str = "GET") -> Answer:
    """As `ask`, on a connection of its own."""
    connection = connect(url)
    try:
        return ask(connection, url, method)
    finally:
        connection.close()


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Look at `condition` until it holds; AssertionError if it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)
