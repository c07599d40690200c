"""The receipts inside a body: an array of objects or one bare object, each with the bytes it came as."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts.contents.rescue import whole_objects
from receipts.errors import BadReceipt, InvalidReceipt, NotJson
from receipts.journal.spans import BOM, array_end, elements
from receipts.json_text import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from receipts.journal.spans import Span


# With more elements that are no receipts, an array is no list of receipts that went wrong here and there: it is kept as
# a whole, and not in millions of pieces.
MOST_STRAY = 1000


class Body:
    """A body as it came, and where its elements stand in it.

    That is looked for only when an element's bytes are needed, and once: a body may hold thousands of elements of
    which none can be stored.
    """

    def __init__(self, whole: bytes) -> None:
        self.whole = whole
        self.json = whole.removeprefix(BOM)

    @cached_property
    def spans(self) -> list[Span]:
        """The elements of the array that it is; none when it is no array."""
        return elements(self.json) or []

    def element(self, place: int) -> bytes:
        """The bytes of the element at `place`; the whole body when it is no array."""
        return self.json[slice(*self.spans[place])] if place < len(self.spans) else self.whole


class Damaged(Body):
    """A body that is not valid JSON: its elements are the whole objects in it, whatever is wrong around them."""

    @cached_property
    def spans(self) -> list[Span]:
        """The whole objects in it."""
        return whole_objects(self.json)

    def receipts(self) -> list[Sent]:
        """Those of them that can be read."""
        return [one for one in _one_by_one(self) if isinstance(one, Sent)]

    def without(self, receipts: Sequence[Sent]) -> bytes:
        """What is left of it without these receipts of its own."""
        taken = [self.spans[one.place] for one in receipts]
        begins, ends = [0, *(span.end for span in taken)], [*(span.start for span in taken), len(self.json)]
        return b"".join(self.json[begin:end] for begin, end in zip(begins, ends, strict=True))


class Listed(Body):
    """A body that is an object, and the array in it that holds the receipts.

    Args:
        whole: the body.
        name: the array's name.
        values: its elements.
    """

    def __init__(self, whole: bytes, name: str, values: Sequence[Any]) -> None:
        super().__init__(whole)
        self._values = values
        rest = _from_array(whole, name)
        self.json = rest[: array_end(rest)]

    def element(self, place: int) -> bytes:
        """The bytes of the element at `place`, never the whole: that may hold thousands of them.

        Where its borders cannot be found (the name is written with escapes), the same JSON written anew.
        """
        if len(self.spans) != len(self._values):
            return json.dumps(self._values[place], ensure_ascii=False).encode("utf-8", "surrogatepass")
        return self.json[slice(*self.spans[place])]


class Sent(NamedTuple):
    """One receipt of a body: its place in it, from 0, and what it says."""

    body: Body
    place: int
    receipt: dict[str, Any]

    @property
    def raw(self) -> bytes:
        """The bytes of this receipt as they came."""
        return self.body.element(self.place)


class Broken(NamedTuple):
    """A body, or an element of one, that is no receipt, and why; its type, where that is not the envelope's."""

    raw: bytes
    place: int
    why: BadReceipt
    type: str = ""


def receipts_in(body: bytes) -> Iterator[Sent | Broken]:
    """Every receipt of the body, and whatever of it is not one.

    A body that is not valid JSON is one broken thing as a whole; after it come the receipts in it that are whole and
    can be read, so that neither the fault of one nor one between them costs its neighbours.
    """
    parts = Body(body)
    try:
        value = parsed(parts.json.decode())
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        yield Broken(body, 0, _wrong(error))
        yield from Damaged(body).receipts()
    except (ValueError, RecursionError) as error:
        # The fault of one element, unless the array is broken, too.
        yield from _one_by_one(parts) or [Broken(body, 0, _wrong(error)), *Damaged(body).receipts()]
    else:
        values = value if isinstance(value, list) else [value]
        if sum(not _may_be_receipt(one) for one in values) > MOST_STRAY:
            yield Broken(body, 0, InvalidReceipt(f"holds more than {MOST_STRAY} elements that are no receipts"))
            yield from (Sent(parts, place, one) for place, one in enumerate(values) if _may_be_receipt(one))
        else:
            yield from (item(parts, place, one) for place, one in enumerate(values))


def _may_be_receipt(value: Any) -> bool:
    """Whether it is an object with anything in it."""
    return isinstance(value, dict) and bool(value)


def item(body: Body, place: int, value: Any) -> Sent | Broken:
    """What stands at `place` of the body and was parsed to `value`."""
    sent = Sent(body, place, value)
    return sent if isinstance(value, dict) else Broken(sent.raw, place, InvalidReceipt("is not a JSON object"))


def in_damaged_list(body: bytes, name: str) -> list[Sent]:
    """The receipts that can be read in the array of that name, within a body that is not valid JSON."""
    rest = _from_array(body, name)
    return Damaged(rest[: array_end(rest) or len(rest)]).receipts()


def _from_array(body: bytes, name: str) -> bytes:
    """The body from the bracket on with which the array of that name begins; nothing without one."""
    # Within a text the quotes of a name are escaped: this is a member's name. Blanks in a row are few.
    letters = b"[_-]?".join(letter.encode() for letter in name)
    begin = re.search(rb'"%b"\s{0,99}:\s{0,99}(?=\[)' % letters, body, re.IGNORECASE)
    return body[begin.end() :] if begin else b""


def _one_by_one(body: Body) -> list[Sent | Broken]:
    """The elements of an array, each parsed by itself."""
    items: list[Sent | Broken] = []
    for place in range(len(body.spans)):
        raw = body.element(place)
        try:
            items.append(item(body, place, parsed(raw.decode())))
        except (ValueError, RecursionError) as error:
            items.append(Broken(raw, place, _wrong(error)))
    return items


def _wrong(error: Exception) -> BadReceipt:
    """What is wrong with a text: said alike whether it came alone or in an array."""
    if isinstance(error, UnicodeDecodeError):
        return NotJson("the body is not UTF-8")
    if isinstance(error, json.JSONDecodeError):
        return NotJson("the body is not valid JSON")
    # Valid, but of a depth or a number of digits that nothing can hold.
    return InvalidReceipt("is nested too deep or too long a number")
