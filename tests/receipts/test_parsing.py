"""From an envelope to what its receipts tell, and to letters for what tells nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.aliyun.catalogue import MESSAGE_TYPES
from receipts.contents.bodies import MOST_STRAY
from receipts.domain.letter import Letter
from receipts.errors import TooLarge
from receipts.intake.parsing import MOST_LETTERS, ParsedReceipt, told_by
from receipts.journal.envelope import Envelope
from tests.receipts.made_up import ABOUT, CHANCE, some
from tests.receipts.support import JSON, PROPERTY, golden

TYPES = sorted(MESSAGE_TYPES)


def sent(message_type: str, body: bytes | list[Any], **more: Any) -> Envelope:
    """A journalled push."""
    if isinstance(body, list):
        body = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Envelope("aliyun", message_type, 1795154703000, "r-1", body)._replace(**more)


def letters(envelope: Envelope) -> list[Letter]:
    """The letters alone."""
    return [item for item in told_by(envelope) if isinstance(item, Letter)]


@pytest.mark.parametrize("message_type", TYPES)
@pytest.mark.parametrize("way", ["push", "queue"])
def test_every_golden_receipt_is_told_under_its_row(message_type: str, way: str) -> None:
    """Each receipt with its table, key, kind, place and envelope; no letter among them."""
    receipts = golden(message_type, way)
    envelope = sent(message_type, receipts if way == "push" else json.dumps(receipts[0]).encode())
    told = list(told_by(envelope))
    assert [item.sent.receipt for item in told if isinstance(item, ParsedReceipt)] == receipts
    for item in told:
        assert isinstance(item, ParsedReceipt)
        assert item.subject is MESSAGE_TYPES[message_type].subject
        assert item.identity == MESSAGE_TYPES[message_type].identity(item.fact.receipt)
        assert item.kind == MESSAGE_TYPES[message_type].kind(item.fact.receipt)
        assert item.envelope is envelope


def test_law_poison_a_flood_of_bad_receipts_is_a_bounded_number_of_letters() -> None:
    """A million would sink the batch that they came in: after a thousand, one with the whole body; no row is lost."""
    flood: list[Any] = [{"out_id": "x"}] * (MOST_LETTERS + 500)
    told = list(told_by(envelope := sent("SecretStartReport", [*flood, {"call_id": "c1"}, {"out_id": "y"}])))
    bad = [item for item in told if isinstance(item, Letter)]
    assert len(bad) == MOST_LETTERS + 1
    assert bad[-1].body == envelope.body
    assert [item.identity for item in told if isinstance(item, ParsedReceipt)] == ["aliyun:c1"]


@pytest.mark.parametrize("stray", [1, {}, [], None, "x"])
def test_law_poison_an_array_of_anything_is_one_letter(stray: Any) -> None:
    """Elements that are no receipts are told one by one while they are few, else as a whole; no row is lost."""
    for number, count in ((MOST_STRAY, MOST_STRAY), (MOST_STRAY + 1, 1)):
        told = list(told_by(envelope := sent("SecretStartReport", [*[stray] * number, {"call_id": "c1"}])))
        bad = [item for item in told if isinstance(item, Letter)]
        assert len(bad) == count
        assert (bad[0].body == envelope.body) == (count == 1)
        assert [item.identity for item in told if isinstance(item, ParsedReceipt)] == ["aliyun:c1"]


@pytest.mark.parametrize(
    "envelope", [sent("SecretFutureReport", [{}]), sent("", [{}]), sent("SecretReport", [{}], vendor="nobody")]
)
def test_law_poison_an_unknown_type_is_one_letter_with_the_whole_body(envelope: Envelope) -> None:
    """A later version knows how to take it apart: nothing of it is parsed."""
    (letter,) = letters(envelope)
    assert (letter.reason, letter.body, letter.at) == ("unknown_type", b"[{}]", envelope.at)
    assert (letter.vendor, letter.type) == (envelope.vendor, envelope.type)


def test_the_type_is_known_in_any_case() -> None:
    """A push to a path in lower case is no poison."""
    assert letters(sent("secretREPORT", golden("SecretReport", "push"))) == []


@pytest.mark.parametrize("bad", [{}, {"call_id": ""}, {"call_id": "k", "call_time": "13900000001"}, 5, None, [{}]])
def test_law_poison_a_bad_receipt_is_a_letter_and_its_neighbours_are_told(bad: Any) -> None:
    """Each letter holds the bytes of its receipt alone, and they can be pushed again as they are."""
    good = {"call_id": "k"}
    told = list(told_by(sent("SecretStartReport", [good, bad, good])))
    assert [type(item) for item in told] == [ParsedReceipt, Letter, ParsedReceipt]
    (letter,) = (item for item in told if isinstance(item, Letter))
    assert (letter.reason, json.loads(letter.body)) == ("invalid", bad)
    again = letters(sent("SecretStartReport", letter.body, id="r-2"))
    assert again[0].letter_id == letter.letter_id or isinstance(bad, list)


def test_law_poison_the_same_bytes_are_one_letter_and_each_sighting_is_its_own() -> None:
    """Sent again, it is the same letter seen once more; a redelivery of the same message is not even that."""
    first, redelivered = (letters(sent("SecretReport", b"[{}]"))[0] for _ in range(2))
    resent = letters(sent("SecretReport", b"[{}]", id="r-2"))[0]
    assert first == redelivered
    assert first.letter_id == resent.letter_id
    assert first.sighting != resent.sighting
    twice = letters(sent("SecretReport", b"[{},{}]"))
    assert len({one.letter_id for one in twice}) == 1
    assert len({one.sighting for one in twice}) == 2
    assert letters(sent("SecretReport", b"[{}]", part=16))[0].sighting != first.sighting
    assert letters(sent("SecretRingReport", b"[{}]"))[0].letter_id != first.letter_id


def test_a_receipt_whose_row_cannot_be_stored_becomes_its_letter() -> None:
    """Refused only at the store: the letter holds the bytes as they came, and the reason."""
    (told,) = told_by(sent("SecretReport", b'[ {"call_id" : "k"} ]'))
    assert isinstance(told, ParsedReceipt)
    letter = told.letter(TooLarge("its row would be too large"))
    assert (letter.reason, letter.body, letter.error) == (
        "too_large",
        b'{"call_id" : "k"}',
        "its row would be too large",
    )


def test_a_letter_of_a_type_with_half_a_character_can_be_stored() -> None:
    """No column takes one: a question mark stands for it."""
    (letter,) = letters(sent("Secret\ud800", b"[]"))
    assert letter.type.encode() == b"Secret?"


@given(st.sampled_from(TYPES), st.lists(JSON, max_size=3), CHANCE)
@PROPERTY
def test_law_poison_no_receipt_meets_a_defect(message_type: str, values: list[Any], rng: Any) -> None:
    """Any JSON in any field: understood or refused by name, and never by an error that nobody foresaw."""
    names = [*MESSAGE_TYPES[message_type].model.model_fields, "news"]
    odd = [{MESSAGE_TYPES[message_type].field: "k", rng.choice(names): value} for value in values]
    for letter in letters(sent(message_type, [*values, *odd])):
        assert "defect" not in letter.error


@given(ABOUT, CHANCE)
@PROPERTY
def test_law_poison_whatever_is_understood_has_a_row(about: str, rng: Any) -> None:
    """No receipt passes here and fails where its row is made."""
    for message_type, receipt in some(about, rng):
        for item in told_by(sent(message_type, [receipt])):
            if isinstance(item, ParsedReceipt):
                assert item.subject.row({item.kind: item.fact.receipt}).columns()["vendor"] == "aliyun"


@given(
    st.dictionaries(
        st.sampled_from(["release_time", "start_time", "call_out_time"]),
        st.text("0123456789-: T+.", max_size=30) | st.integers(),
    )
)
@PROPERTY
def test_law_poison_every_end_that_is_understood_has_a_row(times: dict[str, Any]) -> None:
    """Whatever times a report tells, its row has a day or the report is refused."""
    for item in told_by(sent("SecretReport", [{"call_id": "k", **times}])):
        if isinstance(item, ParsedReceipt):
            assert item.subject.row({item.kind: item.fact.receipt}).columns()["status"] == "ended"


def test_law_poison_a_nesting_near_the_limit_is_no_defect() -> None:
    """However deep: understood, or refused for its depth."""
    said = set()
    for depth in range(900, 1100):
        one = b'{"call_id":"k","news":' + b"[" * depth + b"]" * depth + b"}"
        for body in (one, b"[" + one + b"]"):
            said |= {letter.error.partition(":")[0] for letter in letters(sent("SecretStartReport", body))}
    assert "defect, please report" not in said
