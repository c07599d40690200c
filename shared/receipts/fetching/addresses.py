"""Which addresses may be connected to, and the look-up that finds them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, NamedTuple

from receipts.bounded import within
from receipts.fetching.errors import FetchFailed, FetchRefused
from receipts.fetching.ranges import special

if TYPE_CHECKING:
    from collections.abc import Iterable

    from receipts.deadline import Deadline
    from receipts.fetching.network import Network
    from receipts.fetching.ranges import Address
    from receipts.fetching.ranges import Network as Range
    from receipts.fetching.urls import Target

_IPV4 = 0xFFFF_FFFF


class _Carrier(NamedTuple):
    """IPv6 addresses that lead to an IPv4 host: where in them it stands, counted from the right, and if inverted."""

    network: IPv6Network
    shift: int
    inverted: bool = False


_CARRIERS = (
    _Carrier(IPv6Network("::ffff:0:0/96"), 0),
    _Carrier(IPv6Network("::ffff:0:0:0/96"), 0),
    _Carrier(IPv6Network("64:ff9b::/96"), 0),
    _Carrier(IPv6Network("2002::/16"), 80),
    # Teredo holds its server and, inverted, its client.
    _Carrier(IPv6Network("2001::/32"), 64),
    _Carrier(IPv6Network("2001::/32"), 0, inverted=True),
)


def carried(address: Address) -> list[IPv4Address]:
    """The IPv4 addresses inside a mapped, translated (NAT64), 6to4 or Teredo address."""
    if isinstance(address, IPv4Address):
        return []
    bits = int(address)
    return [
        IPv4Address((bits >> carrier.shift ^ (_IPV4 if carrier.inverted else 0)) & _IPV4)
        for carrier in _CARRIERS
        if address in carrier.network
    ]


def objection(address: Address, listed: Iterable[Range]) -> str | None:
    """Why `address` may not be connected to: the name of the special range that it, or an IPv4 inside it, is in.

    A listed network opens a special range only if it is no wider than that: to list all of 100.64.0.0/10 does not
    open the metadata service inside it, which would have to be listed by itself.
    """
    networks = list(listed)
    for each in (address, *carried(address)):
        row = special(each)
        if row is None or row.open:
            continue
        if not any(each in network and network.prefixlen >= row.network.prefixlen for network in networks):
            return row.name
    return None


def permitted(target: Target, listed: Iterable[Range], network: Network, deadline: Deadline) -> list[Address]:
    """The addresses of the target's host, in the resolver's order, all of them fit to be connected to.

    Raises:
        FetchRefused: one of them is not public and in no listed network. The whole name is refused then, not only
            that address: whoever owns the name chooses how many addresses it has and in which order they come, and
            a public one among them is there to get past this check.
        FetchFailed: the name has no address now.
        TimeoutError: the look-up was not done before the deadline.
    """
    if target.address is not None:
        found: list[Address] = [target.address]
    else:
        try:
            # Nothing else can bound the time that a look-up takes.
            texts = within(deadline.remaining(), lambda: network.resolve(target.host, target.port))
            found = [ip_address(text) for text in texts]
        except TimeoutError:
            raise
        except (OSError, ValueError) as error:
            raise FetchFailed(target.host, f"its name was not resolved ({type(error).__name__})") from None
    for address in found:
        name = objection(address, listed)
        if name is not None:
            raise FetchRefused("address", f"leads to an address that is not public ({name})", target.host)
    if not found:
        raise FetchFailed(target.host, "its name has no address")
    return found
