"""Facts that are known already: never others than the text says, and never more than fit."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from receipts.aliyun.calls import CALLS
from receipts.aliyun.catalogue import MESSAGE_TYPES
from receipts.aliyun.transcripts import TRANSCRIPTS
from receipts.errors import InvalidReceipt
from receipts.joining.facts import joined, written
from receipts.joining.known import KnownFacts
from tests.receipts.made_up import ABOUT, CHANCE, SUBJECTS, some
from tests.receipts.support import PROPERTY, fact

if TYPE_CHECKING:
    import random

    from receipts.joining.facts import Facts

PLENTY = 100_000


def call(number: int) -> tuple[str, Facts]:
    """The facts of a call of its own, all of one length; as text and parsed."""
    facts = fact("SecretStartReport", {"call_id": f"{number:04}"})
    return written(facts), facts


@given(ABOUT, CHANCE)
@PROPERTY
def test_law_order_known_facts_are_those_in_the_text(about: str, rng: random.Random) -> None:
    """Whether this instance wrote a row itself or reads it for the first time, it joins the same facts."""
    facts = joined(fact(message_type, sent) for message_type, sent in some(about, rng, most=6))
    subject, text = MESSAGE_TYPES[SUBJECTS[about][0]].subject, written(facts)
    known = KnownFacts(PLENTY)
    read = known.of(subject, text)
    known.keep(subject, text, facts)
    assert known.of(subject, text) is facts
    assert read == facts


def test_the_same_text_of_another_subject_is_read_by_that_subject() -> None:
    """What one subject understood is never handed to another."""
    known, (text, facts) = KnownFacts(PLENTY), call(1)
    known.keep(CALLS, text, facts)
    with pytest.raises(InvalidReceipt):
        known.of(TRANSCRIPTS, text)


def test_what_was_taken_is_read_again() -> None:
    """Facts are let go of when they are taken: the next text of the row is what will be asked for."""
    known, (text, facts) = KnownFacts(PLENTY), call(1)
    known.keep(CALLS, text, facts)
    assert known.of(CALLS, text) is facts
    assert known.of(CALLS, text) is not facts


def test_the_oldest_are_forgotten_once_there_are_too_many() -> None:
    """The texts held are never longer than the limit, however often one is kept or taken."""
    calls = [call(number) for number in range(6)]
    known = KnownFacts(3 * len(calls[0][0]))
    for text, facts in (*calls, calls[-1], calls[-1]):
        known.keep(CALLS, text, facts)
    found = [known.of(CALLS, text) is facts for text, facts in calls]
    assert found == [False, False, False, True, True, True]
    for text, facts in calls:
        known.keep(CALLS, text, facts)
    assert [known.of(CALLS, text) is facts for text, facts in calls] == found


def test_one_too_long_for_the_limit_is_not_held() -> None:
    """A text longer than everything that may be held leaves nothing behind."""
    (text, facts), (other, others) = call(1), call(2)
    known = KnownFacts(len(text) - 1)
    known.keep(CALLS, text, facts)
    known.keep(CALLS, other, others)
    assert known.of(CALLS, text) is not facts
    assert known.of(CALLS, other) is not others


def test_a_text_that_cannot_be_read_stays_an_error() -> None:
    """A row that this version cannot read is one however often it is met."""
    known = KnownFacts(PLENTY)
    for _ in range(2):
        with suppress(InvalidReceipt):
            known.of(CALLS, '{"SecretStartReport":{"call_id":""}}')
            pytest.fail("was read")
