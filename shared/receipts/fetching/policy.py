"""The operator's word on what may be fetched: an allow list of hosts, and networks that count as public."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING, NamedTuple

from receipts.fetching.errors import FetchRefused
from receipts.fetching.hosts import Host, host
from receipts.fetching.urls import DEFAULT_PORTS

if TYPE_CHECKING:
    from receipts.fetching.ranges import Network
    from receipts.fetching.urls import Target

MAX_REDIRECTS = 3
MAX_PORT = 65535
_ENTRY = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>\[[^\]]*\]|[^:/\[\]]+)(?::(?P<port>[1-9][0-9]{0,4}))?", re.IGNORECASE
)


class Entry(NamedTuple):
    """One entry of the allow list: `ports` by scheme; a scheme that is not in it is not allowed."""

    host: Host
    ports: dict[str, int]

    def covers(self, name: str) -> bool:
        """Whether a normalised host is this one or, for names of two labels and more, one below it."""
        if name == self.host.text:
            return True
        # A single label is a host of a private network, or a top-level domain that nobody means to open as a whole.
        below = self.host.address is None and "." in self.host.text
        return below and name.endswith(f".{self.host.text}")


class Policy(NamedTuple):
    """What may be fetched.

    Attributes:
        entries: hosts with their schemes and ports.
        networks: special ranges that may be connected to all the same.
        max_redirects: how many hops there may be after the first request.
    """

    entries: tuple[Entry, ...]
    networks: tuple[Network, ...] = ()
    max_redirects: int = MAX_REDIRECTS

    @classmethod
    def parse(cls, hosts: str, networks: str = "", max_redirects: int = MAX_REDIRECTS) -> Policy:
        """Read the settings' texts.

        Args:
            hosts: comma-separated `[http://|https://]host[:port]`. A name also stands for every name below it, an IP
                address for itself only. Allowed is https on port 443; with `http://` in front also http on port 80.
                A port takes the place of 443, or with `http://` of 80. Empty: nothing is allowed.
            networks: comma-separated `address/length`, empty for none. One opens a special range (see `ranges`) only
                if it is no wider than that range.
            max_redirects: as in the attribute.

        Raises:
            ValueError: says which entry is wrong and why, without what stands in it.
        """
        return cls(
            tuple(_entry(number, text) for number, text in _split(hosts)),
            tuple(_network(number, text) for number, text in _split(networks)),
            max_redirects,
        )

    def check(self, target: Target) -> None:
        """Raise FetchRefused unless scheme, host and port are on the allow list together."""
        covering = [entry for entry in self.entries if entry.covers(target.host)]
        if not covering:
            raise FetchRefused("unlisted", "is not on the allow list", target.host)
        if not any(entry.ports.get(target.scheme) == target.port for entry in covering):
            problem = f"is on the allow list, but not for {target.scheme} on port {target.port}"
            raise FetchRefused("unlisted", problem, target.host)


def _split(text: str) -> list[tuple[int, str]]:
    """The entries, numbered from 1."""
    return [(number, entry.strip()) for number, entry in enumerate(text.split(","), 1)] if text.strip() else []


def _entry(number: int, text: str) -> Entry:
    parts = _ENTRY.fullmatch(text)
    if parts is None:
        raise ValueError(f"entry {number} is not of the form [http://|https://]host[:port]")
    try:
        where = host(parts["host"])
    except ValueError as problem:
        raise ValueError(f"entry {number} {problem}") from None
    port = int(parts["port"]) if parts["port"] else None
    if port is not None and port > MAX_PORT:
        raise ValueError(f"entry {number} has a port above {MAX_PORT}")
    named = (parts["scheme"] or "https").lower()
    ports = {"https": DEFAULT_PORTS["https"], named: port or DEFAULT_PORTS[named]}
    return Entry(where, ports)


def _network(number: int, text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(f"entry {number} is not of the form address/length") from None
