"""The borders of an array's elements, found without parsing them."""

from __future__ import annotations

import json
import sys
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.journal.spans import Span, elements
from tests.receipts.support import JSON, PROPERTY

if TYPE_CHECKING:
    import random
    from types import FrameType

BLANKS = ("", "", "", " ", "\n", "\t", "\r\n", "  ")
# What confuses a scanner: brackets, commas, quotes and backslashes within strings.
NASTY = st.text(alphabet='[]{},:"\\a 号\n', max_size=12)
NASTY_JSON = st.recursive(
    JSON | NASTY, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3)
)


def dumped(value: Any, rng: random.Random) -> str:
    """The value as JSON with blanks wherever JSON allows them, and each string written in either way."""

    def blank() -> str:
        return rng.choice(BLANKS)

    if isinstance(value, list):
        return (
            "[" + ",".join(blank() + dumped(one, rng) + blank() for one in value) + (blank() if not value else "") + "]"
        )
    if isinstance(value, dict):
        pairs = (
            blank() + dumped(k, rng) + blank() + ":" + blank() + dumped(v, rng) + blank() for k, v in value.items()
        )
        return "{" + ",".join(pairs) + "}"
    return json.dumps(value, ensure_ascii=rng.random() < 0.5)


@given(st.lists(NASTY_JSON, max_size=6), st.randoms(use_true_random=False))
@PROPERTY
def test_the_spans_are_exactly_the_elements(values: list[Any], rng: random.Random) -> None:
    """For any array of any JSON with any blanks: each slice is its element, nothing less and nothing around it."""
    written = [dumped(value, rng).encode("utf-8", "surrogatepass") for value in values]
    blanks = [rng.choice(BLANKS).encode() for _ in range(2 * len(values) + 3)]
    inner = b",".join(blanks.pop() + one + blanks.pop() for one in written)
    body = blanks.pop() + b"[" + inner + blanks.pop() + b"]" + blanks.pop()
    spans = elements(body)
    assert spans is not None
    assert [body[slice(*span)] for span in spans] == written


@given(st.binary(max_size=300) | st.text(alphabet='[]{},:"\\ \n\t1a', max_size=60).map(str.encode))
@PROPERTY
def test_any_bytes_have_spans_or_none(body: bytes) -> None:
    """Never an error; what is found is in order, apart, within the body, without blanks around it, and not empty."""
    end = 0
    for span in elements(body) or []:
        assert end < span.start < span.end < len(body)
        one = body[slice(*span)]
        assert one == one.strip(b" \t\r\n")
        end = span.end


@given(st.text(alphabet='[]{},:"\\ 1a', max_size=40))
@PROPERTY
def test_whatever_json_reads_as_an_array_has_its_elements(text: str) -> None:
    """The scan and the parser never disagree on valid JSON."""
    try:
        values = json.loads(text)
    except ValueError:
        return
    spans = elements(text.encode())
    if not isinstance(values, list):
        assert spans is None
        return
    assert spans is not None
    assert [json.loads(text.encode()[slice(*span)]) for span in spans] == values


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"[]", []),
        (b" [ \n ] ", []),
        (b"[1]", [Span(1, 2)]),
        (b"\xef\xbb\xbf [1]", [Span(5, 6)]),
        (b'[{"a":1}, x ]', [Span(1, 8), Span(10, 11)]),
        (b'["\\""]', [Span(1, 5)]),
        (b'["\\\\",2]', [Span(1, 5), Span(6, 7)]),
        (b'[{"a":"}]"}]', [Span(1, 11)]),
        (b'[{"a":{"b":"]"}},{}]', [Span(1, 16), Span(17, 19)]),
        (b"[not json, {bad: 1}]", [Span(1, 9), Span(11, 19)]),
        *((body, None) for body in (b"", b" ", b"{}", b"5", b"[", b"]", b"][", b"[1", b"1]", b"[1,]", b"[,1]", b"[,]")),
        *(
            (body, None)
            for body in (b"[1,,2]", b"[1][2]", b"[1]]", b"[[1]", b'["]', b'["a\\"]', b"[1]x", b"{]", b"[}1]")
        ),
        *((body, None) for body in (b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf[1]", b"[{]", b'[{"a]', b"\x0b[1]")),
    ],
)
def test_what_is_an_array_and_what_is_not(body: bytes, found: list[Span] | None) -> None:
    """One array with balanced brackets and something between all commas; its elements need not be valid."""
    assert elements(body) == found


ADVERSARIES = {
    "open objects": b'{"a',
    "open strings": b'"',
    "open arrays": b"[",
    "braces": b"{",
    "alternating": b'{"a":[',
    "backslashes": b'"\\',
    "escapes": b'{"\\"":"\\\\",',
    "an object without end": b'"a":"b",',
    "quoted braces": b'"{","}",',
    "commas": b",",
    "empty objects": b"{},",
}


@pytest.mark.parametrize("name", ADVERSARIES)
@pytest.mark.parametrize("lead", [b"[", b"[{", b'[{"', b'["'])
def test_the_scan_is_linear_on_what_is_made_to_slow_it_down(name: str, lead: bytes) -> None:
    """All of them together are over in seconds; were one quadratic, the run would take a minute."""
    body = lead + ADVERSARIES[name] * (30_000 // len(ADVERSARIES[name]))
    for end in (b"]", b'"}]'):
        found = elements(body + end)
        assert found is None or all(span.end <= len(body) + 3 for span in found)


def steps(body: bytes) -> int:
    """How many function calls of Python and C the scan makes."""
    count = 0

    def tick(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(tick)
    try:
        elements(body)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", ADVERSARIES)
def test_twice_the_body_is_twice_the_work(name: str) -> None:
    """Counted in calls, not in seconds."""
    body = b"[{}," + ADVERSARIES[name] * 500
    assert steps(b"[{}," + ADVERSARIES[name] * 1000 + b"]") <= 2.1 * steps(body + b"]") + 50


def test_law_never_500_the_scan_needs_no_more_than_a_few_times_the_body() -> None:
    """One object with very many fields fits into the function's memory several times over while it is scanned."""
    body = b"[{" + b'"a":"b",' * 50_000 + b'"a":"b"}]'
    tracemalloc.start()
    try:
        assert elements(body) == [Span(1, len(body) - 1)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= 8 * len(body)
