"""Ids that become keys: text, present, and short enough for the store."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.vendor.keys import MOST_KEY_BYTES, key, optional_key
from tests.receipts.support import PROPERTY


@pytest.mark.parametrize("sent", [1000450000123456, "1000450000123456", 1000450000123456.0])
def test_a_number_and_its_text_are_one_key(sent: Any) -> None:
    """One binding is one key, whichever form its receipt came in."""
    assert key(sent) == optional_key(sent) == "1000450000123456"


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_key_must_be_there_and_an_optional_one_need_not(blank: Any) -> None:
    """A row without a key cannot be; an index column may be left out."""
    with pytest.raises(ValueError, match=r"^is blank$"):
        key(blank)
    assert optional_key(blank) is None


@pytest.mark.parametrize("sent", [True, 1.5, [], {}])
def test_a_key_is_neither_a_boolean_nor_nested(sent: Any) -> None:
    """What has no one way to be written is no key."""
    with pytest.raises(ValueError, match=r"^is not a whole number$"):
        key(sent)


@pytest.mark.parametrize("character", ["k", "é", "号", "📞", "\ud800"])
def test_the_limit_counts_bytes_not_characters(character: str) -> None:
    """The longest id that fits a key is taken, one byte more is refused, in whatever script."""
    width = len(character.encode("utf-8", "replace"))
    longest = character * (MOST_KEY_BYTES // width)
    assert key(longest) == optional_key(longest) == longest
    for read in (key, optional_key):
        with pytest.raises(ValueError, match=r"^is longer than 1000 bytes$"):
            read(longest + character)


@given(st.text(max_size=1200))
@PROPERTY
def test_every_key_that_is_taken_fits_the_store(text: str) -> None:
    """With its vendor's prefix a key stays within the 1 KB that TableStore allows."""
    try:
        read = key(text)
    except ValueError:
        return
    assert read == text
    assert len(f"aliyun:{read}".encode("utf-8", "replace")) <= 1024
