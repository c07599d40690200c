"""Which addresses may be connected to, and the look-up that finds them."""

from __future__ import annotations

import threading
from ipaddress import IPv4Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from receipts.fetching.errors import FetchFailed, FetchRefused
from receipts.fetching.ranges import special

if TYPE_CHECKING:
    from collections.abc import Iterable

    from receipts.fetching.network import Network
    from receipts.fetching.ranges import Address
    from receipts.fetching.ranges import Network as Range
    from receipts.fetching.urls import Target
    from receipts.journal.deadline import Deadline

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
            found = [ip_address(text) for text in _looked_up(target, network, deadline)]
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


def _looked_up(target: Target, network: Network, deadline: Deadline) -> list[str]:
    """Look the name up in a thread of its own, because nothing else can bound the time that it takes."""
    answers: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(network.resolve(target.host, target.port))
        except (OSError, ValueError) as error:
            answers.put(error)

    thread = threading.Thread(target=look_up, name="look-up", daemon=True)
    thread.start()
    try:
        answer = answers.get(timeout=deadline.remaining())
    except Empty:
        raise TimeoutError("the name was not resolved in time") from None
    thread.join()
    if isinstance(answer, Exception):
        raise answer
    return answer
