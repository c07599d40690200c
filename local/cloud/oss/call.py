"""What a request asks for: the operation's name, the bucket, the key, the parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote_to_bytes

from local.cloud.oss.digests import DigestedSpool
from local.cloud.oss.errors import OssError
from local.cloud.oss.names import operation_of

if TYPE_CHECKING:
    from local.cloud.http import Request

_BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,9}")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_LONGEST_KEY = 1023


class Call(NamedTuple):
    """One request, taken apart. Bytes that are not UTF-8 are surrogates in it, so that nothing is lost.

    Attributes:
        operation: the API's name, or `names.UNSERVED`.
        bucket: the bucket's name, or empty.
        key: the object's key, or empty.
        items: the query's parameters with their values, in the order in which they came.
        request: as it came.
    """

    operation: str
    bucket: str
    key: str
    items: tuple[tuple[str, str], ...]
    request: Request

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters by name."""
        return dict(self.items)

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers, names in lower case."""
        return self.request.headers

    @property
    def body(self) -> DigestedSpool:
        """The request's body."""
        if not isinstance(self.request.spool, DigestedSpool):
            raise TypeError("the server has to spool bodies")
        return self.request.spool

    @property
    def host(self) -> str:
        """Where the client sent this to, fit for an address and for XML."""
        host = self.headers.get("host", "")
        return host if _HOST.fullmatch(host) else "127.0.0.1"

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A parameter that is a number; left out or empty, it is `default`.

        Raises:
            OssError: InvalidArgument outside `low` to `high`.
        """
        text = self.parameters.get(name)
        if not text:
            return default
        if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
            raise OssError("InvalidArgument", f"{name} must be a number between {low} and {high}.")
        return int(text)

    def shown(self, text: str) -> str:
        """A key for the answer's XML: percent-encoded if `encoding-type=url` asks for that."""
        return quote(text, safe="/") if self.parameters.get("encoding-type") == "url" else text

    def check(self) -> None:
        """Refuse what no operation could do anything with.

        Raises:
            OssError: InvalidBucketName, InvalidObjectName or InvalidArgument.
        """
        if self.bucket and not _BUCKET.fullmatch(self.bucket):
            raise OssError("InvalidBucketName")
        if not _is_text(self.key) or self.key.startswith(("/", "\\")) or len(self.key.encode()) > _LONGEST_KEY:
            raise OssError("InvalidObjectName")
        if not all(_is_text(part) for item in self.items for part in item):
            raise OssError("InvalidArgument", "A parameter is not UTF-8.")
        if any(_CONTROL.search(value) for value in self.headers.values()):
            raise OssError("InvalidArgument", "A header has a control character in it.")


def read_call(request: Request) -> Call:
    """Take `request` apart; never fails."""
    path, _, query = request.target.partition("?")
    bucket, _, key = path.removeprefix("/").partition("/")
    items = tuple(_item(item) for item in query.split("&") if item)
    bucket, key = decoded(bucket), decoded(key)
    return Call(operation_of(request, bucket, key, dict(items)), bucket, key, items, request)


def _item(item: str) -> tuple[str, str]:
    # A form, unlike the path: the SDK writes a space as a plus sign here.
    name, _, value = item.replace("+", " ").partition("=")
    return decoded(name), decoded(value)


def decoded(raw: str) -> str:
    """A percent-encoded part of the path, the query or a header."""
    # The HTTP layer reads one character per byte.
    return unquote_to_bytes(raw.encode("latin-1", "replace")).decode("utf-8", "surrogateescape")


def _is_text(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
