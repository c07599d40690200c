"""What the tests of the queues share: a clock to turn by hand, the vendor's SDK, and raw requests."""

from __future__ import annotations

import http.client
import time
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from mns.account import Account
from mns.mns_client import MNSClient
from mns.mns_http import RequestInternal
from mns.mns_request import RequestBase

from local.cloud.access import AccessKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from local.cloud.mns import MnsServer

KEY = AccessKey("LTAIexample", "a-made-up-secret")
XMLNS = 'xmlns="http://mns.aliyuncs.com/doc/v1/"'


class FakeClock:
    """Epoch seconds that move only when told to."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """The time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += seconds


@contextmanager
def account_of(server: MnsServer, key: AccessKey = KEY, token: str = "") -> Iterator[Any]:
    """The SDK's account on `server`; the SDK wants one for each thread."""
    account = Account(server.endpoint, key.key_id, key.secret, token)
    try:
        yield account
    finally:
        account.mns_client.close_connection()


def attributes_of(queue: Any) -> Any:
    """The attributes of the SDK's `queue`; the SDK complains about its own counters when it fills them in."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return queue.get_attributes()


class Answer(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def code(self) -> str:
        """The error code in the body."""
        return self.text.partition("<Code>")[2].partition("</Code>")[0]


def ask(  # noqa: PLR0913 - a request has that many sides
    server: MnsServer,
    method: str,
    target: str,
    body: bytes = b"",
    *,
    headers: Mapping[str, str | None] | None = None,
    sign: bool | str = True,
) -> Answer:
    """Send one request, signed as the SDK does it.

    Args:
        server: where to.
        method: the HTTP method.
        target: path and query, as they are to go over the wire.
        body: the bytes to send.
        headers: other than the SDK's, or None for one that is to be left out.
        sign: whether to sign again after `headers` were changed; or the target to sign instead of the real one.
    """
    client = MNSClient(server.endpoint, *KEY)
    request = RequestInternal(method, target, data=body or "")
    client.build_header(RequestBase(), request)
    for name, value in (headers or {}).items():
        request.header.pop(name, None)
        if value is not None:
            request.header[name] = value
    if sign:
        signed = target if sign is True else sign
        credential = client.credentials_provider.get_credentials()
        request.header["Authorization"] = client.get_signature(method, request.header, signed, credential)
    connection = http.client.HTTPConnection(server.endpoint.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, target, body, request.header)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read().decode())
    finally:
        connection.close()


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Look at `condition` until it holds; AssertionError if it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)
