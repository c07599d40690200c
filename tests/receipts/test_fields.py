"""Numbers and texts as vendors send them: each as the other, null, blank; what is neither is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.vendor.fields import china_time_or_none, id_or_none, text_or_none, whole_or_none
from tests.receipts.support import JSON, PROPERTY

INT64 = st.integers(-(2**63), 2**63 - 1)
BLANKS = [None, "", " ", "\t\n", "\u3000"]


@pytest.mark.parametrize(
    ("sent", "number"),
    [
        (0, 0),
        (5, 5),
        (-5, -5),
        ("5", 5),
        (" 5 ", 5),
        ("+5", 5),
        ("-5", -5),
        ("007", 7),
        (5.0, 5),
        (-0.0, 0),
        (2**63 - 1, 2**63 - 1),
        (str(-(2**63)), -(2**63)),
        (2.0**53, 2**53),
    ],
)
def test_a_whole_number_is_read_however_it_is_written(sent: Any, number: int) -> None:
    """Number, decimal text, or a float without a fraction: one and the same integer."""
    read = whole_or_none(sent)
    assert read == number
    assert type(read) is int


@pytest.mark.parametrize("blank", BLANKS)
def test_null_and_blank_are_absent(blank: Any) -> None:
    """A vendor's way to leave a field out is no value, whatever the field's type."""
    assert whole_or_none(blank) is None
    assert text_or_none(blank) is None
    assert china_time_or_none(blank) is None


@pytest.mark.parametrize(
    "sent",
    [
        True,
        False,
        5.5,
        float("nan"),
        float("inf"),
        float("-inf"),
        1e300,
        "5.0",
        "5x",
        "x",
        "+",
        "-",
        "--5",
        "1e3",
        "0x10",
        "１２",
        "²",
        "1_000",
        2**63,
        -(2**63) - 1,
        "9" * 19,
        "9" * 5000,
        [5],
        [],
        {},
        {"5": 5},
        b"5",
    ],
)
def test_what_is_no_whole_number_is_refused(sent: Any) -> None:
    """A boolean, a fraction, other digits, more than 64 bits, a list: never a guess."""
    with pytest.raises(ValueError, match=r"^is (not a whole number|beyond 64 bits)$"):
        whole_or_none(sent)


@given(INT64)
@PROPERTY
def test_every_number_of_64_bits_is_the_same_as_number_and_as_text(number: int) -> None:
    """The whole range of a column, in both forms."""
    assert whole_or_none(number) == whole_or_none(str(number)) == number
    assert text_or_none(number) == text_or_none(str(number)) == str(number)


@given(st.integers(-(2**53), 2**53))
@PROPERTY
def test_an_id_is_the_same_text_as_integer_and_as_float(number: int) -> None:
    """A parser that turns every number into a double does not make another id of it."""
    assert text_or_none(float(number)) == text_or_none(number)


@given(st.text(min_size=1).filter(lambda text: not text.isspace()))
@PROPERTY
def test_text_is_kept_as_it_came(text: str) -> None:
    """No trimming, no case folding: what the vendor wrote is what an operator searches for."""
    assert text_or_none(text) == text


@pytest.mark.parametrize("sent", [True, False, 5.5, [], ["x"], {}, {"a": 1}])
def test_an_id_refuses_what_is_neither_text_nor_a_whole_number(sent: Any) -> None:
    """A boolean, a fraction and anything nested name no row."""
    with pytest.raises(ValueError, match=r"^is not a whole number$"):
        id_or_none(sent)


@pytest.mark.parametrize("sent", [float("nan"), float("inf"), {"a": float("nan")}, {"a": {1}}, object()])
def test_text_refuses_what_json_cannot_hold(sent: Any) -> None:
    """No number of JSON, or no JSON at all."""
    with pytest.raises(ValueError, match=r"^is not JSON$"):
        text_or_none(sent)


def test_text_refuses_what_nests_too_deep() -> None:
    """Told like any other wrong value, not as a crash of the reader."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match=r"^is nested too deep$"):
        text_or_none(deep)


@given(JSON)
@PROPERTY
def test_any_json_value_is_read_or_refused_with_a_value_error(value: Any) -> None:
    """No field type fails in a way that the model would not turn into an InvalidReceipt."""
    for read, kind in ((text_or_none, str), (id_or_none, str), (whole_or_none, int), (china_time_or_none, int)):
        try:
            found = read(value)
        except ValueError:
            continue
        assert found is None or type(found) is kind
