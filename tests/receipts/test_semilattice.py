"""The facts of a row are a join-semilattice, and they are written so that they can be read again."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.aliyun.calls import CALLS
from receipts.aliyun.catalogue import MESSAGE_TYPES
from receipts.aliyun.parcels import MOST_NODES, PARCELS
from receipts.errors import InvalidReceipt
from receipts.joining.facts import canonical, joined, revision, written
from tests.receipts.made_up import ABOUT, ALIKE, CHANCE, SUBJECTS, some
from tests.receipts.support import JSON, PROPERTY, deeper, fact

if TYPE_CHECKING:
    import random

    from receipts.joining.facts import Facts

START = "SecretStartReport"
# What a stored receipt can hold: no NaN, no half characters.
STORABLE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
)


def drawn(about: str, rng: random.Random) -> Facts:
    """A random set of facts about one thing."""
    return joined(fact(message_type, sent) for message_type, sent in some(about, rng, most=6))


def same(left: Facts, right: Facts) -> bool:
    """Equal to the byte."""
    return written(left) == written(right) and left == right


@given(ABOUT, CHANCE)
@PROPERTY
def test_law_order_joining_is_a_semilattice(about: str, rng: random.Random) -> None:
    """Commutative, associative, idempotent, with no facts as the least element."""
    a, b, c = (drawn(about, rng) for _ in range(3))
    assert same(joined([a, b]), joined([b, a]))
    assert same(joined([joined([a, b]), c]), joined([a, joined([b, c])]))
    assert same(joined([a, b, c]), joined([c, b, a]))
    assert same(joined([a, a]), a)
    assert same(joined([a, {}]), a)
    assert same(joined([joined([a, b]), a]), joined([a, b]))
    assert joined([]) == {}


@given(ABOUT, CHANCE)
@PROPERTY
def test_law_order_what_stays_of_a_join_came_in(about: str, rng: random.Random) -> None:
    """A join picks whole receipts, one per kind, and never mixes two or makes one up."""
    parts = [drawn(about, rng) for _ in range(3)]
    for kind, kept in joined(parts).items():
        assert kept in [facts[kind] for facts in parts if kind in facts]
        assert not any(facts[kind].newer_than(kept) for facts in parts if kind in facts)


@pytest.mark.parametrize("one", ALIKE)
@pytest.mark.parametrize("other", ALIKE)
def test_law_order_receipts_that_look_alike_have_an_order_by_content(one: Any, other: Any) -> None:
    """1, 1.0, "1" and true are different receipts: one of two always wins, the same one in either order."""
    left, right = (fact(START, {"call_id": "k", "news": value}) for value in (one, other))
    by_left, by_right = joined([left, right]), joined([right, left])
    assert same(by_left, by_right)
    different = canonical(one) != canonical(other)
    assert different == (left[START].newer_than(right[START]) or right[START].newer_than(left[START]))
    assert not (left[START].newer_than(right[START]) and right[START].newer_than(left[START]))


@given(ABOUT, CHANCE)
@PROPERTY
def test_written_facts_read_back_the_same(about: str, rng: random.Random) -> None:
    """The column `facts` holds each receipt whole: rank, text and reading come out of it again."""
    facts = drawn(about, rng)
    text = written(facts)
    subject = MESSAGE_TYPES[SUBJECTS[about][0]].subject
    assert same(subject.facts(text), facts)
    assert {kind: canonical(sent) for kind, sent in json.loads(text).items()} == {k: f.text for k, f in facts.items()}


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), STORABLE, max_size=4))
@PROPERTY
def test_any_unknown_field_is_stored_and_read_back(sent: dict[str, Any]) -> None:
    """Unknown fields are part of the fact, to the last digit, whatever JSON they are."""
    receipt = {**sent, "call_id": "k", "call_time": None, "ring_time": None, "start_time": None, "release_time": None}
    try:
        facts = fact(START, receipt)
    except InvalidReceipt:
        # A documented field under one of its spellings, with a value that cannot be understood.
        return
    assert same(CALLS.facts(written(facts)), facts)
    assert json.loads(written(facts))[START] == receipt


@given(JSON)
@PROPERTY
def test_canonical_is_one_way_to_write_a_value(value: Any) -> None:
    """Equal text means equal JSON; writing what was read changes nothing; half characters are refused."""
    try:
        text = canonical(value)
    except InvalidReceipt:
        assert "\\ud" in json.dumps(value)
        return
    assert canonical(json.loads(text)) == text
    if isinstance(value, dict):
        assert canonical(dict(reversed(value.items()))) == text


def test_canonical_writes_a_flat_receipt_as_json_does() -> None:
    """Every character that UTF-8 has, as a name and as a value, and every number: byte for byte."""
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    flat = {"all": "".join(characters), **dict.fromkeys(characters[:0x3000], ""), "n": None, "yes": True}
    flat |= {str(number): number for bits in range(200) for number in (2**bits, -(2**bits))}
    assert canonical(flat) == json.dumps(flat, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@given(STORABLE)
@PROPERTY
def test_canonical_is_what_json_writes(value: Any) -> None:
    """To the byte: rows that are stored already must stay equal to what is written from the same receipts."""
    assert canonical(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, "\ud800", "a\udfff", {"\ud800": 1}, {"a": "\udfff"}, [{"a": [math.nan]}]]
)
def test_what_no_column_can_hold_is_refused(value: Any) -> None:
    """NaN, infinity and half characters: an InvalidReceipt, not a store error for the whole batch."""
    with pytest.raises(InvalidReceipt, match=r"^holds a number or a character that cannot be stored$"):
        canonical(value)
    with pytest.raises(InvalidReceipt):
        fact(START, {"call_id": "k", "news": value})


@given(ABOUT, CHANCE)
@PROPERTY
def test_the_revision_is_a_function_of_the_facts(about: str, rng: random.Random) -> None:
    """Positive, 63 bits, the same for the same facts however they were made, another for other facts."""
    one, other = drawn(about, rng), drawn(about, rng)
    fingerprint = revision(written(one))
    assert 0 < fingerprint < 2**63
    assert fingerprint == revision(written(dict(reversed(one.items()))))
    assert (fingerprint == revision(written(other))) == (written(one) == written(other))


def test_the_fingerprint_is_pinned() -> None:
    """A stored revision must mean the same to every later version."""
    assert revision("{}") == 137279666008780115
    assert revision('{"SecretStartReport":{"call_id":"杭州"}}') == 3066133647679858387


@given(CHANCE)
@PROPERTY
def test_law_order_keeping_the_newest_nodes_commutes_with_joining(rng: random.Random) -> None:
    """Cutting before a join or only after it leaves the same nodes."""
    few = PARCELS.__class__(PARCELS.table, PARCELS.model, PARCELS.rank, PARCELS.row, most_facts=3)
    a, b = drawn("parcel", rng), drawn("parcel", rng)
    at_the_end = few.kept(joined([a, b]))
    assert same(few.kept(joined([few.kept(a), few.kept(b)])), at_the_end)
    assert same(few.kept(joined([few.kept(a), b])), at_the_end)
    assert len(at_the_end) <= 3
    assert PARCELS.most_facts == MOST_NODES


def test_stored_facts_of_a_kind_that_is_not_known_are_told_as_such() -> None:
    """A row of a later version is not misread."""
    with pytest.raises(InvalidReceipt):
        CALLS.facts('{"SecretFutureReport":{"call_id":"k"}}')


def test_law_poison_what_is_stored_can_be_read_back_from_a_deeper_stack() -> None:
    """However deep a receipt is nested: once it is in a row, the row can be read where rows are joined."""
    for depth in range(800, 1010):
        nested = json.loads("[" * 300 + "]" * 300)
        for _ in range(depth - 300):
            nested = [nested]
        with suppress(InvalidReceipt):
            facts = fact(START, {"call_id": "k", "news": nested})
            assert same(deeper(4, partial(CALLS.facts, written(facts))), facts)
