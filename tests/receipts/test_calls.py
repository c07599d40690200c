"""A call's row from its receipts: parties, status and moments."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from receipts.aliyun.calls import CALLS
from receipts.joining.facts import joined
from tests.receipts.support import CALL_TYPES, KINDS, at, call, fact, golden, model, ms, row_of

A, X, B = "13900000001", "17000000002", "13700000003"
PARTIES = {"phone_no": A, "secret_no": X, "peer_no": B}
DIALLED, RUNG, ANSWERED, RELEASED = at("14:05:04"), at("14:05:09"), at("14:05:17"), at("14:06:41")


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ((), "initiated"),
        (("recording",), "initiated"),
        (("start",), "initiated"),
        (("ring",), "ringing"),
        (("start", "ring", "recording"), "ringing"),
        (("pick_up",), "answered"),
        (("start", "ring", "pick_up"), "answered"),
        (("end",), "ended"),
        (KINDS, "ended"),
    ],
)
def test_the_status_is_the_furthest_that_was_told(kinds: tuple[str, ...], status: str) -> None:
    """Receipts that are missing or late leave no gap: the furthest one says where the call is."""
    assert call(**{kind: {} for kind in kinds})["status"] == status


def test_law_order_the_status_never_moves_backwards() -> None:
    """Of any set of receipts and any larger one, the larger one's status is as far or further."""
    steps = ["initiated", "ringing", "answered", "ended"]
    sets = [frozenset(some) for size in range(len(KINDS) + 1) for some in combinations(KINDS, size)]
    place = {some: steps.index(call(**{kind: {} for kind in some})["status"]) for some in sets}
    assert all(place[less] <= place[more] for less in sets for more in sets if less <= more)


@pytest.mark.parametrize(
    ("told", "direction", "caller", "callee"),
    [
        ({"start": {"call_type": 0}}, "a_to_b", A, B),
        ({"start": {"call_type": "1"}}, "b_to_a", B, A),
        ({"end": {"call_type": 2}}, "a_to_b", A, B),
        ({"end": {"call_type": 3}}, "b_to_a", B, A),
        ({"end": {"call_type": 4}}, None, None, None),
        ({"end": {"call_type": 5}}, None, None, None),
        ({"end": {"call_type": 77}}, None, None, None),
        ({"start": {}}, None, None, None),
        ({"start": {"call_type": 1}, "end": {"call_type": 4}}, "b_to_a", B, A),
        ({"start": {"call_type": 1}, "end": {"call_type": None}}, "b_to_a", B, A),
        ({"start": {"call_type": 1}, "end": {"call_type": 0}}, "a_to_b", A, B),
        ({"ring": {"call_type": 1}, "recording": {}}, "b_to_a", B, A),
    ],
)
def test_who_really_called_whom(told: dict[str, Any], direction: str | None, caller: str | None, callee: str) -> None:
    """`phone_no` is A and not the caller: the call type says which way, and a blocked call asks its other receipts."""
    row = call(**{kind: {**PARTIES, **sent} for kind, sent in told.items()})
    assert (row.get("direction"), row.get("caller"), row.get("callee")) == (direction, caller, callee)
    assert (row["number_a"], row["number_x"], row["number_b"]) == (A, X, B)


def test_what_is_told_twice_is_taken_from_the_receipt_that_knows_most() -> None:
    """The end of a call before its answer, its ringing, its start; what one leaves out another fills in."""
    row = call(
        start={"city": "杭州", "out_id": "o-start", "pool_key": "FC1", "sub_id": 1, "call_time": at("14:05:03")},
        ring={"city": "成都", "extension": "8011"},
        pick_up={"out_id": "o-pick-up"},
        end={"out_id": None, "sub_id": "2"},
        recording={"pool_key": "FC2", "out_id": "o-recording"},
    )
    assert row["vendor"] == "aliyun"
    assert (row["city"], row["order_id"], row["pool"], row["binding_id"]) == ("成都", "o-pick-up", "FC1", "2")
    assert (row["extension"], row["started_at"]) == ("8011", ms(at("14:05:03")))


def test_a_recording_alone_places_its_call() -> None:
    """The recording may be told first: pool, binding, order and beginning are known from it."""
    sent = {"pool_key": "FC1", "subs_id": 7, "out_id": "o", "call_time": str(ms(at("14:05:03")))}
    assert call(recording=sent) == {
        "vendor": "aliyun",
        "status": "initiated",
        "pool": "FC1",
        "binding_id": "7",
        "order_id": "o",
        "started_at": ms(at("14:05:03")),
        "open_since_at": ms(at("14:05:03")),
    }


def test_a_call_is_open_until_its_end_is_told() -> None:
    """By the first moment that is known, 0 if there is none; never once it has ended, even without a moment."""
    assert call(start={})["open_since_at"] == 0
    assert call(ring={"ring_time": RUNG})["open_since_at"] == ms(RUNG)
    assert "open_since_at" not in call(start={"call_time": at("14:05:03")}, end={})


@pytest.mark.parametrize(
    ("told", "ringing"),
    [
        ({"ring": {"ring_time": RUNG}}, RUNG),
        ({"pick_up": {"ringTime": RUNG}}, RUNG),
        ({"ring": {"ring_time": at("14:05:08")}, "pick_up": {"ring_Time": RUNG}}, RUNG),
        ({"ring": {"ring_time": RUNG}, "pick_up": {}}, RUNG),
        ({"ring": {"ring_time": RUNG}, "end": {"ring_time": DIALLED, "call_out_time": DIALLED}}, RUNG),
        ({"end": {"ring_time": RUNG, "call_out_time": DIALLED}}, RUNG),
        ({"end": {"ring_time": RUNG}}, RUNG),
        ({"end": {"ring_time": DIALLED, "call_out_time": DIALLED}}, None),
        ({"end": {"call_out_time": DIALLED}}, None),
        ({"start": {}, "ring": {}}, None),
    ],
)
def test_when_the_callees_phone_rang(told: dict[str, Any], ringing: str | None) -> None:
    """The moment of ringing, not the one that the vendor repeats when nothing rang."""
    assert call(**told).get("ringing_at") == (None if ringing is None else ms(ringing))


@pytest.mark.parametrize(
    ("told", "answered", "seconds"),
    [
        ({"end": {"start_time": ANSWERED, "release_time": RELEASED}}, ANSWERED, 84),
        ({"end": {"start_time": RELEASED, "release_time": RELEASED}}, None, 0),
        ({"end": {"release_time": RELEASED}}, None, 0),
        ({"end": {"start_time": ANSWERED}}, None, 0),
        ({"end": {}}, None, 0),
        ({"pick_up": {"start_time": ANSWERED}}, ANSWERED, None),
        ({"pick_up": {}}, None, None),
        ({"start": {}}, None, None),
        ({"pick_up": {"start_time": ANSWERED}, "end": {"release_time": RELEASED}}, ANSWERED, 84),
        (
            {"pick_up": {"start_time": ANSWERED}, "end": {"start_time": RELEASED, "release_time": RELEASED}},
            ANSWERED,
            84,
        ),
        ({"pick_up": {"start_time": RELEASED}, "end": {"release_time": ANSWERED}}, RELEASED, 0),
        ({"end": {"call_type": 2, "start_time": ANSWERED, "release_time": RELEASED}}, None, 0),
        ({"end": {"call_type": 5}, "pick_up": {"start_time": ANSWERED}}, None, 0),
        ({"end": {"start_time": "2026-11-20 14:05:17.400", "release_time": "2026-11-20 14:05:18.300"}}, ANSWERED, 0),
    ],
)
def test_when_somebody_answered_and_how_long_they_talked(
    told: dict[str, Any], answered: str | None, seconds: int | None
) -> None:
    """A start that repeats the release is no answer; a pick-up receipt proves one; a text is never answered."""
    row = call(**told)
    moment = row.get("answered_at")
    assert (None if moment is None else moment // 1000 * 1000) == (None if answered is None else ms(answered))
    assert row.get("talk_seconds") == seconds


def test_what_only_the_end_tells_is_absent_until_then() -> None:
    """A row of a call that goes on has no outcome, no duration, no day."""
    row = call(start=PARTIES, ring={"ring_time": RUNG}, pick_up={"start_time": ANSWERED}, recording={})
    ending = {"outcome", "dialed_at", "ended_at", "ended_day", "talk_seconds", "released_by", "release_cause"}
    assert not ending & set(row)


def test_the_end_gives_its_moments_and_its_day() -> None:
    """The day is China's, so that a call at midnight is counted where the customer looks for it."""
    row = call(end={"call_out_time": DIALLED, "release_time": "2026-11-20 00:00:01"})
    assert (row["dialed_at"], row["ended_at"], row["ended_day"]) == (
        ms(DIALLED),
        ms("2026-11-20 00:00:01"),
        "20261120",
    )


COLLISIONS = (
    *("call_time", "ring_time", "start_time", "release_time", "phone_no", "peer_no", "secret_no", "city"),
    *("extension", "call_type", "control_msg", "unconnected_cause", "pool_key", "sub_id", "out_id"),
)
ODD = ("2026-11-20 14:05:03", 5, 1.5, True, [1], {"a": 1}, None)


@pytest.mark.parametrize("message_type", CALL_TYPES.values())
def test_law_poison_a_field_of_another_receipt_never_spoils_the_row(message_type: str) -> None:
    """A field that is not documented for a type is an unknown field: it ranks no receipt and fills no column."""
    plain = fact(message_type, {"call_id": "k", "call_time": at("14:05:03"), "city": "杭州"})
    spoiled = []
    for field in set(COLLISIONS) - set(model(message_type).model_fields):
        for value in ODD:
            odd = fact(message_type, {"call_id": "k", field: value})
            try:
                assert (
                    row_of(message_type, odd).columns()
                    == row_of(message_type, fact(message_type, {"call_id": "k"})).columns()
                )
                assert joined([odd, plain]) == joined([plain, odd])
            except Exception as error:  # noqa: BLE001 - every way to fail counts
                spoiled.append((field, value, type(error).__name__))
    assert spoiled == []


def test_the_golden_day_is_told_as_it_went() -> None:
    """The calls of the golden events come to the rows that the day's table describes."""
    sent: dict[str, dict[str, Any]] = {}
    for message_type in CALL_TYPES.values():
        for receipt in [*golden(message_type, "push"), *golden(message_type, "queue")]:
            sent.setdefault(receipt["call_id"][-2:], {}).update(fact(message_type, receipt))
    rows = {name: CALLS.row({kind: one.receipt for kind, one in facts.items()}) for name, facts in sent.items()}
    columns = ("direction", "outcome", "talk_seconds", "released_by", "order_id")
    told = {name: tuple(row.columns().get(column) for column in columns) for name, row in rows.items()}
    assert told == {
        "01": ("a_to_b", "answered", 135, "caller", "order-10001"),
        "02": ("a_to_b", "busy", 0, "callee", "order-10001"),
        "03": ("a_to_b", "no_answer", 0, "platform", "order-10001"),
        "04": ("b_to_a", "answered", 229, "callee", "order-10002"),
        "05": ("a_to_b", "unbound", 0, "platform", None),
        "06": ("b_to_a", "blocked", 0, "platform", "order-10001"),
    }
