"""Law 7, Fetch, as a table: each URL with its verdict, checked at the socket layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from receipts.fetching.errors import FetchFailed, FetchRefused
from receipts.fetching.policy import Policy
from tests.fetching.fetches import fetched
from tests.fetching.wire import OTHER_PUBLIC, PUBLIC, PUBLIC_V6, watched

if TYPE_CHECKING:
    from collections.abc import Sequence

POLICY = Policy.parse(
    "aliyuncs.com, http://plain.example, http://odd.example:8080, tls.example:8443, bücher.example, intranet,"
    " 47.1.2.3, http://[2408:4000::17], 127.0.0.1, 10.1.2.3, 100.100.100.200, 169.254.169.254, [::1],"
    " [::ffff:127.0.0.1], [::ffff:47.1.2.3], [64:ff9b::7f00:1], [64:ff9b::2f01:203], [2002:7f00:1::],"
    " [2001:0:2f01:203::80ff:fffe], [fd00::1], [fe80::1], 100.64.0.9, 0.0.0.0",
)
NAMES: dict[str, Sequence[Sequence[str]]] = {
    "rec.oss-cn-shanghai.aliyuncs.com": [[PUBLIC]],
    "aliyuncs.com": [[PUBLIC]],
    "plain.example": [[PUBLIC]],
    "odd.example": [[PUBLIC]],
    "tls.example": [[PUBLIC]],
    "xn--bcher-kva.example": [[PUBLIC]],
    "intranet": [[PUBLIC]],
    # Look-alikes resolve well: it is the list that must stop them.
    "evil-aliyuncs.com": [[PUBLIC]],
    "aliyuncs.com.evil.example": [[PUBLIC]],
    "evil.example": [[PUBLIC]],
    "x.intranet": [[PUBLIC]],
    "com": [[PUBLIC]],
    # Listed, but leading elsewhere.
    "loop.aliyuncs.com": [["127.0.0.1"]],
    "meta.aliyuncs.com": [["100.100.100.200"]],
    "aws.aliyuncs.com": [["169.254.169.254"]],
    "shared.aliyuncs.com": [["100.64.0.1"]],
    "ten.aliyuncs.com": [["10.0.0.8"]],
    "six.aliyuncs.com": [["::1"]],
    "mapped.aliyuncs.com": [["::ffff:10.0.0.8"]],
    "nat64.aliyuncs.com": [["64:ff9b::a00:8"]],
    "local.aliyuncs.com": [["fe80::1%eth0"]],
    "mixed.aliyuncs.com": [[PUBLIC, "10.0.0.8"]],
    "mixed6.aliyuncs.com": [[PUBLIC, "fd00::8"]],
    "last.aliyuncs.com": [[PUBLIC, OTHER_PUBLIC, PUBLIC_V6, "0.0.0.0"]],  # noqa: S104 - nothing is bound
    "twins.aliyuncs.com": [[PUBLIC, OTHER_PUBLIC]],
    "dual.aliyuncs.com": [[PUBLIC_V6, PUBLIC]],
    "through64.aliyuncs.com": [["64:ff9b::2f01:203"]],
}
TLS, PLAIN = (PUBLIC, 443), (PUBLIC, 80)

# URL, the addresses it may be connected to.
LET_THROUGH: list[tuple[str, list[tuple[str, int]]]] = [
    ("https://rec.oss-cn-shanghai.aliyuncs.com/a.mp3?Expires=1&Signature=x%3D", [TLS]),
    ("https://rec.oss-cn-shanghai.aliyuncs.com:443/a.mp3", [TLS]),
    ("https://aliyuncs.com", [TLS]),
    ("https://aliyuncs.com?x=1", [TLS]),
    ("HTTPS://REC.OSS-CN-Shanghai.ALIYUNCS.com/a.mp3", [TLS]),
    ("https://rec.oss-cn-shanghai.aliyuncs.com./a.mp3", [TLS]),
    ("https://aliyuncs.com/a.mp3#https://evil.example/", [TLS]),
    ("https://aliyuncs.com/@evil.example/", [TLS]),
    ("https://aliyuncs.com/?next=http://127.0.0.1/", [TLS]),
    ("https://aliyuncs.com/录音.mp3", [TLS]),
    ("http://plain.example/a.wav", [PLAIN]),
    ("https://plain.example/a.wav", [TLS]),
    ("http://odd.example:8080/a.wav", [(PUBLIC, 8080)]),
    ("https://odd.example/a.wav", [TLS]),
    ("https://tls.example:8443/a.wav", [(PUBLIC, 8443)]),
    ("https://bücher.example/a.wav", [TLS]),
    ("https://BÜCHER.example/a.wav", [TLS]),
    ("https://xn--bcher-kva.example/a.wav", [TLS]),
    ("https://intranet/a.wav", [TLS]),
    ("https://47.1.2.3/a.wav", [TLS]),
    ("http://[2408:4000::17]/a.wav", [(PUBLIC_V6, 80)]),
    ("http://[2408:4000:0:0::17]/a.wav", [(PUBLIC_V6, 80)]),
    ("https://twins.aliyuncs.com/a", [TLS, (OTHER_PUBLIC, 443)]),
    ("https://dual.aliyuncs.com/a", [(PUBLIC_V6, 443), TLS]),
    ("https://through64.aliyuncs.com/a", [("64:ff9b::2f01:203", 443)]),
    ("https://[64:ff9b::2f01:203]/a", [("64:ff9b::2f01:203", 443)]),
]

# URL, the reason for which it is refused.
REFUSED: list[tuple[str, str]] = [
    # Other hosts, and look-alikes.
    ("https://evil.example/a.mp3", "unlisted"),
    ("https://evil-aliyuncs.com/a.mp3", "unlisted"),
    ("https://aliyuncs.com.evil.example/a.mp3", "unlisted"),
    ("https://aliyuncs.com.evil.example./a.mp3", "unlisted"),
    ("https://evil.example/aliyuncs.com", "unlisted"),
    ("https://evil.example?aliyuncs.com", "unlisted"),
    ("https://evil.example#aliyuncs.com", "unlisted"),
    ("https://evil.example#@aliyuncs.com/", "unlisted"),
    ("https://com/a.mp3", "unlisted"),
    ("https://x.intranet/a.wav", "unlisted"),
    ("https://47.1.2.4/a.wav", "unlisted"),
    ("https://4.47.1.2.3.evil.example/a.wav", "unlisted"),
    ("https://аliyuncs.com/a.mp3", "unlisted"),  # a Cyrillic a
    # Schemes and ports that are not the listed ones.
    ("http://aliyuncs.com/a.mp3", "unlisted"),
    ("http://aliyuncs.com:443/a.mp3", "unlisted"),
    ("https://aliyuncs.com:80/a.mp3", "unlisted"),
    ("https://aliyuncs.com:22/a.mp3", "unlisted"),
    ("http://plain.example:443/a.wav", "unlisted"),
    ("http://plain.example:8080/a.wav", "unlisted"),
    ("http://odd.example/a.wav", "unlisted"),
    ("https://odd.example:8080/a.wav", "unlisted"),
    ("https://tls.example/a.wav", "unlisted"),
    ("https://aliyuncs.com:0/", "port"),
    ("https://aliyuncs.com:65536/", "port"),
    ("https://aliyuncs.com:99999999999999999999/", "port"),
    ("https://aliyuncs.com:/", "port"),
    ("https://aliyuncs.com:0443/", "port"),
    ("https://aliyuncs.com:+443/", "port"),
    ("https://aliyuncs.com:４４３/", "port"),
    ("https://aliyuncs.com:443:443/", "port"),
    ("ftp://aliyuncs.com/a.mp3", "scheme"),
    ("file:///etc/passwd", "scheme"),
    ("gopher://aliyuncs.com:6379/_FLUSHALL", "scheme"),
    ("data:audio/mpeg;base64,AAAA", "scheme"),
    ("dict://127.0.0.1:11211/stat", "scheme"),
    ("httpss://aliyuncs.com/", "scheme"),
    ("//aliyuncs.com/a.mp3", "scheme"),
    ("aliyuncs.com/a.mp3", "scheme"),
    ("", "scheme"),
    ("https:aliyuncs.com/a.mp3", "url"),
    ("https:/aliyuncs.com/a.mp3", "url"),
    ("https://", "host"),
    ("https:///aliyuncs.com/a.mp3", "host"),
    ("https://:443/a.mp3", "host"),
    # Users.
    ("https://user:secret@aliyuncs.com/a.mp3", "userinfo"),
    ("https://aliyuncs.com@evil.example/a.mp3", "userinfo"),
    ("https://aliyuncs.com:443@127.0.0.1/", "userinfo"),
    ("https://@aliyuncs.com/a.mp3", "userinfo"),
    # Spellings that two parsers read in two ways.
    ("https://evil.example\\@aliyuncs.com/", "url"),
    ("https:\\\\aliyuncs.com/a.mp3", "url"),
    ("https://aliyuncs.com\\.evil.example/", "url"),
    (" https://aliyuncs.com/", "url"),
    ("https://aliyuncs.com/ HTTP/1.1", "url"),
    ("https://aliyuncs.com/\r\nHost: evil.example", "url"),
    ("https://ali\tyuncs.com/", "url"),
    ("https://aliyuncs.com/\x00", "url"),
    ("https://aliyuncs.com/\x7f", "url"),
    ("https://aliyuncs.com/" + "a" * 9000, "url"),
    ("https://aliyuncs.com/\ud800", "url"),
    ("https://%61liyuncs.com/", "host"),
    ("https://aliyuncs%2ecom/", "host"),
    ("https://127%2e0.0.1/", "host"),
    ("https://aliyuncs。com/", "host"),
    ("https://aliyuncs．com/", "host"),
    ("https://aliyuncs｡com/", "host"),
    ("https://ａliyuncs.com/", "host"),
    ("https://ali\u00adyuncs.com/", "host"),
    ("https://ali\u200dyuncs.com/", "host"),
    ("https://straße.example/", "host"),
    ("https://①②⑦.⓪.⓪.①/", "host"),
    ("https://aliyuncs.com../", "host"),
    ("https://.aliyuncs.com/", "host"),
    ("https://a..aliyuncs.com/", "host"),
    ("https://-a.aliyuncs.com/", "host"),
    ("https://a*.aliyuncs.com/", "host"),
    ("https://" + "a" * 64 + ".aliyuncs.com/", "host"),
    ("https://" + "a." * 130 + "aliyuncs.com/", "host"),
    ("https://" + "ü" * 4000 + ".aliyuncs.com/", "host"),
    # IPv4 addresses in other clothes.
    ("https://2130706433/", "host"),
    ("https://0x7f000001/", "host"),
    ("https://0x7f.1/", "host"),
    ("https://017700000001/", "host"),
    ("https://0177.0.0.1/", "host"),
    ("https://127.1/", "host"),
    ("https://127.0.1/", "host"),
    ("https://127.0.0.1./", "host"),
    ("https://127.0.0.01/", "host"),
    ("https://127.0.0.256/", "host"),
    ("https://127.0.0.0x1/", "host"),
    ("https://47.1.2.3.4/", "host"),
    ("https://１２７.0.0.1/", "host"),
    ("https://aliyuncs.com.0x7f/", "host"),
    # IPv6 in brackets that hold something else.
    ("https://[::1/", "host"),
    ("https://::1/", "host"),
    ("https://[::1]x/", "host"),
    ("https://x[::1]/", "host"),
    ("https://[aliyuncs.com]/", "host"),
    ("https://[127.0.0.1]/", "host"),
    ("https://[fe80::1%25eth0]/", "host"),
    ("https://[fe80::1%eth0]/", "host"),
    ("https://[v1.x]/", "host"),
    ("https://[]/", "host"),
    ("https://2408:4000::17/", "host"),
    # Listed literals: the list alone does not open what is not public.
    ("https://127.0.0.1/", "address"),
    ("https://10.1.2.3/", "address"),
    ("https://0.0.0.0/", "address"),
    ("https://100.64.0.9/", "address"),
    ("https://100.100.100.200/latest/meta-data/ram/security-credentials/", "address"),
    ("https://169.254.169.254/latest/meta-data/", "address"),
    ("https://[::1]/", "address"),
    ("https://[0:0:0:0:0:0:0:1]/", "address"),
    ("https://[::ffff:127.0.0.1]/", "address"),
    ("https://[::ffff:7f00:1]/", "address"),
    ("https://[::ffff:47.1.2.3]/", "address"),
    ("https://[64:ff9b::127.0.0.1]/", "address"),
    ("https://[2002:7f00:1::]/", "address"),
    ("https://[2001:0:2f01:203::80ff:fffe]/", "address"),
    ("https://[fd00::1]/", "address"),
    ("https://[fe80::1]/", "address"),
    # Listed names that lead there.
    ("https://loop.aliyuncs.com/", "address"),
    ("https://meta.aliyuncs.com/", "address"),
    ("https://aws.aliyuncs.com/", "address"),
    ("https://shared.aliyuncs.com/", "address"),
    ("https://ten.aliyuncs.com/", "address"),
    ("https://six.aliyuncs.com/", "address"),
    ("https://mapped.aliyuncs.com/", "address"),
    ("https://nat64.aliyuncs.com/", "address"),
    ("https://local.aliyuncs.com/", "address"),
    # One public address does not make the others public.
    ("https://mixed.aliyuncs.com/", "address"),
    ("https://mixed6.aliyuncs.com/", "address"),
    ("https://last.aliyuncs.com/", "address"),
]


@pytest.mark.parametrize(("url", "endpoints"), LET_THROUGH)
def test_law_fetch_connects_where_the_list_says(url: str, endpoints: list[tuple[str, int]]) -> None:
    """What is listed and public is connected to, at the address that was checked, after one look-up at most."""
    with watched(NAMES) as wire, pytest.raises(FetchFailed):
        fetched(url, POLICY)
    assert wire.connected == endpoints
    assert len(wire.looked_up) <= 1


@pytest.mark.parametrize(("url", "reason"), REFUSED, ids=[f"{reason}-{url[:50]!a}" for url, reason in REFUSED])
def test_law_fetch_refuses(url: str, reason: str) -> None:
    """Everything else is refused for the reason in its row, without any connection; and looked up only if listed."""
    with watched(NAMES) as wire, pytest.raises(FetchRefused) as refusal:
        fetched(url, POLICY)
    assert wire.connected == []
    assert refusal.value.reason == reason
    assert len(wire.looked_up) == (reason == "address" and ".aliyuncs.com" in url)


def test_the_table_is_long_enough() -> None:
    """Sixty rows at least, no URL twice."""
    urls = [url for url, _ in LET_THROUGH] + [url for url, _ in REFUSED]
    assert len(urls) == len(set(urls)) > 60


def test_law_fetch_without_a_list_opens_nothing() -> None:
    """An empty allow list is no allow list that allows everything."""
    with watched(NAMES) as wire, pytest.raises(FetchRefused) as refusal:
        fetched("https://aliyuncs.com/", Policy.parse(" "))
    assert (refusal.value.reason, wire.looked_up, wire.connected) == ("unlisted", [], [])


def test_law_fetch_connects_to_the_address_that_was_checked() -> None:
    """A name that is public when it is checked and private when it is asked again gains nothing: it is asked once."""
    with watched({"aliyuncs.com": [[PUBLIC], ["127.0.0.1"]]}) as wire:
        with pytest.raises(FetchFailed):
            fetched("https://aliyuncs.com/", POLICY)
        assert (wire.looked_up, wire.connected) == (["aliyuncs.com"], [TLS])
        with pytest.raises(FetchRefused):
            fetched("https://aliyuncs.com/", POLICY)
        assert (wire.looked_up, wire.connected) == (["aliyuncs.com"] * 2, [TLS])


def test_law_fetch_opens_a_special_network_only_where_it_is_listed() -> None:
    """A private link is opened by listing its network; the metadata service inside a listed network stays shut."""
    names = {"a.aliyuncs.com": [["100.64.0.1"]], "b.aliyuncs.com": [["100.100.100.200"]]}
    policy = Policy.parse("aliyuncs.com", "100.64.0.0/10")
    with watched(names) as wire:
        with pytest.raises(FetchFailed):
            fetched("https://a.aliyuncs.com/", policy)
        with pytest.raises(FetchRefused, match="cloud metadata"):
            fetched("https://b.aliyuncs.com/", policy)
    assert wire.connected == [("100.64.0.1", 443)]


def test_a_name_without_an_address_is_to_be_tried_again() -> None:
    """A resolver's failure, or its empty answer, is no verdict on the URL."""
    with watched({"empty.aliyuncs.com": [[]]}) as wire:
        for name in ("nowhere", "empty"):
            with pytest.raises(FetchFailed, match=f"{name}.aliyuncs.com: its name"):
                fetched(f"https://{name}.aliyuncs.com/", POLICY)
    assert wire.connected == []
