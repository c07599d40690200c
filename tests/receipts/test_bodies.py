"""The receipts of a body: each with its place and its bytes, and what is none told as such."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receipts.contents.bodies import Broken, Sent, receipts_in
from receipts.contents.rescue import whole_objects
from tests.receipts.support import PROPERTY, SCALARS

if TYPE_CHECKING:
    from types import FrameType

GOOD = b'{"call_id": "k"}'
DIGITS = b"9" * 5000
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


def told(body: bytes) -> list[tuple[str, int, bytes]]:
    """What a body holds: `sent` or the reason why not, its place, its bytes."""
    return [("sent" if isinstance(item, Sent) else item.why.reason, item.place, item.raw) for item in receipts_in(body)]


@given(
    st.lists(st.dictionaries(st.text(max_size=8), SCALARS | st.lists(SCALARS, max_size=2), max_size=3), max_size=4),
    st.sampled_from(["", " ", "\n\t"]),
)
@settings(PROPERTY, max_examples=25)
def test_the_raw_bytes_of_each_receipt_are_the_bytes_that_came(receipts: list[dict[str, Any]], blank: str) -> None:
    """Whatever stands in a receipt and between them: its slice is its text, to the byte."""
    written = [
        json.dumps(one, ensure_ascii=place % 2 == 0).encode("utf-8", "replace") for place, one in enumerate(receipts)
    ]
    around = blank.encode()
    body = around + b"[" + b",".join(around + one + around for one in written) + b"]" + around
    assert told(body) == [("sent", place, one) for place, one in enumerate(written)]


@pytest.mark.parametrize("body", [GOOD, b" " + GOOD + b"\n", b"\xef\xbb\xbf" + GOOD])
def test_a_bare_object_is_one_receipt(body: bytes) -> None:
    """Some senders leave the array out; the bytes are the body as it came."""
    assert told(body) == [("sent", 0, body)]
    assert [item.receipt for item in receipts_in(body) if isinstance(item, Sent)] == [{"call_id": "k"}]


def test_a_byte_order_mark_is_not_part_of_a_receipt() -> None:
    """Before an array it is taken off; within the body it makes it invalid."""
    assert told(b"\xef\xbb\xbf[" + GOOD + b"]") == [("sent", 0, GOOD)]
    assert told(b"\xef\xbb\xbf" * 2 + GOOD)[0][0] == "not_json"


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (b"5", "invalid"),
        (b"null", "invalid"),
        (b'"text"', "invalid"),
        (b"[" + GOOD + b"]", "invalid"),
        (b"[]", "invalid"),
        (b'{"a":' + DIGITS + b"}", "invalid"),
        (DIGITS, "invalid"),
        (DEEP, "invalid"),
        (b"[" * 100_000 + b"]" * 100_000, "invalid"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_law_poison_one_bad_element_costs_its_neighbours_nothing(element: bytes, reason: str) -> None:
    """The receipts before and after it are told, and it is told with its own bytes."""
    assert told(b"[" + GOOD + b" , " + element + b"," + GOOD + b"]") == [
        ("sent", 0, GOOD),
        (reason, 1, element),
        ("sent", 2, GOOD),
    ]


@pytest.mark.parametrize(
    "element", [b"{oops}", b'{"a":1,}', b"x", b"'a'", b'{"a":01}', b"{'a':1}", b'{"a":"\t"}', b"+1"]
)
def test_law_poison_a_body_with_invalid_json_is_kept_whole_and_its_good_receipts_are_told(element: bytes) -> None:
    """The body as it came is one broken thing; what can be read of it goes on."""
    body = b"[" + GOOD + b"," + element + b"," + GOOD + b"]"
    whole, *others = told(body)
    assert whole == ("not_json", 0, body)
    assert [(name, raw) for name, _, raw in others] == [("sent", GOOD)] * 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"[",
        b"{",
        GOOD[:-1],
        b"[" + GOOD[:-1],
        b'{"call_id":',
        b"callid=k",
        b"<xml/>",
        b'{"a":',
        b"\xef\xbb\xbf",
    ],
)
def test_a_body_that_is_no_json_at_all_is_one_broken_thing(body: bytes) -> None:
    """Kept whole, as it came."""
    assert told(body) == [("not_json", 0, body)]


@pytest.mark.parametrize("body", ["杭州".encode("gbk"), b"\xff\xfe{\x00}\x00", b"\xed\xa0\x80", b'{"a":"\xc3"}'])
def test_a_body_that_is_not_utf_8_is_one_broken_thing(body: bytes) -> None:
    """Another charset is never guessed at: the bytes are kept."""
    assert told(body) == [("not_json", 0, body)]


def test_law_poison_a_receipt_in_another_charset_costs_its_neighbours_nothing() -> None:
    """As with any other receipt that cannot be read, those next to it are told."""
    body = b"[" + GOOD + b',{"city":"' + "杭州".encode("gbk") + b'"},' + GOOD + b"]"
    assert told(body) == [("not_json", 0, body), ("sent", 0, GOOD), ("sent", 2, GOOD)]


@pytest.mark.parametrize("body", [b"[]", b" [ ] "])
def test_an_empty_array_tells_nothing(body: bytes) -> None:
    """No receipt and no letter."""
    assert told(body) == []


@pytest.mark.parametrize(
    "body", [b"5", b'"x"', b"null", b"true", DIGITS, b'{"a":' + DIGITS + b"}", DEEP], ids=lambda body: str(body)[:20]
)
def test_a_body_that_is_no_receipt_is_invalid_as_a_whole(body: bytes) -> None:
    """Valid JSON that is no object, or that nothing can hold."""
    assert told(body) == [("invalid", 0, body)]


@pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"-Infinity", b'"\\ud800"', b"1e999"])
def test_what_only_python_reads_is_told_and_judged_later(value: bytes) -> None:
    """NaN and half characters pass here; they are refused where the receipt would be written."""
    one = b'{"a":' + value + b"}"
    assert told(b"[" + GOOD + b"," + one + b"]") == [("sent", 0, GOOD), ("sent", 1, one)]


@given(st.binary(max_size=200) | st.text(alphabet='[]{},:"\\ 1a', max_size=60).map(str.encode))
@PROPERTY
def test_law_poison_any_bytes_are_told_somehow(body: bytes) -> None:
    """Never an error, and never silence unless the body is an empty array."""
    items = list(receipts_in(body))
    assert items or json.loads(body) == []
    for item in items:
        assert item.raw in body
        assert isinstance(item, Broken) or isinstance(item.receipt, dict)


def steps(count: int, element: bytes, end: bytes = b"]") -> int:
    """How many calls it takes to tell so many elements with the bytes of each."""
    body, calls = b"[" + b",".join([element] * count) + end, 0

    def tick(frame: FrameType, event: str, arg: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        raws = [item.raw for item in receipts_in(body)]
    finally:
        sys.setprofile(before)
    assert len(raws) >= count
    return calls


@pytest.mark.parametrize("element", [b"1", b"{}", b'{"a":' + DIGITS + b"}"], ids=lambda value: str(value)[:9])
def test_law_poison_twice_the_bad_receipts_are_twice_the_work(element: bytes) -> None:
    """A push of nothing but bad elements is taken apart once, not once for each."""
    assert steps(400, element) <= 2.2 * steps(200, element)


@pytest.mark.parametrize("element", [b'{"a":1}', b'{"a":[{}]}', b'{"a":{"b":1}}'])
def test_law_poison_twice_the_receipts_in_a_broken_frame_are_twice_the_work(element: bytes) -> None:
    """A damaged push is looked through once, not once for each of its receipts."""
    assert steps(400, element, b",]") <= 2.2 * steps(200, element, b",]")


@pytest.mark.parametrize("bracket", [b"{", b'{"a":', b"[", b'{"a":[', b'"', b"}", b":{"])
def test_law_poison_any_number_of_brackets_is_read_in_one_go(bracket: bytes) -> None:
    """Whatever is opened and not closed, or the other way round, costs time by its length alone."""
    body = bracket * (400_000 // len(bracket))
    before = time.process_time()
    assert whole_objects(body) == []
    assert time.process_time() - before < 10
