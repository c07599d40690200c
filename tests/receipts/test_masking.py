"""What a person may see of a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.masking import mask, masked
from tests.receipts.support import PROPERTY


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13900000001", "139****0001"),
        ("+8613900000001", "139****0001"),
        ("+86", ""),
        ("12345678", "123****5678"),
        ("1234567", "****"),
        ("95", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_head_and_tail_are_shown_and_the_middle_is_not(number: str | None, shown: str) -> None:
    """Enough to recognise a number one knows, not enough to call it; a short one is hidden whole."""
    assert mask(number) == shown


@given(st.text(min_size=1))
@PROPERTY
def test_law_privacy_a_mask_never_holds_the_whole_number(number: str) -> None:
    """At most seven characters of anything are shown, and at least one is not."""
    hidden = mask(number).replace("****", "", 1)
    assert len(hidden) <= 7
    assert len(hidden) < len(number)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("aliyun:13900000001:call", "aliyun:139****0001:call"),
        ("x1234567", "x****"),
        ("123456-123456", "123456-123456"),
        ("call 139-0000-0001, 170 0000 0002", "call 139****0001, 170****0002"),
        ("on 2026-11-20 12:00, 139-0000 0001", "on 2026-11-20 12:00, 139-0000 0001"),
        ("13900000001.17000000002", "139****0001.170****0002"),
        ("", ""),
    ],
)
def test_numbers_within_a_text_are_masked(text: str, shown: str) -> None:
    """Whatever is as long as a phone number without its area code."""
    assert masked(text) == shown
