"""Numbers are compared in one form, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.deciding.numbers import MOST_CHARACTERS, is_global, normal

MOBILE, BEIJING, SHENZHEN = "+8613900000001", "+861000000001", "+8675500000001"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        (MOBILE, MOBILE),
        ("13900000001", MOBILE),
        (13900000001, MOBILE),
        ("139-0000-0001", MOBILE),
        (" +86 139 0000 0001\n", MOBILE),
        ("008613900000001", MOBILE),
        ("8613900000001", MOBILE),
        ("１３９０００００００１", MOBILE),
        ("01000000001", BEIJING),
        ("(010) 0000-0001", BEIJING),
        ("+8601000000001", BEIJING),
        ("075500000001", SHENZHEN),
        ("75500000001", SHENZHEN),
        ("+12125550100", "+12125550100"),
        ("10086", "10086"),
        ("*", ""),
        ("", ""),
        ("+", ""),
        ("anonymous", ""),
        ("1.39E+10", ""),
        ("1" * 65, ""),
        (10**40, ""),
        (None, ""),
        (True, ""),
        (13900000001.0, ""),
        (["13900000001"], ""),
    ],
)
def test_a_number_has_one_form(written: object, form: str) -> None:
    """Chinese numbers without +86, with blanks or full-width digits are the same number; what is none is empty."""
    assert normal(written) == form


@given(st.text(alphabet="0123456789+ -()８*a", max_size=70))
def test_the_form_is_its_own_form(written: str) -> None:
    """What was brought into the form once stays as it is, and is short enough for a key."""
    form = normal(written)
    assert normal(form) == form
    assert len(form) <= MOST_CHARACTERS
    assert form.removeprefix("+").isdigit() or not form


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (MOBILE, True),
        ("+861", True),
        ("+" + "1" * 30, True),
        ("+86", False),
        ("+" + "1" * 31, False),
        ("+0139", False),
        ("13900000001", False),
        ("", False),
    ],
)
def test_what_can_be_called(number: str, verdict: bool) -> None:  # noqa: FBT001 - a row of a table
    """The platform takes 4 to 31 characters in the global form, and nothing else."""
    assert is_global(number) is verdict
