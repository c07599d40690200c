"""Dead letters as rows: counted once per sighting, found again, readable, and fit to be sent once more."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.errors import StoreMisconfigured
from receipts.store.letters import MOST_SIGHTINGS
from receipts.store.sdk import tablestore
from tests.store.support import READ, RECEIVED_AT, WRITE, body_of, ended, push

if TYPE_CHECKING:
    from tests.store.support import Row, Store

POISON = b'[{"no": "call_id"}]'
# 23:59:50 on 20 November 2026 in China.
BEFORE_MIDNIGHT = 1795190390000


def only(store: Store) -> Row:
    """The one letter."""
    letters = store.letters()
    assert len(letters) == 1
    return letters[0]


def test_the_same_poison_three_times_is_one_letter_seen_three_times(store: Store) -> None:
    """Whether it comes in three batches or twice in one, each push of it counts once."""
    store.take_in([push("SecretReport", POISON, 1, at=RECEIVED_AT + 2)])
    store.take_in(
        [push("SecretReport", POISON, 2, at=RECEIVED_AT), push("SecretReport", POISON, 3, at=RECEIVED_AT + 1)]
    )
    letter = only(store)
    assert letter["seen"] == 3
    assert (letter["first_seen_at"], letter["last_seen_at"]) == (RECEIVED_AT, RECEIVED_AT + 2)


def test_the_same_poison_twice_in_one_push_is_two_sightings(store: Store) -> None:
    """Equal elements of one array are told apart by their place, also when the push travels in parts."""
    store.take_in([push("SecretReport", b"[1, 1]"), push("SecretReport", b"[1]", part=2)])
    assert only(store)["seen"] == 3


def test_a_redelivery_of_the_same_message_is_not_counted_and_costs_no_write(store: Store) -> None:
    """What the queue hands out again changes no letter."""
    batch = [push("SecretReport", POISON), push("SecretFutureReport", b"?", 2), push("SecretReport", b"\xff", 3)]
    store.take_in(batch)
    before = store.tables()
    with store.counted() as calls:
        store.take_in(batch)
    assert calls[WRITE] == 0
    assert store.tables() == before
    assert [letter["seen"] for letter in store.letters()] == [1, 1, 1]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_sightings_over_midnight_stay_one_letter(store: Store, order: tuple[int, ...]) -> None:
    """A vendor sends again within minutes: over midnight in China the letter stays where it was first kept."""
    for number in order:
        store.take_in([push("SecretReport", POISON, number, at=BEFORE_MIDNIGHT + 10_000 * number)])
    letter = only(store)
    assert (letter["seen"], letter["first_seen_at"]) == (3, BEFORE_MIDNIGHT)
    assert letter["day"] == ("20261120" if order[0] == 0 else "20261121")


def test_the_same_poison_days_later_is_a_letter_of_its_own_day(store: Store) -> None:
    """Somebody who looks at today's letters finds what came today."""
    for days in (0, 2):
        store.take_in([push("SecretReport", POISON, days, at=RECEIVED_AT + days * 86_400_000)])
    assert [letter["day"] for letter in store.letters()] == ["20261120", "20261122"]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"", "utf-8"),
        ("电话 📞\0\r\n".encode(), "utf-8"),
        (b"\xff\xfe", "binary"),
        (b"\xed\xa0\xbd", "binary"),
        (b"[" + b"0123456789" * 210_000, "zlib"),
        (("[" + "杭州" * 300_000).encode(), "zlib"),
        (random.Random(1).randbytes(1_400_000), "binary"),
    ],
)
def test_a_letter_holds_exactly_the_bytes(any_codec: Store, body: bytes, encoding: str) -> None:
    """Text as text, bytes as bytes, and what is longer than a column compressed; none loses a byte."""
    any_codec.clear()
    any_codec.take_in([push("SecretReport", body)])
    letter = only(any_codec)
    assert (letter["body_encoding"], body_of(letter)) == (encoding, body)


@pytest.mark.parametrize(
    ("message_type", "body"),
    [
        ("SecretReport", POISON),
        ("SecretReport", b"[5]"),
        ("SecretReport", b'{"cut": '),
        ("SecretReport", b"\xef\xbb\xbf\xff"),
        ("SecretFutureReport", b'[{"call_id": "x"}]'),
        ("Secret\ud83dReport", b"[1]"),
        ("SecretReport", b'[{"call_id": "x", "y": ' + b"9" * 5000 + b"}]"),
        ("SecretStartReport", json.dumps({"call_id": "x", "y": "z" * 2_100_000}).encode()),
    ],
)
def test_a_letter_is_replayed_as_it_is(store: Store, message_type: str, body: bytes) -> None:
    """Fed back under its type, a letter's body is the same letter, seen once more: nothing has to be undone first."""
    store.take_in([push(message_type, body, 1)])
    before = only(store)
    store.take_in([push(str(before["type"]), body_of(before), 2)])
    after = only(store)
    assert after["seen"] == 2
    changing = {"seen", "sightings", "revision"}
    assert {name: value for name, value in after.items() if name not in changing} == {
        name: value for name, value in before.items() if name not in changing
    }


def test_a_letter_is_replayed_into_a_row_once_the_cause_is_gone(store: Store) -> None:
    """The bytes of a good receipt that was kept as a letter make its row when they are fed back."""
    store.take_in([push("secretfuturereport", [ended("c1")])])
    store.take_in([push("SecretReport", body_of(only(store)), 2)])
    assert store.calls()["c1"]["outcome"] == "answered"


def test_a_replayed_letter_that_is_seen_again_is_open_again_and_keeps_notes(store: Store) -> None:
    """What an operator wrote beside a letter stays; a new sighting asks for attention anew."""
    store.take_in([push("SecretReport", POISON, 1)])
    letter = only(store)
    key = [("day", letter["day"]), ("letter_id", letter["letter_id"])]
    row = tablestore.Row(key, {"PUT": [("state", "replayed"), ("note", "asked the vendor")]})
    store.client.update_row("dead_letters", row, tablestore.Condition("IGNORE"))
    store.take_in([push("SecretReport", POISON, 1)])
    assert only(store)["state"] == "replayed"
    store.take_in([push("SecretReport", POISON, 2)])
    assert (only(store)["state"], only(store)["note"]) == ("open", "asked the vendor")


def test_sightings_are_counted_up_to_a_limit_in_any_order(store: Store) -> None:
    """A letter that is seen for ever does not grow for ever, and says the same whatever came first."""
    pushes = [push("SecretReport", POISON, number) for number in range(MOST_SIGHTINGS + 20)]
    store.take_in(pushes)
    reference = store.drained()
    for start in range(100, -1, -20):
        store.take_in(pushes[start : start + 20])
    assert store.tables() == reference
    assert reference["dead_letters"][0]["seen"] == MOST_SIGHTINGS


def test_many_letters_take_few_calls(store: Store) -> None:
    """Thirty different letters are looked for, read and written in one call each."""
    with store.counted() as calls:
        store.take_in([push("SecretReport", list(range(30)))])
    assert (calls[READ], calls[WRITE]) == (2, 1)
    assert len(store.letters()) == 30


def test_a_letter_that_even_the_store_refuses_stops_the_batch(store: Store) -> None:
    """Nothing is acknowledged that is neither a row nor a letter: the queue keeps the message."""
    store.server.faults.plan(Fault(fail_parts=(0,), code="OTSParameterInvalid"), on=WRITE)
    with pytest.raises(StoreMisconfigured, match=r"^1 dead letters cannot be stored: the store refuses the row"):
        store.take_in([push("SecretReport", POISON)])
    store.take_in([push("SecretReport", POISON)])
    assert only(store)["seen"] == 1
