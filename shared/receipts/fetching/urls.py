"""URLs, read strictly: what two parsers could read in two ways is refused."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin

from receipts.fetching.errors import FetchRefused
from receipts.fetching.hosts import host

if TYPE_CHECKING:
    from receipts.fetching.ranges import Address

MAX_URL = 8192
DEFAULT_PORTS = {"http": 80, "https": 443}
_DOUBTFUL = re.compile(r"[\x00-\x20\x7f\\]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_URL = re.compile(r"//(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?", re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>.*))?", re.DOTALL)
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_MAX_PORT = 65535


class Target(NamedTuple):
    """Where one request goes. `host` as in `hosts.Host`; `resource` is the path with the query, in ASCII."""

    scheme: str
    host: str
    address: Address | None
    port: int
    resource: str

    @property
    def authority(self) -> str:
        """What the Host header says: the port only where it is not the scheme's own."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


def target(url: str) -> Target:
    """Read an absolute URL; its fragment is dropped.

    Raises:
        FetchRefused: it is not http or https, has a user, a port outside of 1 to 65535, or is not spelt as it should.
    """
    if len(url) > MAX_URL or _DOUBTFUL.search(url):
        raise FetchRefused("url", "the URL is too long or holds spaces, control characters or backslashes")
    scheme = _SCHEME.match(url)
    if scheme is None or scheme[1].lower() not in DEFAULT_PORTS:
        raise FetchRefused("scheme", "the URL is neither http nor https")
    parts = _URL.fullmatch(url, scheme.end())
    if parts is None:
        raise FetchRefused("url", "the URL has no host")
    if "@" in parts["authority"]:
        raise FetchRefused("userinfo", "the URL has a user before its host")
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if authority is None:
        raise FetchRefused("host", "the URL has a host with stray brackets or colons")
    try:
        where = host(authority["host"])
    except ValueError as problem:
        raise FetchRefused("host", f"the URL {problem}") from None
    return Target(
        scheme[1].lower(),
        where.text,
        where.address,
        _port(authority["port"], scheme[1].lower()),
        _in_ascii(parts["path"] or "/") + _in_ascii(parts["query"] or ""),
    )


def redirected(url: str, location: str) -> str:
    """The URL that a `Location` header in an answer to `url` leads to; to be read by `target` like any other.

    Args:
        url: the absolute URL that was asked.
        location: the header's value as `http.client` gives it, one character per byte.
    """
    if _DOUBTFUL.search(location):
        raise FetchRefused("url", "a redirect holds spaces, control characters or backslashes")
    try:
        ascii_only = quote(location.encode("latin-1"), safe=string.printable)
        return ascii_only if _SCHEME.match(ascii_only) else urljoin(url, ascii_only)
    except ValueError:
        raise FetchRefused("url", "a redirect that is no URL") from None


def _port(text: str | None, scheme: str) -> int:
    if text is None:
        return DEFAULT_PORTS[scheme]
    if not _PORT.fullmatch(text) or int(text) > _MAX_PORT:
        raise FetchRefused("port", f"the URL has a port that is no number from 1 to {_MAX_PORT}")
    return int(text)


def _in_ascii(text: str) -> str:
    """Everything outside of ASCII as %-encoded UTF-8; the rest as it is, because a signature may be over it."""
    try:
        return quote(text, safe=string.printable)
    except UnicodeEncodeError:
        raise FetchRefused("url", "the URL holds half a character") from None
