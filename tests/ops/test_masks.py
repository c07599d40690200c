"""What is shown of a body without --reveal: structure and names, and nothing that is about anybody."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.masks import masked_body
from ops.output import printable

DIGITS = re.compile(r"\d{5,}")


def test_values_are_hidden_and_structure_stays() -> None:
    """The form of a short text tells what is wrong with it; long numbers are lengths, small ones codes."""
    body = {
        "call_id": "7b3d90",
        "call_time": "2026-11-20 25:61:00",
        "n": 13900000001,
        "release_cause": 16,
        "price": 12.5,
        "city": "杭州",
        "list": [None, True, {"13900000001": "x" * 100}],
    }
    assert json.loads(masked_body(json.dumps(body).encode())) == {
        "call_id": "#x#x##",
        "call_time": "####-##-## ##:##:##",
        "n": "<number of 11 digits>",
        "release_cause": 16,
        "price": 12.5,
        "city": "xx",
        "list": [None, True, {"###########": "<text of 100 characters>"}],
    }


def test_json_that_breaks_off_keeps_its_names() -> None:
    """What is not JSON: its length, and a beginning in which only names can be read."""
    told = masked_body('{"call_id": "c1", "phone_no": "13900000001", "city": "杭州", "call_ti'.encode())
    assert told.startswith("not JSON, ")
    assert '{"call_id": "x#", "phone_no": "###########", "city": "xx"' in told


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe\x00", b"[" * 100_000, b'{"a":' * 60 + b"1" + b"}" * 60, b"[" + b"9" * 5000 + b"]", b"NaN"]
)
def test_any_bytes_are_masked(body: bytes) -> None:
    """Nothing is raised, and no long number is left."""
    assert not DIGITS.search(masked_body(body).partition("\n")[2])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=15), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(JSON)
def test_law_privacy_no_long_number_and_no_word_of_a_value_is_left(value: object) -> None:
    """Whatever the JSON."""
    text = masked_body(json.dumps({"a": value, "secret": "Geheimnis 13900000001"}).encode())
    assert not DIGITS.search(text)
    assert "Geheimnis" not in text


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_no_control_code_reaches_a_terminal(text: str) -> None:
    """A type is what somebody wrote into an address: it may not steer the terminal."""
    assert all(each.isprintable() or each in "\n\t" for each in printable(text))
