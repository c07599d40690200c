"""What the tests of the file host share: requests over a plain connection, and errors."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from tests.local.support import Answer, ask_on


def element(answer: Answer, name: str) -> str | None:
    """The text of an element of the error in the body."""
    root = ET.fromstring(answer.body)  # noqa: S314 - from our own server
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
    return ask_on(connection, method, target(url), body)


def get(url: str, method: str = "GET") -> Answer:
    """As `ask`, on a connection of its own."""
    connection = connect(url)
    try:
        return ask(connection, url, method)
    finally:
        connection.close()
