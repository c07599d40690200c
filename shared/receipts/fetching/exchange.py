"""One request and the head of its answer, over a connection to an address that was checked."""

from __future__ import annotations

import io
from email.errors import FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, NamedTuple, cast

from receipts.deadline import Deadline
from receipts.fetching.addresses import permitted
from receipts.fetching.errors import FetchFailed
from receipts.fetching.network import Endpoint
from receipts.fetching.stream import BUFFER, Answering, Stream

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from receipts.fetching.limits import Limits
    from receipts.fetching.network import Network
    from receipts.fetching.policy import Policy
    from receipts.fetching.ranges import Address
    from receipts.fetching.urls import Target

# Either makes the parser drop the headers that follow, Content-Length perhaps among them.
_BROKEN = (FirstHeaderLineIsContinuationDefect, MissingHeaderBodySeparatorDefect)
_REDIRECTS = (301, 302, 303, 307, 308)


class Answer(NamedTuple):
    """The head of an answer.

    Attributes:
        response: what the head was read by. To close it closes the connection; it does so by itself when it goes.
        headers: names in lower case, values of equal names joined by commas.
        stream: the connection.
        reader: the same, at the body's first byte.
    """

    response: HTTPResponse
    headers: dict[str, str]
    stream: Stream
    reader: io.BufferedReader

    @property
    def location(self) -> str | None:
        """Where the answer redirects to, None if it does not."""
        return self.headers.get("location") if self.response.status in _REDIRECTS else None


def answered(  # noqa: PLR0913 - what one request is made of
    target: Target,
    policy: Policy,
    limits: Limits,
    network: Network,
    total: Deadline,
    *,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Check the target against the policy, connect to it, send a GET and read the head of the answer.

    `headers` go with the request beside its own; they must be ASCII without control characters.

    Raises:
        FetchRefused: the policy does not let the target through; nothing was connected to.
        FetchFailed: no answer in time, or none that can be understood.
    """
    policy.check(target)
    try:
        deadline = Deadline(min(limits.first_byte_seconds, total.remaining()), network.monotonic)
        addresses = permitted(target, policy.networks, network, deadline)
        request = _request(target, headers or {})
        return _asked(request, _connected(target, addresses, network, deadline), target, deadline)
    except TimeoutError:
        raise FetchFailed(target.host, "did not answer in time") from None
    except (OSError, HTTPException) as error:
        raise FetchFailed(target.host, f"did not answer ({type(error).__name__})") from None


def _connected(target: Target, addresses: list[Address], network: Network, deadline: Deadline) -> socket.socket:
    """A connection to the first address that takes one, inside TLS for https: checked for the name, not the address."""
    failure = OSError()
    for position, address in enumerate(addresses):
        # A share of what is left, so that one dead address does not use the others' time up.
        share = deadline.remaining() / (len(addresses) - position)
        try:
            connection = network.connect(Endpoint(address, target.port), share)
            return _secured(connection, target, network, deadline) if target.scheme == "https" else connection
        except OSError as error:
            failure = error
    raise failure


def _secured(connection: socket.socket, target: Target, network: Network, deadline: Deadline) -> socket.socket:
    try:
        connection.settimeout(deadline.remaining())
        # An end of the connection that TLS did not announce is an error, not the end of the body.
        return network.tls.wrap_socket(connection, server_hostname=target.host, suppress_ragged_eofs=False)
    except BaseException:
        connection.close()
        raise


def _asked(request: bytes, connection: socket.socket, target: Target, deadline: Deadline) -> Answer:
    stream = Stream(connection, deadline)
    reader: io.BufferedReader = io.BufferedReader(stream, BUFFER)
    # http.client reads the head, within its limits for the number and length of headers.
    response = HTTPResponse(cast("socket.socket", Answering(reader)), method="GET")
    try:
        stream.send(request)
        response.begin()
    except BaseException:
        response.close()
        raise
    # http.client takes the end of the connection for the end of the headers; Content-Length may have been the next.
    if stream.ended or any(isinstance(defect, _BROKEN) for defect in response.msg.defects):
        response.close()
        raise FetchFailed(target.host, "answered with broken headers")
    return Answer(response, _lower(response), stream, reader)


def _request(target: Target, headers: Mapping[str, str]) -> bytes:
    lines = (
        f"GET {target.resource} HTTP/1.1",
        f"Host: {target.authority}",
        "Accept: */*",
        # The bytes at the source, not a compressed form of them.
        "Accept-Encoding: identity",
        "User-Agent: privacy-number-receipts",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


def _lower(response: HTTPResponse) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in response.getheaders():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers
