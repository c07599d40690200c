"""Law 1: any order, duplication and split of the same receipts gives the same row, from the first to the last byte."""

from __future__ import annotations

import json
from itertools import pairwise, permutations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from receipts.aliyun.catalogue import MESSAGE_TYPES
from receipts.joining.facts import joined, revision
from receipts.store.pending import PendingFacts
from tests.receipts.made_up import ABOUT, CHANCE, IDENTITY, SUBJECTS, one, some
from tests.receipts.support import PROPERTY, at, fact

if TYPE_CHECKING:
    import random

    from tests.receipts.made_up import Sent

STEPS = ("initiated", "ringing", "answered", "ended")


def taken_in(batches: list[list[Sent]]) -> list[dict[str, Any]]:
    """The row after each batch, each batch folded and then joined into what is stored."""
    rows: list[dict[str, Any]] = []
    stored: dict[str, Any] | None = None
    for batch in batches:
        facts = joined(fact(message_type, sent) for message_type, sent in batch)
        subject = MESSAGE_TYPES[batch[0][0]].subject
        stored = PendingFacts(subject, "k", facts).merged(stored) or stored
        assert stored is not None
        rows.append(stored)
    return rows


def dealt(receipts: list[Sent], rng: random.Random) -> list[list[Sent]]:
    """The receipts in any order, some of them twice or more often, in batches of any size."""
    mail = [*receipts, *(rng.choice(receipts) for _ in range(rng.randint(0, 4)))]
    rng.shuffle(mail)
    batches: list[list[Sent]] = [[]]
    for item in mail:
        if batches[-1] and rng.random() < 0.5:
            batches.append([])
        batches[-1].append(item)
    return batches


@given(ABOUT, CHANCE)
@PROPERTY
def test_law_order_any_delivery_of_the_same_receipts_ends_in_the_same_row(about: str, rng: random.Random) -> None:
    """Shuffled, doubled, split into batches: every column is equal, `facts` and `revision` included."""
    receipts = some(about, rng)
    at_once = taken_in([receipts])[-1]
    for _ in range(4):
        assert taken_in(dealt(receipts, rng))[-1] == at_once


@given(CHANCE)
@settings(PROPERTY, max_examples=20)
def test_law_order_every_permutation_of_a_call_ends_in_the_same_row(rng: random.Random) -> None:
    """Four receipts one by one in each of the twenty-four orders."""
    receipts = [one("call", rng) for _ in range(4)]
    ends = [taken_in([[sent] for sent in order])[-1] for order in permutations(receipts)]
    assert all(row == ends[0] for row in ends)


@given(CHANCE)
@PROPERTY
def test_law_order_the_status_moves_forward_along_any_delivery(rng: random.Random) -> None:
    """After each receipt the call is as far as before or further, and it ends where all receipts say."""
    receipts = some("call", rng)
    rng.shuffle(receipts)
    rows = taken_in([[sent] for sent in receipts])
    steps = [STEPS.index(row["status"]) for row in rows]
    assert all(before <= after for before, after in pairwise(steps))
    assert rows[-1] == taken_in([receipts])[-1]


@given(ABOUT, CHANCE)
@PROPERTY
def test_law_order_a_redelivery_changes_nothing(about: str, rng: random.Random) -> None:
    """What is stored already needs no second write: the store is told that nothing changes."""
    receipts = some(about, rng)
    stored = taken_in([receipts])[-1]
    subject = MESSAGE_TYPES[receipts[0][0]].subject
    for message_type, sent in receipts:
        assert PendingFacts(subject, "k", fact(message_type, sent)).merged(stored) is None


@given(ABOUT, CHANCE)
@PROPERTY
def test_law_order_the_row_is_a_function_of_its_facts(about: str, rng: random.Random) -> None:
    """Reading the column `facts` back gives every other column again: nothing else is remembered."""
    row = taken_in(dealt(some(about, rng), rng))[-1]
    subject = MESSAGE_TYPES[SUBJECTS[about][0]].subject
    facts = subject.facts(row["facts"])
    again = subject.row({kind: one.receipt for kind, one in facts.items()}).columns()
    assert {**again, "facts": row["facts"], "revision": revision(row["facts"])} == row


def test_law_order_the_test_can_fail() -> None:
    """Receipts that differ do give rows that differ: the laws above are not kept by forgetting."""
    name, value = IDENTITY["call"]
    first, other = ({name: value, "city": city} for city in ("杭州", "成都"))
    rows = [taken_in([[("SecretStartReport", sent)]])[-1] for sent in (first, other)]
    assert rows[0]["city"] != rows[1]["city"]
    assert rows[0]["revision"] != rows[1]["revision"]


@pytest.mark.parametrize(
    "loser",
    [
        {},
        {"city": "成都"},
        {"call_time": at("14:05:02"), "city": "成都", "news": [1], "out_id": "o"},
        {"call_time": at("14:05:03"), "zzz": "zzz"},
        {"call_time": at("14:05:03"), "city": "杭州", "out_id": None},
    ],
)
def test_law_order_of_two_of_one_kind_the_newer_then_the_fuller_stays(loser: dict[str, Any]) -> None:
    """The later moment first, then the number of fields that are told: what a late copy lacks is not lost."""
    winner = {"call_id": "k", "call_time": at("14:05:03"), "city": "杭州", "out_id": "o"}
    told: list[Sent] = [("SecretStartReport", winner), ("SecretStartReport", {"call_id": "k", **loser})]
    for order in (told, told[::-1]):
        row = taken_in([[sent] for sent in order])[-1]
        assert json.loads(row["facts"]) == {"SecretStartReport": winner}
        assert (row["city"], row["order_id"]) == ("杭州", "o")


@pytest.mark.parametrize(
    "spellings",
    [
        {"ring_time": "", "ring_Time": at("14:05:03")},
        {"ring_time": at("14:05:09"), "ring_Time": at("14:05:03")},
        {"city": "杭州", "City": "成都", "CITY": None},
        {"pool_key": " ", "Pool-Key": "FC1", "partner_key": "FC2"},
    ],
)
def test_law_order_the_order_of_fields_in_a_receipt_does_not_matter(spellings: dict[str, Any]) -> None:
    """A field sent under two spellings: read the same in any order of fields, and when the row is read back."""
    columns = []
    for names in permutations(spellings):
        sent = {"call_id": "k", **{name: spellings[name] for name in names}}
        row = taken_in([[("SecretRingReport", sent)]])[-1]
        again = taken_in([[("SecretRingReport", sent)], [("SecretStartReport", {"call_id": "k"})]])[-1]
        columns += [row, {name: value for name, value in again.items() if name in row}]
    hidden = ("facts", "revision")
    seen = [{name: value for name, value in row.items() if name not in hidden} for row in columns]
    assert all(row == seen[0] for row in seen)
