"""The table of special ranges against an expectation that was written by hand."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.fetching.addresses import carried, objection
from receipts.fetching.ranges import SPECIAL, special

# First and last address of each range, and what it is called; the neighbours of a range are rows of their own.
EXPECTED = [
    ("0.0.0.0", "this network"),  # noqa: S104 - nothing is bound
    ("0.255.255.255", "this network"),
    ("1.0.0.0", None),
    ("9.255.255.255", None),
    ("10.0.0.0", "private use"),
    ("10.255.255.255", "private use"),
    ("11.0.0.0", None),
    ("100.63.255.255", None),
    ("100.64.0.0", "shared address space"),
    ("100.100.100.199", "shared address space"),
    ("100.100.100.200", "cloud metadata"),
    ("100.100.100.201", "shared address space"),
    ("100.127.255.255", "shared address space"),
    ("100.128.0.0", None),
    ("126.255.255.255", None),
    ("127.0.0.0", "loopback"),
    ("127.255.255.255", "loopback"),
    ("128.0.0.0", None),
    ("169.253.255.255", None),
    ("169.254.0.0", "link-local"),
    ("169.254.169.254", "cloud metadata"),
    ("169.254.255.255", "link-local"),
    ("169.255.0.0", None),
    ("172.15.255.255", None),
    ("172.16.0.0", "private use"),
    ("172.31.255.255", "private use"),
    ("172.32.0.0", None),
    ("191.255.255.255", None),
    ("192.0.0.0", "protocol assignments"),
    ("192.0.0.9", "protocol assignments"),
    ("192.0.0.170", "protocol assignments"),
    ("192.0.0.255", "protocol assignments"),
    ("192.0.1.0", None),
    ("192.0.2.0", "documentation"),
    ("192.0.2.255", "documentation"),
    ("192.0.3.0", None),
    ("192.31.196.1", None),
    ("192.88.98.255", None),
    ("192.88.99.0", "6to4 relay"),
    ("192.88.99.255", "6to4 relay"),
    ("192.88.100.0", None),
    ("192.167.255.255", None),
    ("192.168.0.0", "private use"),
    ("192.168.255.255", "private use"),
    ("192.169.0.0", None),
    ("198.17.255.255", None),
    ("198.18.0.0", "benchmarking"),
    ("198.19.255.255", "benchmarking"),
    ("198.20.0.0", None),
    ("198.51.99.255", None),
    ("198.51.100.0", "documentation"),
    ("198.51.100.255", "documentation"),
    ("198.51.101.0", None),
    ("203.0.112.255", None),
    ("203.0.113.0", "documentation"),
    ("203.0.113.255", "documentation"),
    ("203.0.114.0", None),
    ("223.255.255.255", None),
    ("224.0.0.0", "multicast"),
    ("239.255.255.255", "multicast"),
    ("240.0.0.0", "reserved"),
    ("255.255.255.254", "reserved"),
    ("255.255.255.255", "broadcast"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("::2", "IPv4-compatible"),
    ("::47.1.2.3", "IPv4-compatible"),
    ("::fffe:0:0", "not global unicast"),
    ("::ffff:0:0", "IPv4-mapped"),
    ("::ffff:47.1.2.3", "IPv4-mapped"),
    ("::ffff:255.255.255.255", "IPv4-mapped"),
    ("::ffff:0:47.1.2.3", "IPv4-translated"),
    ("64:ff9a:ffff::", "not global unicast"),
    ("64:ff9b::47.1.2.3", None),
    ("64:ff9b::127.0.0.1", "loopback"),
    ("64:ff9b::100.100.100.200", "cloud metadata"),
    ("64:ff9b::10.0.0.8", "private use"),
    ("64:ff9b:0:0:0:1::", "not global unicast"),
    ("64:ff9b:1::", "local NAT64"),
    ("64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "local NAT64"),
    ("64:ff9b:2::", "not global unicast"),
    ("100::", "discard-only"),
    ("100::ffff:ffff:ffff:ffff", "discard-only"),
    ("100:0:0:1::", "dummy prefix"),
    ("100:0:0:2::", "not global unicast"),
    ("1fff:ffff::", "not global unicast"),
    ("2000::", None),
    ("2001::", "Teredo"),
    ("2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "Teredo"),
    ("2001:1::1", "protocol assignments"),
    ("2001:2::", "benchmarking"),
    ("2001:2:1::", "protocol assignments"),
    ("2001:3::", "protocol assignments"),
    ("2001:10::", "ORCHID"),
    ("2001:1f:ffff::", "ORCHID"),
    ("2001:20::", "ORCHIDv2"),
    ("2001:2f:ffff::", "ORCHIDv2"),
    ("2001:30::", "drone identifiers"),
    ("2001:40::", "protocol assignments"),
    ("2001:1ff:ffff::", "protocol assignments"),
    ("2001:200::", None),
    ("2001:db7:ffff::", None),
    ("2001:db8::", "documentation"),
    ("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation"),
    ("2001:db9::", None),
    ("2002::", "6to4"),
    ("2002:2f01:203::", "6to4"),
    ("2003::", None),
    ("2408:4000::17", None),
    ("3ffe:ffff::", None),
    ("3fff::", "documentation"),
    ("3fff:fff:ffff::", "documentation"),
    ("3fff:1000::", None),
    ("4000::", "not global unicast"),
    ("5f00::", "segment routing"),
    ("5f01::", "not global unicast"),
    ("7fff:ffff::", "not global unicast"),
    ("8000::", "not global unicast"),
    ("fbff:ffff::", "not global unicast"),
    ("fc00::", "unique local"),
    ("fd00:ec2::254", "unique local"),
    ("fdff:ffff::", "unique local"),
    ("fe00::", "not global unicast"),
    ("fe80::", "link-local"),
    ("febf:ffff::", "link-local"),
    ("fec0::", "site-local"),
    ("feff:ffff::", "site-local"),
    ("ff00::", "multicast"),
    ("ff02::1", "multicast"),
    ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"),
]


@pytest.mark.parametrize(("address", "name"), EXPECTED)
def test_law_fetch_each_address_has_its_verdict(address: str, name: str | None) -> None:
    """What is special is refused under its name, what is next to it is not."""
    assert objection(ip_address(address), ()) == name


def test_each_range_has_a_row_in_the_expectation() -> None:
    """No range is in the table that nobody wrote an expectation for."""
    touched = {special(ip_address(address)) for address, _ in EXPECTED}
    assert touched == {*SPECIAL, None}


@given(address=st.ip_addresses())
def test_law_fetch_is_never_laxer_than_python(address: object) -> None:
    """Whatever this Python's own table calls private is refused; ours only ever refuses more."""
    found = ip_address(str(address))
    if not found.is_global or found.is_multicast:
        assert objection(found, ()) is not None


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("::ffff:10.0.0.8", ["10.0.0.8"]),
        ("::ffff:0:10.0.0.8", ["10.0.0.8"]),
        ("64:ff9b::10.0.0.8", ["10.0.0.8"]),
        ("2002:a00:8::1", ["10.0.0.8"]),
        ("2001:0:2f01:203::f5ff:fff7", ["47.1.2.3", "10.0.0.8"]),
        ("2408:4000::a00:8", []),
        ("10.0.0.8", []),
    ],
)
def test_the_ipv4_address_inside_is_found(address: str, inside: list[str]) -> None:
    """Mapped, translated, 6to4 and Teredo addresses lead to an IPv4 host, wherever in them it stands."""
    assert [str(found) for found in carried(ip_address(address))] == inside


@pytest.mark.parametrize(
    ("address", "listed", "name"),
    [
        ("10.1.2.3", "10.0.0.0/8", None),
        ("10.1.2.3", "10.1.2.3/32", None),
        ("10.1.2.3", "10.1.2.4/32", "private use"),
        ("10.1.2.3", "0.0.0.0/0", "private use"),
        ("100.64.0.1", "100.64.0.0/10", None),
        ("100.100.100.200", "100.64.0.0/10", "cloud metadata"),
        ("100.100.100.200", "100.100.100.200/32", None),
        ("127.0.0.1", "127.0.0.0/8", None),
        ("::1", "::1/128", None),
        ("::1", "::/0", "loopback"),
        ("fd00::8", "fd00::/8", None),
        ("64:ff9b::10.0.0.8", "10.0.0.0/8", None),
        ("64:ff9b::10.0.0.8", "64:ff9b::/96", "private use"),
        ("::ffff:127.0.0.1", "::ffff:0:0/96", "loopback"),
        ("2002:7f00:1::", "2002::/16", "loopback"),
        ("47.1.2.3", "10.0.0.0/8", None),
    ],
)
def test_a_listed_network_opens_what_it_names(address: str, listed: str, name: str | None) -> None:
    """And nothing narrower inside it, nor an IPv4 host behind an IPv6 one."""
    assert objection(ip_address(address), [ip_network(listed)]) == name
