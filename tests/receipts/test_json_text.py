"""The fast JSON reader gives what `json.loads` gives: the same values to the last digit, the same errors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.json_text import parsed
from tests.receipts.support import JSON, PROPERTY

NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?", fullmatch=True)
SCRAPS = st.text(alphabet='{}[]",:\\u0123dDeE.-+ \n\t\x00\x1f\ud800truefalsnNaIi中é', max_size=30)


def outcome(read: Any, text: str | bytes) -> tuple[str, str]:
    """What comes of reading: the value with its types and order, or the error in full."""
    try:
        return "value", repr(read(text))
    except (ValueError, RecursionError) as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize(
    "text",
    [
        *("9223372036854775808", "-9223372036854775809", "1" * 4300, "1" * 4301, "-0", "-0.0", "0e5", "1E5", "1.0"),
        *("1e400", "-1e400", "5e-324", "2e-324", "1.7976931348623159e308", "2.2250738585072011e-308", "1e23"),
        *("0.1000000000000000055511151231257827021181583404541015625", "123456789012345678901234567890.5"),
        *("NaN", "-NaN", "Infinity", "-Infinity", "01", "-", "1.", ".5", "+1", "tru", "", " ", "1 2", "[1,]"),
        *('"\\ud800"', '"\\ud83d\\ude00"', '"\\udc00\\ud800"', '"\ud800"', '"\\uD83D\\u0041"', '"\\u0000"', '"\x1f"'),
        *('{"a":1,"b":2,"a":3}', '{"a":1,}', "\ufeff1", " \n1\t", "\x0b1", "1\x00", "[" * 250 + "]" * 250),
        *(b'"\xed\xa0\x80"', b"\xef\xbb\xbf1", b'"\xff"', b'"\xc0\x80"', '{"a":1}'.encode("utf-16"), b"1\x00"),
    ],
)
def test_what_readers_differ_about_is_read_as_ever(text: str | bytes) -> None:
    """Long numbers, extremes of floats, half characters, other encodings, depth, faults: as from `json.loads`."""
    assert outcome(parsed, text) == outcome(json.loads, text)


@given(NUMBERS)
@PROPERTY
def test_every_number_is_read_to_the_last_digit(text: str) -> None:
    """Whole numbers of any length are exact; a float is the one nearest to what was written."""
    assert outcome(parsed, text) == outcome(json.loads, text)


@given(value=JSON, ascii_only=st.booleans())
@PROPERTY
def test_every_value_comes_back(*, value: Any, ascii_only: bool) -> None:
    """Whatever was written is read the same, from text and from bytes."""
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert outcome(parsed, text) == outcome(json.loads, text)
    sent = text.encode("utf-8", "surrogatepass")
    assert outcome(parsed, sent) == outcome(json.loads, sent)


@given(SCRAPS | st.binary(max_size=30))
@PROPERTY
def test_any_text_or_bytes_end_alike(text: str | bytes) -> None:
    """The same value, or the same error with the same words."""
    assert outcome(parsed, text) == outcome(json.loads, text)
