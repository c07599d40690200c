"""Where the elements of a JSON array begin and end, without parsing them.

A structural scan: strings and brackets only. It does not recurse, does not judge numbers or words, and so also
finds the borders in an array of which some element is not valid JSON.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

_OPENING, _CLOSING, _COMMA, _QUOTE = b"[{", b"]}", b",", b'"'
_BLANK = b" \t\r\n"
BOM = b"\xef\xbb\xbf"
# A whole string, a whole object without another inside it (what nearly every receipt is: one step instead of a
# hundred), or one structural byte. Everything between two matches is left alone. The classes exclude each other,
# so that the scan is linear whatever the bytes.
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
# At most so many strings: the engine remembers every one of them until the object has ended.
_FLAT_OBJECT = rb"\{[^\"{}\[\]]*(?:" + _STRING + rb"[^\"{}\[\]]*){0,200}\}"
_TOKEN = re.compile(_STRING + rb"?|" + _FLAT_OBJECT + rb"|[\[\]{},]", re.DOTALL)


class Span(NamedTuple):
    """The bytes from `start` up to, not including, `end`."""

    start: int
    end: int


def elements(body: bytes) -> list[Span] | None:
    """The spans of the elements of the array that `body` is, in order.

    None when `body` is not one array with balanced brackets and something between all of its commas.
    """
    mark = len(BOM) if body.startswith(BOM) else 0
    text = body[mark:].strip(_BLANK)
    lead = mark + len(body[mark:]) - len(body[mark:].lstrip(_BLANK))
    if not (text.startswith(b"[") and text.endswith(b"]")):
        return None
    borders = _borders(text)
    if borders is None:
        return None
    spans = [_trimmed(body, lead + start, lead + end) for start, end in pairwise(borders)]
    if len(spans) == 1 and spans[0].start == spans[0].end:
        return []
    return spans if all(span.start < span.end for span in spans) else None


def array_end(text: bytes) -> int:
    """Where the array ends that the text begins with, whatever comes behind it; 0 if it does not end."""
    depth = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if len(token) > 1 or token in (_QUOTE, _COMMA):
            continue
        depth += 1 if token in _OPENING else -1
        if depth == 0:
            return match.end()
    return 0


def _borders(text: bytes) -> list[int] | None:
    """Position after the opening bracket, after each comma of depth 1, and after the closing bracket."""
    depth, borders = 0, [1]
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token.startswith(_QUOTE) or len(token) > 1:
            continue
        if token in _OPENING:
            depth += 1
        elif token == _COMMA:
            if depth == 1:
                borders.append(match.end())
        else:
            depth -= 1
            if depth == 0:
                return [*borders, match.end()] if match.end() == len(text) else None
    return None


def _trimmed(body: bytes, start: int, end: int) -> Span:
    """The span without its closing comma or bracket and without blanks at either end."""
    inner = body[start : end - 1]
    left = len(inner) - len(inner.lstrip(_BLANK))
    return Span(start + left, start + max(left, len(inner.rstrip(_BLANK))))
