"""A row of the rule book is what the platform can do, or is refused without a word of it being repeated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.deciding.rules import BadRule, CallRule, call_rule, sent_user_data, text_rule
from tests.deciding.support import B

CONNECT = {"call": "connect", "callee": "13700000003"}


def test_a_rule_is_read_as_people_write_it() -> None:
    """Case, blanks and the form of numbers do not matter; empty columns are none; what else stands there neither."""
    row = {
        **CONNECT,
        "call": " Connect ",
        "display_number": " ",
        "max_minutes": "30",
        "record": "Yes",
        "record_tone": " hint.wav ",
        "note": "by hand",
    }
    rule = CallRule(call="connect", callee=B, max_minutes=30, record=True, record_tone="hint.wav")
    assert call_rule(row) == rule
    assert rule.columns() == {
        "call": "connect",
        "callee": B,
        "max_minutes": 30,
        "record": "true",
        "record_tone": "hint.wav",
    }
    assert call_rule(rule.columns()) == rule
    for blank in (None, "", " "):
        assert call_rule({**dict.fromkeys(CallRule.model_fields, blank), **CONNECT}) == CallRule(
            call="connect", callee=B
        )


def test_a_row_may_be_silent() -> None:
    """A row that says nothing of calls, or of texts, leaves these to everybody's row."""
    for row in (None, {"text": "discard"}, {"call": " ", "callee": "wrong"}):
        assert call_rule(row) is None
    assert text_rule(None) is None
    assert text_rule(CONNECT) is None


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("call", {"call": "forward"}),
        ("call", {"call": 1}),
        ("call", {"call": "connect"}),
        ("callee", {**CONNECT, "callee": "10086"}),
        ("callee", {**CONNECT, "callee": "+8613700000003" + "0" * 20}),
        ("display_number", {**CONNECT, "display_number": "secret"}),
        ("max_minutes", {**CONNECT, "max_minutes": 1441}),
        ("max_minutes", {**CONNECT, "max_minutes": -1}),
        ("max_minutes", {**CONNECT, "max_minutes": "an hour"}),
        ("max_minutes", {**CONNECT, "max_minutes": 1.5}),
        ("max_minutes", {**CONNECT, "max_minutes": "9" * 5000}),
        ("wait_tone", {**CONNECT, "wait_tone": "t" * 129}),
        ("wait_tone", {**CONNECT, "wait_tone": 5}),
        ("record", {**CONNECT, "record": "perhaps"}),
        ("record", {**CONNECT, "record": "true"}),
        ("record_tone", {**CONNECT, "record": "true", "record_tone": "t" * 129}),
        ("last_minute_tone", {**CONNECT, "last_minute_tone": "t.wav"}),
        ("last_minute_tone", {**CONNECT, "last_minute_tone": "t.wav", "max_minutes": 0}),
        ("user_data", {**CONNECT, "user_data": "{secret}"}),
        ("user_data", {**CONNECT, "user_data": "a" * 257}),
        ("user_data", {**CONNECT, "user_data": "中" * 65}),
        ("user_data", {**CONNECT, "user_data": bytearray(b"{secret}")}),
        ("user_data", {**CONNECT, "user_data": 5}),
        ("close_tone", {"call": "close", "close_tone": "t" * 129}),
    ],
)
def test_a_bad_rule_names_its_column_and_no_value(column: str, row: dict[str, Any]) -> None:
    """Whoever mends it learns where and what; who reads the log learns nothing else."""
    with pytest.raises(BadRule) as refused:
        call_rule(row)
    assert [name for name, _ in refused.value.problems] == [column]
    told = str(refused.value)
    assert told.startswith(f"{column}: ")
    assert "what it should be" not in told
    for value in row.values():
        assert value in ("connect", "close", "true", 0) or str(value) not in told
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("row", [{"text": "forward"}, {"text": "send"}, {"text": "forward", "text_receiver": "x"}])
def test_a_bad_rule_for_texts(row: dict[str, str]) -> None:
    """Texts go to a number, or nowhere."""
    with pytest.raises(BadRule):
        text_rule(row)
    assert text_rule({"text": "forward", "text_receiver": "13700000003"}).text_receiver == B  # type: ignore[union-attr] # there is one


def test_each_problem_is_told() -> None:
    """A row is mended in one go."""
    with pytest.raises(BadRule) as refused:
        call_rule({"call": "connect", "callee": "x", "max_minutes": "x", "record": "x"})
    assert [name for name, _ in refused.value.problems] == ["callee", "max_minutes", "record"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_user_data_is_what_the_platform_takes(text: str) -> None:
    """Whatever is accepted is sent within 256 characters of printable ASCII, and without braces."""
    try:
        rule = call_rule({**CONNECT, "user_data": text})
    except BadRule:
        return
    assert rule is not None
    sent = sent_user_data(rule.user_data or "")
    assert sent.isascii()
    assert sent.isprintable()
    assert len(sent) <= 256
    assert not set("{}") & set(sent)
