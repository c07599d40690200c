"""The special address ranges: everything that is not somebody's host on the public internet.

Rows follow the IANA special-purpose registries for IPv4 and IPv6 (2025), the multicast and former site-local blocks,
and the addresses at which clouds serve credentials. A table of our own, because what `ipaddress` calls global
differs between Python versions. It is stricter than the registries on purpose where no recording can live: anycast
services within 192.0.0.0/24 and 2001::/23, the retired 6to4 relay, all IPv6 outside of 2000::/3.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import NamedTuple

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Special(NamedTuple):
    """One special range; `open` where only the IPv4 address inside decides."""

    network: Network
    name: str
    open: bool = False


_TABLE = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private use"),
    # Also where the internal endpoints of Alibaba Cloud's services live.
    ("100.64.0.0/10", "shared address space"),
    ("100.100.100.200/32", "cloud metadata"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("169.254.169.254/32", "cloud metadata"),
    ("172.16.0.0/12", "private use"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private use"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("255.255.255.255/32", "broadcast"),
    ("::/3", "not global unicast"),
    ("::/96", "IPv4-compatible"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("::ffff:0:0:0/96", "IPv4-translated"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("100::/64", "discard-only"),
    ("100:0:0:1::/64", "dummy prefix"),
    ("2001::/23", "protocol assignments"),
    ("2001::/32", "Teredo"),
    ("2001:2::/48", "benchmarking"),
    ("2001:10::/28", "ORCHID"),
    ("2001:20::/28", "ORCHIDv2"),
    ("2001:30::/28", "drone identifiers"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
    ("4000::/2", "not global unicast"),
    ("5f00::/16", "segment routing"),
    ("8000::/1", "not global unicast"),
    ("fc00::/7", "unique local"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
# On a network without IPv4 every public host has such an address.
_NAT64 = "64:ff9b::/96"

# Narrowest first: the first that holds an address is the one that describes it.
SPECIAL = sorted(
    [*(Special(ip_network(text), name) for text, name in _TABLE), Special(ip_network(_NAT64), "NAT64", open=True)],
    key=lambda special: -special.network.prefixlen,
)


def special(address: Address) -> Special | None:
    """The narrowest special range that holds `address`; None for a public one."""
    return next((row for row in SPECIAL if address in row.network), None)
