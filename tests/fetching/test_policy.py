"""The policy's texts: what each means, and which entry is wrong."""

from __future__ import annotations

import traceback
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.fetching.errors import FetchRefused
from receipts.fetching.policy import MAX_REDIRECTS, Policy
from receipts.fetching.urls import target


def allows(hosts: str, url: str) -> bool:
    """Whether the list lets the URL's scheme, host and port through."""
    try:
        Policy.parse(hosts).check(target(url))
    except FetchRefused:
        return False
    return True


@pytest.mark.parametrize(
    ("hosts", "allowed", "refused"),
    [
        ("a.example", ["https://a.example/", "https://x.y.a.example/"], ["http://a.example/", "https://xa.example/"]),
        ("https://a.example", ["https://a.example/"], ["http://a.example/"]),
        ("http://a.example", ["http://a.example/", "https://x.a.example/"], ["http://a.example:8080/"]),
        ("a.example:8443", ["https://a.example:8443/"], ["https://a.example/", "http://a.example:8443/"]),
        ("https://a.example:8443", ["https://a.example:8443/"], ["https://a.example/"]),
        ("http://a.example:81", ["http://a.example:81/", "https://a.example/"], ["http://a.example/"]),
        (" A.Example. ,b.example", ["https://a.example/", "https://b.example/"], ["https://example/"]),
        ("a.example,a.example:8443", ["https://a.example/", "https://a.example:8443/"], ["http://a.example/"]),
        ("http://a.example,deep.a.example", ["http://deep.a.example/"], []),
        ("example", ["https://example/"], ["https://a.example/"]),
        ("bücher.example", ["https://xn--bcher-kva.example/"], ["https://bucher.example/"]),
        ("47.1.2.3", ["https://47.1.2.3/"], ["https://47.1.2.4/", "https://3/", "https://a.47.1.2.3.example/"]),
        ("[::1]:8443", ["https://[::1]:8443/", "https://[0::1]:8443/"], ["https://[::1]/", "https://[::2]:8443/"]),
        ("HTTP://a.example", ["http://a.example/"], []),
        ("", [], ["https://a.example/"]),
    ],
)
def test_an_entry_means_this(hosts: str, allowed: list[str], refused: list[str]) -> None:
    """Scheme, port and suffix of each form."""
    assert [url for url in allowed if not allows(hosts, url)] == []
    assert [url for url in refused if allows(hosts, url)] == []


@pytest.mark.parametrize(
    ("hosts", "problem"),
    [
        ("a.example,", r"entry 2 is not of the form"),
        ("a.example,,b.example", r"entry 2 is not of the form"),
        ("*.example", r"entry 1 has a host that is no name"),
        (".example", "has a host that is no name"),
        ("a b.example", "has a host that is no name"),
        ("a.example,ftp://b.example", r"entry 2 is not of the form"),
        ("https://a.example/", "is not of the form"),
        ("a.example/path", "is not of the form"),
        ("user@a.example", "has a host that is no name"),
        ("a.example:", "is not of the form"),
        ("a.example:0", "is not of the form"),
        ("a.example:65536", "has a port above 65535"),
        ("a.example:123456", "is not of the form"),
        ("::1", "is not of the form"),
        ("[fe80::1%eth0]", "has a zone"),
        ("[a.example]", "no IPv6 address"),
        ("127.1", "unusual form of an IP address"),
        ("10.0.0.0/8", "is not of the form"),
        ("https://", "is not of the form"),
    ],
)
def test_a_wrong_entry_is_named(hosts: str, problem: str) -> None:
    """Position and what is wrong, so that the setting can be mended; not what stands there, which may be a secret."""
    with pytest.raises(ValueError, match=problem) as told:
        Policy.parse(hosts)
    assert str(told.value).startswith("entry ")


@pytest.mark.parametrize("entry", ["{}/x", "{} x", "[{}]", "{}:99999", "ftp://{}", "{}@a.example", "{}:0"])
def test_law_privacy_what_stands_in_a_wrong_entry_is_not_repeated(entry: str) -> None:
    """A secret in the wrong variable does not come out in a log."""
    for hosts, networks in ((entry.format("made-up-secret"), ""), ("", entry.format("made-up-secret"))):
        with pytest.raises(ValueError, match=r"^entry 1 ") as told:
            Policy.parse(hosts, networks)
        assert "secret" not in "".join(traceback.format_exception(told.value))


@pytest.mark.parametrize("networks", ["10.0.0.1/8", "10.0.0.0/33", "loopback", "10.0.0.0/8,", "127.1/8"])
def test_a_wrong_network_is_named(networks: str) -> None:
    """A network is written by its first address; nothing is rounded."""
    with pytest.raises(ValueError, match=r"^entry \d is not of the form address/length"):
        Policy.parse("a.example", networks)


def test_networks_are_empty_by_default_and_hops_are_three() -> None:
    """The defaults are the safe ones."""
    policy = Policy.parse("a.example")
    assert (policy.networks, policy.max_redirects) == ((), MAX_REDIRECTS)
    assert [str(network) for network in Policy.parse("", "10.0.0.0/8, ::1/128").networks] == ["10.0.0.0/8", "::1/128"]


@given(hosts=st.text(), networks=st.text())
def test_any_text_is_read_or_named(hosts: str, networks: str) -> None:
    """No text of a setting raises anything but the error that names its entry."""
    for texts in ((hosts, ""), ("", networks)):
        with suppress(ValueError):
            try:
                Policy.parse(*texts)
            except ValueError as error:
                assert str(error).startswith("entry ")  # noqa: PT017 - either outcome is fine, its form is not
