"""The vendor's side: every push a real HTTP request, sent again as the vendor would when it is not taken."""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local.story import Push

# The vendor waits 700 ms; what it does not see answered by then it sends again, three times.
VENDOR_SECONDS = 0.7
MOST_TRIES = 4
OK = 200


class Answered(NamedTuple):
    """What came of one push: the last status (0: no answer in time), milliseconds until it, and the tries."""

    push: Push
    status: int
    milliseconds: float
    tries: int


def send(url: str, token: str, pushes: Sequence[Push]) -> Iterator[Answered]:
    """Push each in turn over a connection that is kept alive."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=VENDOR_SECONDS)
    try:
        for push in pushes:
            yield _send(connection, f"/aliyun/{quote(token)}/{quote(push.message_type)}", push)
    finally:
        connection.close()


def _send(connection: http.client.HTTPConnection, path: str, push: Push) -> Answered:
    status, milliseconds = 0, 0.0
    for attempt in range(1, MOST_TRIES + 1):
        started = time.perf_counter()
        try:
            connection.request("POST", path, push.body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            status = response.status
        except (OSError, http.client.HTTPException):
            connection.close()
            status = 0
        milliseconds = (time.perf_counter() - started) * 1000
        if status == OK:
            return Answered(push, status, milliseconds, attempt)
    return Answered(push, status, milliseconds, MOST_TRIES)
