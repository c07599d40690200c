"""How a call ended: outcome, who released it, and the cause in words."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.aliyun.release_causes import CAUSES
from receipts.domain.call import Outcome
from tests.receipts.support import PROPERTY, at, call

ANSWERED = {"start_time": at("14:05:17"), "release_time": at("14:06:41")}
SILENT = {"start_time": at("14:06:41"), "release_time": at("14:06:41")}
PICKED_UP = {"start_time": at("14:05:17")}


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        # Somebody answered: whatever else is said.
        ({"end": {**ANSWERED, "release_cause": 16}}, "answered"),
        ({"end": {**ANSWERED, "release_cause": 17, "unconnected_cause": 4}}, "answered"),
        ({"end": {**ANSWERED, "control_msg": "NO_SUBS_EXIST", "call_type": 4}}, "answered"),
        ({"end": {**SILENT, "release_cause": 19}, "pick_up": PICKED_UP}, "answered"),
        ({"end": {"release_cause": 18}, "pick_up": PICKED_UP}, "answered"),
        # No binding: before any other reason.
        ({"end": {**SILENT, "control_msg": "NO_SUBS_EXIST"}}, "unbound"),
        ({"end": {**SILENT, "unconnected_cause": 2, "release_cause": 17}}, "unbound"),
        ({"end": SILENT, "start": {"control_msg": "NO_SUBS_EXIST"}}, "unbound"),
        ({"end": SILENT, "ring": {"unconnected_cause": "2"}}, "unbound"),
        ({"end": {**SILENT, "call_type": 4, "unconnected_cause": 2}}, "unbound"),
        ({"end": {**SILENT, "call_type": 2, "unconnected_cause": 2}}, "unbound"),
        # Blocked.
        ({"end": {**SILENT, "call_type": 4}}, "blocked"),
        ({"end": {**SILENT, "call_type": "5"}}, "blocked"),
        ({"end": SILENT, "start": {"call_type": 4}}, "blocked"),
        ({"end": {**SILENT, "unconnected_cause": 1, "release_cause": 21}}, "blocked"),
        ({"end": {**SILENT, "unconnected_cause": 3}}, "blocked"),
        # A text of the old pages has no outcome of a call.
        ({"end": {**SILENT, "call_type": 2, "release_cause": 16}}, None),
        ({"end": {**ANSWERED, "call_type": 3}}, None),
        # The cause says it.
        ({"end": {**SILENT, "release_cause": 17}}, "busy"),
        ({"end": {**SILENT, "release_cause": "17", "unconnected_cause": 4}}, "busy"),
        ({"end": {**SILENT, "release_cause": 18, "release_dir": 1}}, "no_answer"),
        ({"end": {**SILENT, "release_cause": 19, "release_dir": 0}}, "no_answer"),
        ({"end": {**SILENT, "release_cause": 16}}, "no_answer"),
        ({"end": {**SILENT, "release_cause": 16, "release_dir": 1}}, "no_answer"),
        ({"end": {**SILENT, "release_cause": 16, "release_dir": 2}}, "rejected"),
        ({"end": {**SILENT, "release_cause": 17, "release_dir": 2}}, "busy"),
        ({"end": {**SILENT, "release_cause": 7}}, "rejected"),
        ({"end": {**SILENT, "release_cause": 33, "release_dir": 2}}, "rejected"),
        ({"end": {**SILENT, "release_cause": 1}}, "unreachable"),
        ({"end": {**SILENT, "release_cause": 20}}, "unreachable"),
        ({"end": {**SILENT, "release_cause": 34}}, "failed"),
        # Nothing says it.
        ({"end": {**SILENT, "release_cause": 4711}}, "failed"),
        ({"end": {**SILENT, "release_cause": -1}}, "failed"),
        ({"end": {}}, "failed"),
        # Not over yet.
        ({"start": {"control_msg": "NO_SUBS_EXIST"}}, None),
        ({"pick_up": PICKED_UP}, None),
    ],
)
def test_the_outcome(told: dict[str, Any], outcome: str | None) -> None:
    """The decision table, row by row: the first that applies wins."""
    assert call(**told).get("outcome") == outcome


def test_every_outcome_can_come_about() -> None:
    """The table above reaches each word that the column documents, and no other."""
    marks = test_the_outcome.pytestmark
    assert {outcome for _, outcome in marks[0].args[1]} - {None} == set(get_args(Outcome))


@pytest.mark.parametrize(
    ("sent", "party"),
    [(0, "platform"), (1, "caller"), ("2", "callee"), (3, None), (-1, None), (None, None)],
)
def test_who_released_the_call(sent: Any, party: str | None) -> None:
    """The direction of the release in words; an unknown one is left out rather than guessed."""
    assert call(end={"release_dir": sent}).get("released_by") == party


@pytest.mark.parametrize(
    ("end", "start_time", "seconds"),
    [
        ({"release_time": "2026-11-20 12:01:00"}, None, None),
        ({}, "2026-11-20 12:00:10", None),
        ({}, None, None),
        ({"release_time": "2026-11-20 12:01:00"}, "2026-11-20 12:00:10", 50),
    ],
)
def test_an_answer_without_its_moment_tells_no_length(
    end: dict[str, Any], start_time: str | None, seconds: int | None
) -> None:
    """A pick-up proves an answer: where a moment is missing, no length is told: 0 says nobody answered."""
    row = call(end=end, pick_up={"start_time": start_time})
    assert (row["outcome"], row.get("talk_seconds")) == ("answered", seconds)
    assert ("answered_at" in row) == (start_time is not None)


def test_the_cause_is_kept_as_number_and_told_in_two_languages() -> None:
    """An operator reads the words, a program the number."""
    row = call(end={"release_cause": "17"})
    assert (row["release_cause"], row["release_text"]) == (17, "callee busy (被叫忙)")


@given(st.integers(-(2**63), 2**63 - 1).filter(lambda code: code not in CAUSES))
@PROPERTY
def test_an_unknown_cause_is_kept_without_words(code: int) -> None:
    """The vendor has codes that no page lists: the number stays, the outcome is `failed`, nothing is made up."""
    row = call(end={"release_cause": code})
    assert row["release_cause"] == code
    assert "release_text" not in row
    assert row["outcome"] == "failed"


# Codes by the sense in which the vendor's page describes them.
SENSES = {
    "busy": {8, 9, 17},
    "no_answer": {16, 18, 19, 31},
    "rejected": {7, 26, 33, 35, 37},
    "unreachable": {1, 2, 3, 4, 20, 22, 24, 27, 32},
    "failed": {5, 6, 25, 28, 34, 38, 41, 42},
}
LISTED = {*range(1, 10), *range(16, 36), 37, 38, 39, 41, 42, 43, 44, 47, 49, 50, 53, 55, 57, 58, 63, 65, 68, 69, 70}
LISTED |= {79, 81, 87, 88, 90, 91, *range(95, 104), 110, 111, 127}


@pytest.mark.parametrize(("outcome", "codes"), SENSES.items())
def test_a_cause_means_what_the_page_says(outcome: str, codes: set[int]) -> None:
    """Busy, no answer, refused, not reachable, broken: each in its own outcome."""
    assert {code: CAUSES[code].outcome for code in codes} == dict.fromkeys(codes, outcome)


def test_every_listed_cause_has_words_in_both_languages() -> None:
    """No listed code is missing; none claims an answer, which only times can prove."""
    assert set(CAUSES) == LISTED
    for cause in CAUSES.values():
        assert cause.words == f"{cause.english} ({cause.chinese})"
        assert cause.english.isascii()
        assert not cause.chinese.isascii()
        assert cause.outcome in {"busy", "no_answer", "rejected", "unreachable", "failed"}
