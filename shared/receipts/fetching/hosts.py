"""The host of a URL or of an entry of the allow list, in the one spelling in which hosts are compared."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from receipts.fetching.ranges import Address

MAX_NAME = 253
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# What a resolver may read as an IPv4 address: 2130706433, 127.1, 0x7f.1, 0177.0.0.1.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class Host(NamedTuple):
    """A name in lower-case ASCII without a dot at its end, or an IP address without brackets (`address` is set)."""

    text: str
    address: Address | None


def host(text: str) -> Host:
    """Read a host as it stands in a URL.

    Raises:
        ValueError: it is neither a name nor an IP address in its usual form; the message holds nothing of `text`.
    """
    if text.startswith("["):
        return _bracketed(text)
    try:
        address = IPv4Address(text)
    except ValueError:
        return Host(_name(text), None)
    return Host(str(address), address)


def _bracketed(text: str) -> Host:
    if "%" in text:
        raise ValueError("has a zone in its IPv6 address")
    try:
        address = IPv6Address(text.removeprefix("[").removesuffix("]") if text.endswith("]") else "")
    except ValueError:
        raise ValueError("has brackets around what is no IPv6 address") from None
    return Host(str(address), address)


def _name(text: str) -> str:
    # The bound comes first: the IDNA codec takes quadratic time.
    if not 0 < len(text) <= MAX_NAME + 1:
        raise ValueError("has no host, or one that is too long")
    name = (text if text.isascii() else _ascii(text)).lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > MAX_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("has a host that is no name")
    if _NUMBER.fullmatch(labels[-1]):
        raise ValueError("has a host that could be read as an unusual form of an IP address")
    return name


def _ascii(text: str) -> str:
    """The name in Punycode, if it is spelt so that it comes back the same.

    Full-width letters, unicode dots, letters that vanish or change on the way: what they become is a question of
    the version of a standard, so they are not accepted.
    """
    try:
        name = text.encode("idna").decode("ascii")
        same = name.encode("ascii").decode("idna") == text.lower()
    except UnicodeError:
        same = False
    if not same:
        raise ValueError("has a host with letters that a name cannot hold") from None
    return name
