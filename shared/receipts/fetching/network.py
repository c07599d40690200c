"""The network as the guard uses it: three questions and a TLS context, so that tests can watch every connection."""

from __future__ import annotations

import socket
import ssl
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from receipts.fetching.ranges import Address


class Endpoint(NamedTuple):
    """What a socket is connected to."""

    address: Address
    port: int


class Network(Protocol):
    """Look-ups, connections and time."""

    @property
    def tls(self) -> ssl.SSLContext:
        """The context that checks certificates and the names in them."""

    def resolve(self, host: str, port: int) -> list[str]:
        """The IP addresses of a name, as text. Raises OSError when there are none. May block for long."""

    def connect(self, endpoint: Endpoint, seconds: float) -> socket.socket:
        """A TCP connection to exactly this address. Raises OSError, TimeoutError after so many seconds."""

    def monotonic(self) -> float:
        """A clock in seconds."""


class SystemNetwork:
    """The network of this machine. Proxies in the environment are not used: they would look the name up again."""

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """The system's authorities, certificates and host names checked."""
        return ssl.create_default_context()

    def resolve(self, host: str, port: int) -> list[str]:
        """Ask the system's resolver; each address once, in its order."""
        found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(answer[4][0]) for answer in found))

    def connect(self, endpoint: Endpoint, seconds: float) -> socket.socket:
        """Connect a socket of the address's own family, so that nothing is looked up on the way."""
        family = socket.AF_INET if endpoint.address.version == 4 else socket.AF_INET6  # noqa: PLR2004 - IPv4
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(seconds)
            connection.connect((str(endpoint.address), endpoint.port))
        except BaseException:
            connection.close()
            raise
        return connection

    def monotonic(self) -> float:
        """The machine's clock."""
        return monotonic()
