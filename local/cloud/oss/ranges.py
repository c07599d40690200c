"""Which bytes of an object a `Range` header asks for: the service is more generous than the standard."""

from __future__ import annotations

import re
from typing import NamedTuple

from local.cloud.oss.errors import OssError

# Of several ranges the service answers the first.
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})(?:,.*)?")


class Span(NamedTuple):
    """`length` bytes from `start` of an object."""

    start: int
    length: int

    def content_range(self, size: int) -> str:
        """The `Content-Range` of this part of an object of `size` bytes."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


def span_of(header: str | None, size: int, *, standard: bool) -> Span | None:
    """The part of an object of `size` bytes that `header` asks for, or None for the whole.

    Args:
        header: the `Range` header.
        size: the object's length in bytes.
        standard: whether a range that reaches beyond the end is cut there, as HTTP has it; the service's own way
            is to send the whole object.

    Raises:
        OssError: InvalidRange, if `standard` and not one byte of the range is there.
    """
    match = _RANGE.fullmatch(header or "")
    if match is None or not (match[1] or match[2]):
        return None
    first, last = _bounds(match[1], match[2], size)
    if first > last and match[1] and match[2]:
        return None
    if 0 <= first < size and last < size:
        return Span(first, last - first + 1)
    if not standard:
        return None
    if first >= size:
        raise OssError("InvalidRange")
    first = max(first, 0)
    return Span(first, min(last, size - 1) - first + 1)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        # The last n bytes; none at all is a range behind the end.
        return size - int(last), size - 1
    return int(first), int(last) if last else max(size - 1, int(first))
