"""Law 4, Poison: what cannot be stored becomes a dead letter with its reason and bytes, and sinks no neighbour."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from receipts.journal.envelope import Envelope
from tests.store.support import READ, WRITE, body_of, ended, push, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.support import Store

LONG = "x" * 1500
# What stands between good receipts in an array, and the letter's reason; as JSON text, exactly as it is sent.
ELEMENTS = {
    "no call_id": ('{"call_time": "2026-11-20 12:00:00"}', "invalid"),
    "blank call_id": ('{"call_id": "  "}', "invalid"),
    "a time that is none": ('{"call_id": "bad", "call_time": "2026-11-20 25:61:00"}', "invalid"),
    "a time of the last year": ('{"call_id": "bad", "release_time": "9999-12-31T23:59:59Z"}', "invalid"),
    "an int beyond 64 bits": ('{"call_id": "bad", "call_type": 9223372036854775808}', "invalid"),
    "a thousand digits": ('{"call_id": "bad", "call_type": "' + "9" * 1000 + '"}', "invalid"),
    "too many digits to read": ('{"call_id": "bad", "call_type": ' + "9" * 5000 + "}", "invalid"),
    "infinite": ('{"call_id": "bad", "unknown": 1e999}', "invalid"),
    "not a number": ('{"call_id": "bad", "unknown": NaN}', "invalid"),
    "a list for a text": ('{"call_id": ["bad"]}', "invalid"),
    "a number": ("17", "invalid"),
    "null": ("null", "invalid"),
    "an array": ('[{"call_id": "bad"}]', "invalid"),
    "a text": ('"{\\"call_id\\": \\"bad\\"}"', "invalid"),
    "half a character": ('{"call_id": "bad", "city": "\\ud83d"}', "invalid"),
    "half a character in the id": ('{"call_id": "bad\\udc00"}', "invalid"),
    "half a character in an unknown field": ('{"call_id": "bad", "unknown\\udc00": 1}', "invalid"),
    "an id over 1 KB": (json.dumps({"call_id": LONG}), "invalid"),
    "an index key over 1 KB": (json.dumps({"call_id": "bad", "out_id": LONG}), "invalid"),
    "deeper than can be read": ('{"call_id": "bad", "unknown": ' + "[" * 100_000 + "]" * 100_000 + "}", "invalid"),
    "more facts than a row holds": (json.dumps({"call_id": "bad", "unknown": "x" * 1_900_001}), "too_large"),
    "a character of four bytes too often": (
        json.dumps({"call_id": "bad", "unknown": "\U0001f4de" * 475_000}, ensure_ascii=False),
        "too_large",
    ),
}
# Bodies that are broken as a whole, and the letter's reason.
BODIES = {
    "empty": (b"", "not_json"),
    "blank": (b" \n", "not_json"),
    "a word": (b"hello", "not_json"),
    "cut off": (b'{"call_id": "bad", "call_ti', "not_json"),
    "two halves of an object": (b'{"call_id": "bad" {"call_time": 1', "not_json"),
    "XML": (b"<receipt/>", "not_json"),
    "GBK": ('{"call_id": "bad", "city": "杭州"}'.encode("gbk"), "not_json"),
    "UTF-16": ('{"call_id": "bad"}'.encode("utf-16"), "not_json"),
    "zeros": (b"\0" * 100, "not_json"),
    "broken after a byte order mark": (b'\xef\xbb\xbf[{"call_id": ', "not_json"),
    "a raw half character": (b'{"call_id": "bad\xed\xa0\xbd"}', "not_json"),
    "deeper than can be read": (b"[" * 100_000, "invalid"),
}


def only(letters: list[dict[str, Any]]) -> dict[str, Any]:
    """The one letter."""
    assert len(letters) == 1
    return letters[0]


def halves(rows: range, guilty: int) -> Iterator[bool]:
    """The requests in which halving looks for a row, in order: whether it is in each of them."""
    yield guilty in rows
    if guilty in rows and len(rows) > 1:
        middle = len(rows) // 2
        yield from halves(rows[:middle], guilty)
        yield from halves(rows[middle:], guilty)


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("poison", ELEMENTS)
def test_law_poison_in_every_place_of_a_push(store: Store, poison: str, place: int) -> None:
    """One bad receipt, first, between or last, is a letter with its very bytes; both good ones are stored."""
    text, reason = ELEMENTS[poison]
    elements = [json.dumps(ended("good1")), json.dumps(ended("good2"))]
    elements.insert(place, text)
    store.take_in([push("SecretReport", ("[ " + " ,\n".join(elements) + "]").encode())])
    assert set(store.calls()) == {"good1", "good2"}
    letter = only(store.letters())
    assert (letter["reason"], body_of(letter)) == (reason, text.encode())
    assert (letter["vendor"], letter["type"], letter["seen"], letter["state"]) == ("aliyun", "SecretReport", 1, "open")


@pytest.mark.parametrize(
    ("message_type", "sent"),
    [
        ("SecretReport", {"call_id": "bad", "release_time": "9999-12-31T23:59:59Z"}),
        ("SecretReport", {"call_id": "bad", "release_time": "0001-01-01 00:00:00"}),
        ("SecretAsrReport", {"callId": "bad", "sentences": [None]}),
        ("SecretAsrReport", {"callId": "bad", "sentences": [17]}),
        ("SecretAsrReport", {"callId": "bad", "sentences": ["aa"]}),
    ],
)
def test_law_poison_is_told_as_the_senders_not_as_a_defect_of_ours(
    store: Store, message_type: str, sent: dict[str, Any]
) -> None:
    """A letter that asks to report a defect is about this code; what a vendor sends wrong names the field."""
    store.take_in([push(message_type, [sent])])
    error = only(store.letters())["error"]
    assert "defect" not in error
    assert error.startswith(("release_time", "sentences"))


@pytest.mark.parametrize("poison", BODIES)
def test_law_poison_of_a_whole_body(store: Store, poison: str) -> None:
    """A body that is no JSON is one letter of its very bytes; the messages before and after it are stored."""
    body, reason = BODIES[poison]
    good = [push("SecretReport", [ended(f"good{number}")], number) for number in (1, 2)]
    store.take_in([good[0], push("SecretReport", body, 3), good[1]])
    assert set(store.calls()) == {"good1", "good2"}
    letter = only(store.letters())
    assert (letter["reason"], body_of(letter)) == (reason, body)


def test_law_poison_of_an_unknown_type_keeps_the_whole_body(store: Store) -> None:
    """A type that a later version may know is kept whole, whatever is in it."""
    body = b'\xef\xbb\xbf[{"call_id": "x"}, 5]'
    store.take_in([push("SecretReport", [ended("good")], 1), push("SecretFutureReport", body, 2)])
    letter = only(store.letters())
    assert (letter["reason"], letter["type"], body_of(letter)) == ("unknown_type", "SecretFutureReport", body)
    assert set(store.calls()) == {"good"}


@pytest.mark.parametrize(
    "strange",
    [
        Envelope("aliyun", "Secret\ud83dReport", 1795168800000, "r", b"[1]"),
        Envelope("ali\udc00yun", "SecretReport", 1795168800000, "r", b"[1]"),
        Envelope("aliyun", "SecretReport", 1795168800000, "r\ud83d", b"[1]"),
        Envelope("aliyun", "x" * 60_000, 1795168800000, "r", b"[1]"),
        Envelope("aliyun", "", 1795168800000, "", b"[1]"),
        Envelope("", "\0", 0, "r", b"[1]", part=-(10**30)),
        Envelope("aliyun", "SecretReport", -1, "r", b"[1]"),
    ],
)
def test_law_poison_of_a_strange_envelope(store: Store, strange: Envelope) -> None:
    """Whatever an envelope calls itself, it ends as a letter and its neighbour is stored."""
    store.take_in([push("SecretReport", [ended("good")]), strange])
    assert set(store.calls()) == {"good"}
    assert body_of(only(store.letters())) in (b"1", b"[1]")


def test_law_poison_that_is_not_valid_json_costs_no_readable_neighbour(store: Store) -> None:
    """In an array with one element that breaks JSON the others are stored, and the body is kept whole."""
    good = [json.dumps(ended(name)) for name in ("good1", "good2")]
    body = f'[{good[0]}, {{"call_id": nothing}}, {good[1]}]'.encode()
    store.take_in([push("SecretReport", body)])
    assert set(store.calls()) == {"good1", "good2"}
    assert body_of(only(store.letters())) == body


def test_law_poison_spares_the_other_receipts_of_its_own_call(store: Store) -> None:
    """A receipt that would burst its row is a letter by itself: the good ones of the same call are stored."""
    store.take_in(
        [
            push("SecretReport", [ended("c1")], 1),
            push("SecretRingReport", [started("c1", ring_time="2026-11-20 12:00:03")], 2),
            push("SecretStartReport", [started("c1", unknown="x" * 1_900_000)], 3),
        ]
    )
    row = store.calls()["c1"]
    assert (row["status"], row["outcome"]) == ("ended", "answered")
    assert len(json.loads(row["facts"])) == 2
    assert only(store.letters())["type"] == "SecretStartReport"


def test_law_poison_after_the_row_is_stored_leaves_it_alone(store: Store) -> None:
    """A receipt that would burst a row of yesterday is a letter; the row stays and takes further receipts."""
    store.take_in([push("SecretReport", [ended("c1")], 1)])
    before = store.calls()
    store.take_in([push("SecretStartReport", [started("c1", unknown="x" * 1_900_000)], 2)])
    assert store.calls() == before
    store.take_in([push("SecretPickUpReport", [started("c1", start_time="2026-11-20 12:00:10")], 3)])
    assert len(json.loads(store.calls()["c1"]["facts"])) == 2
    assert len(store.letters()) == 1


@pytest.mark.parametrize("place", range(5))
def test_law_poison_that_only_the_store_refuses(store: Store, place: int) -> None:
    """A row that the store refuses inside a batch becomes a letter with the bytes as sent; the others are stored."""
    names = [f"c{number}" for number in range(5)]
    body = json.dumps([ended(name) for name in names], indent=1).encode()
    store.server.faults.plan(Fault(fail_parts=(place,), code="OTSParameterInvalid"), on=WRITE)
    store.take_in([push("SecretReport", body)])
    letter = only(store.letters())
    assert (letter["reason"], letter["error"]) == ("too_large", "the store refuses the row (OTSParameterInvalid)")
    assert body_of(letter) in body
    assert json.loads(body_of(letter)) == ended(names[place])
    assert set(store.calls()) == set(names) - {names[place]}


@pytest.mark.parametrize("place", range(5))
def test_law_poison_that_makes_the_store_refuse_the_whole_request(store: Store, place: int) -> None:
    """When one row spoils every request that it is in, halves find it: it alone becomes a letter."""
    names = [f"c{number}" for number in range(5)]
    requests = list(halves(range(5), place))
    for holds_it in requests:
        # The empty fault uses itself up without doing any harm.
        refused = Fault(status=400, code="OTSParameterInvalid")
        store.server.faults.plan(refused if holds_it else Fault(), on=WRITE)
    with store.counted() as calls:
        store.take_in([push("SecretReport", [ended(name) for name in names])])
    assert json.loads(body_of(only(store.letters()))) == ended(names[place])
    assert set(store.calls()) == set(names) - {names[place]}
    # And one for the letter.
    assert calls[WRITE] == len(requests) + 1


def test_law_poison_by_the_thousand_costs_no_more_than_its_size(store: Store) -> None:
    """A push of nothing but bad receipts is read in time that grows with its length, not with its square."""
    bad = b"[" + b",".join([b'{"x":0}'] * 30_000) + b"]"
    started_at = time.process_time()
    store.take_in([push("SecretReport", bad), push("SecretReport", [ended("c")], 2)])
    assert time.process_time() - started_at < 10
    told = sorted(((body_of(letter), letter["seen"]) for letter in store.letters()), key=str)
    assert told == [(bad, 1), (b'{"x":0}', 100)]
    assert set(store.calls()) == {"c"}


def test_law_poison_in_reading_is_tried_again_not_kept(store: Store) -> None:
    """A refusal of a read says nothing about a receipt: the batch is given back rather than made a letter."""
    store.server.faults.plan(Fault(status=400, code="OTSParameterInvalid"), on=READ)
    store.take_in([push("SecretReport", [ended("c1")])])
    assert set(store.calls()) == {"c1"}
    assert store.letters() == []
