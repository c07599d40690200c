"""The whole objects in a text that as a whole is no JSON, whatever is wrong around them.

Only for what cannot be read in the strict way: commas too many or missing, brackets that are not closed, an end that
was cut off, something in front or behind, several texts one after another. A structural scan, as in `journal.spans`:
linear and without recursion, whatever the bytes.
"""

from __future__ import annotations

import re

from receipts.journal.spans import Span

# An object, and the colon before it that makes it some name's value. Blanks in a row are few.
_BEGIN = re.compile(rb'(?:"\s{0,99}:\s{0,99})?\{')
# Within an object: a string, a bracket that opens (with the colon before it), or one that closes.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|(?::\s{0,99})?[\[{]|[\]}]', re.DOTALL)
_QUOTE, _COLON, _OBJECT, _EMPTY = b'"', b":", b"{", b"{}"
_CLOSES = {b"{": b"}", b"[": b"]"}


def whole_objects(text: bytes) -> list[Span]:
    """Where the objects stand that are closed, hold something and are within no other object, in order.

    What begins and does not end is left out, and what stands behind it is found again where it shows that it ended
    too early. A value of a name is no object of its own, even where the object around it is broken.
    """
    found = []
    begin = _BEGIN.search(text)
    while begin:
        start = begin.end() - len(_OBJECT)
        end, whole = _followed(text, start)
        if whole and begin.group() == _OBJECT and end - start > len(_EMPTY):
            found.append(Span(start, end))
        begin = _BEGIN.search(text, end)
    return found


def _followed(text: bytes, start: int) -> tuple[int, bool]:
    """Where the object that begins at `start` ends, or where it is clear that it is broken; and which of the two."""
    opened: list[bytes] = []
    for match in _TOKEN.finditer(text, start):
        token = match.group()
        if token.startswith(_QUOTE):
            continue
        bracket = token[-1:]
        if bracket in _CLOSES:
            # In an object a value follows a colon, in a list it does not.
            if opened and (opened[-1] == _OBJECT) != token.startswith(_COLON):
                return match.start(), False
            opened.append(bracket)
        elif _CLOSES[opened.pop()] != bracket:
            return match.end(), False
        elif not opened:
            return match.end(), True
    return len(text), False
