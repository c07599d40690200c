"""Law 7, Fetch, for whatever a payload may hold."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receipts.fetching.errors import FetchFailed, FetchRefused
from receipts.fetching.hosts import host
from receipts.fetching.policy import Policy
from receipts.fetching.urls import redirected, target
from tests.fetching.fetches import fetched
from tests.fetching.wire import OTHER_PUBLIC, PUBLIC, watched

POLICY = Policy.parse("http://aliyuncs.com, 47.1.2.3, 127.0.0.1")
# Every name leads inside except the one that is listed.
NAMES = {"aliyuncs.com": [[PUBLIC]], "a.aliyuncs.com": [[OTHER_PUBLIC]], "in.aliyuncs.com": [["10.0.0.8"]]}
PIECES = st.sampled_from(
    [
        *("http", "https", "HTTPS", "ftp", "://", ":", "//", "/", "\\", "@", "#", "?", "%", "[", "]", ".", "。", " "),
        *("aliyuncs.com", "a.aliyuncs.com", "in.aliyuncs.com", "evil", "evil.example", "localhost", "47.1.2.3", "127"),
        *("127.0.0.1", "0x7f.1", "2130706433", "::1", "80", "443", "0", "\t", "\r\n", "\x00", "%2e", "xn--", "ß", "ａ"),
    ]
)
BUILT = st.lists(PIECES, max_size=12).map("".join)
LIKELY = st.tuples(st.sampled_from(["http://", "https://", "//"]), BUILT).map("".join)


@given(url=st.text() | BUILT)
@settings(deadline=None, max_examples=300)
def test_law_fetch_any_text_is_refused(url: str) -> None:
    """Whatever the text: a refusal, never another error; and without an allow list never a look-up."""
    with watched(NAMES) as wire, pytest.raises(FetchRefused):
        fetched(url, Policy.parse(""))
    assert (wire.looked_up, wire.connected) == ([], [])


@given(url=LIKELY | BUILT)
@settings(deadline=None, max_examples=300)
def test_law_fetch_any_text_reaches_listed_hosts_only(url: str) -> None:
    """Whatever is pieced together: what is connected to is what a listed host's name stands for, on its ports."""
    with watched(NAMES) as wire, suppress(FetchRefused, FetchFailed):
        fetched(url, POLICY)
    assert set(wire.connected) <= {(PUBLIC, 80), (PUBLIC, 443), (OTHER_PUBLIC, 80), (OTHER_PUBLIC, 443)}
    assert all(name.endswith("aliyuncs.com") for name in wire.looked_up)


@given(location=st.text(alphabet=st.characters(max_codepoint=255)) | BUILT)
@settings(deadline=None, max_examples=300)
def test_law_fetch_any_redirect_is_read_or_refused(location: str) -> None:
    """Whatever stands in a Location header: a target in ASCII, or a refusal."""
    with suppress(FetchRefused):
        found = target(redirected("https://aliyuncs.com/a/b?c", location))
        assert f"{found.resource}{found.authority}".isascii()
        assert not set(found.resource + found.authority) & set(" \r\n\t\x00")


@given(text=st.text(max_size=80) | BUILT)
@settings(deadline=None, max_examples=200)
def test_a_host_has_one_spelling(text: str) -> None:
    """What a host is read as is read as itself, and is lower-case ASCII."""
    try:
        found = host(text)
    except ValueError:
        return
    again = host(f"[{found.text}]" if ":" in found.text else found.text)
    assert again == found
    assert found.text.isascii()
    assert found.text == found.text.lower()
