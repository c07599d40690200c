"""A call's row from Huawei's notifications: parties, status, moments, and why it ended."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from receipts.huawei.release_causes import PLATFORM, Q850
from tests.huawei.made_up import APP, SESSION, A, B, X, at, event, fee, ms, record, row, rows, told, unanswered

COURSE = (
    event("callin", "06:05:03", caller=A, called=X, subscriptionId="e97b2863", userData="order-1"),
    event("callout", "06:05:04", caller=X, called=B),
    event("alerting", "06:05:09", caller=X, called=B),
    event("answer", "06:05:17", caller=X, called=B),
    event("disconnect", "06:05:33", caller="+8610000000", called="+8620000000", stateCode=0, callRelDirection=2),
    fee(record()),
)


def test_a_whole_call() -> None:
    """Events and call record come to one row, in times UTC, with who really called whom."""
    assert rows(*COURSE) == {
        f"huawei:{SESSION}": {
            "vendor": "huawei",
            "pool": APP,
            "binding_id": "e97b2863",
            "order_id": "order-1",
            "number_a": A,
            "number_x": X,
            "number_b": B,
            "direction": "a_to_b",
            "caller": A,
            "callee": B,
            "status": "ended",
            "outcome": "answered",
            "started_at": ms("06:05:03"),
            "dialed_at": ms("06:05:04"),
            "ringing_at": ms("06:05:09"),
            "answered_at": ms("06:05:17"),
            "ended_at": ms("06:05:33"),
            "ended_day": "20261120",
            "talk_seconds": 16,
            "released_by": "callee",
            "release_cause": 0,
        }
    }


def test_law_order_of_the_course_of_a_call() -> None:
    """Whatever the order, with everything told twice, and from wherever it is cut: the same row, never backwards."""
    steps = ["initiated", "ringing", "answered", "ended"]
    whole = row(*COURSE)
    for order in permutations(COURSE):
        assert row(*order, order[0]) == whole
    for end in range(1, len(COURSE)):
        before, after = row(*COURSE[:end]), row(*COURSE[: end + 1])
        assert steps.index(before["status"]) <= steps.index(after["status"])


@pytest.mark.parametrize(
    ("seen", "status"),
    [
        ((0,), "initiated"),
        ((1,), "initiated"),
        ((0, 1, 2), "ringing"),
        ((3,), "answered"),
        ((4,), "ended"),
        ((5,), "ended"),
        ((5, 2), "ended"),
    ],
)
def test_the_status_is_the_furthest_that_was_told(seen: tuple[int, ...], status: str) -> None:
    """A late `alerting`, ten hours after the call record, does not open the call again."""
    assert row(*(COURSE[number] for number in seen))["status"] == status


def test_the_parties_are_never_those_of_disconnect() -> None:
    """The vendor warns that they need not be the parties: nobody is told rather than somebody else."""
    told = row(COURSE[4])
    assert {"caller", "callee", "number_a", "number_b", "number_x"}.isdisjoint(told)
    assert (row(*COURSE[:5])["caller"], row(*COURSE[:5])["callee"]) == (A, B)


@pytest.mark.parametrize(
    ("direction", "caller", "told", "a", "b"),
    [(1, A, "a_to_b", A, B), (0, A, "b_to_a", B, A), (2, A, None, None, None), (7, A, None, None, None)],
)
def test_direction_is_that_of_the_binding(
    direction: int, caller: str, told: str | None, a: str | None, b: str | None
) -> None:
    """0: B called A; 1: A called B; 2 and what is not known: nobody says which party is which."""
    call = row(fee(record(direction=direction)))
    assert (call["caller"], call["callee"]) == (caller, B)
    assert (call.get("direction"), call.get("number_a"), call.get("number_b")) == (told, a, b)


@pytest.mark.parametrize(
    ("fields", "outcome", "cause"),
    [
        ({"ulFailReason": 8102, "fwdUnaswRsn": 17}, "busy", 8102),
        ({"ulFailReason": 0, "fwdUnaswRsn": 17}, "busy", 17),
        ({"ulFailReason": 8101}, "no_answer", 8101),
        ({"ulFailReason": 7503}, "rejected", 7503),
        ({"ulFailReason": 8104}, "unreachable", 8104),
        ({"ulFailReason": 7004}, "blocked", 7004),
        ({"ulFailReason": 8014, "subscriptionId": ""}, "unbound", 8014),
        ({"direction": 2, "subscriptionId": None, "fwdAlertingTime": None}, "unbound", 0),
        ({"ulFailReason": 518, "fwdUnaswRsn": 19}, "no_answer", 518),
        ({"ulFailReason": 518, "fwdAlertingTime": None}, "failed", 518),
        ({"ulFailReason": "8102"}, "busy", 8102),
        ({"ulFailReason": None, "fwdUnaswRsn": None}, "no_answer", None),
    ],
)
def test_why_nobody_answered(fields: dict[str, Any], outcome: str, cause: int | None) -> None:
    """The platform's code before the network's; an unknown one is kept as a number."""
    call = row(fee(unanswered(**fields)))
    assert (call["outcome"], call.get("release_cause"), call["talk_seconds"]) == (outcome, cause, 0)
    assert "answered_at" not in call
    words = (PLATFORM | Q850).get(cause or 0)
    assert call.get("release_text") == (words.words if words else None)


def test_an_unanswered_call_by_its_events_alone() -> None:
    """`disconnect` tells the reason as well: its code is of the same list."""
    call = row(COURSE[0], event("disconnect", "06:05:20", stateCode=7502))
    assert (call["outcome"], call["released_by"], call["ended_at"]) == ("no_answer", "caller", ms("06:05:20"))
    assert call["release_text"] == "caller hung up while ringing (振铃时主叫挂机)"


@pytest.mark.parametrize(
    ("fields", "said", "text"),
    [
        ({"stateCode": 0}, "The user releases the call.", "The user releases the call."),
        ({"stateCode": 4711}, "Something new.", "Something new."),
        ({"stateCode": 4711}, "of +8613900000001", "of +861****0001"),
        ({"stateCode": 4711}, " ", None),
        ({"stateCode": 7502}, "Something new.", "caller hung up while ringing (振铃时主叫挂机)"),
        ({}, "Something new.", None),
    ],
)
def test_a_reason_without_words_of_ours_has_the_vendors(fields: dict[str, Any], said: str, text: str | None) -> None:
    """What `disconnect` says of its own code, long numbers masked; never of a code that the record tells."""
    end = event("disconnect", "06:05:20", stateDesc=said, **fields)
    assert row(COURSE[0], end).get("release_text") == text
    other = row(COURSE[0], end, fee(unanswered(ulFailReason=518, fwdUnaswRsn=None)))
    assert (other["release_cause"], "release_text" in other) == (518, False)


def test_the_end_of_a_call_without_an_end_is_when_it_failed() -> None:
    """Records of failed calls may bring `failTime` alone."""
    call = row(fee(unanswered(callEndTime=None, failTime=at("06:05:21"), ulFailReason=8102)))
    assert call["ended_at"] == ms("06:05:21")


def test_an_extension_call() -> None:
    """Mode AXE: the digits that were typed, then the extension of the record; no binding is known at first."""
    typed = event("collectInfo", "06:05:05", digitInfo="1234")
    assert row(typed)["extension"] == "1234"
    assert row(typed, fee(record(extendNum="8011", areaCode="0571")))["extension"] == "8011"
    assert row(fee(record(extendNum="8011", areaCode="0571")))["city"] == "0571"


def test_a_decision_is_kept_with_its_call() -> None:
    """What `decide` answered is a fact of the call, and alone is a call that began."""
    decision = {"eventType": "decision", "sessionId": SESSION, "appKey": APP, "decidedAt": ms("06:05:03")}
    begun = {"vendor": "huawei", "pool": APP, "status": "initiated", "open_since_at": ms("06:05:03")}
    assert row(decision) == begun
    assert row(decision, fee(record())) == row(fee(record()))


def test_a_record_may_flag_its_recording_in_words() -> None:
    """Elsewhere the same vendor writes the flag as text."""
    assert row(fee(record(recordFlag="true")))["outcome"] == "answered"


@pytest.mark.parametrize("turned", [False, True])
def test_law_order_of_several_records_of_one_call(*, turned: bool) -> None:
    """Each has an id of its own and is kept; the one that tells of the conversation gives the columns."""
    records = [record(icid="i1"), unanswered(icid="i2", callEndTime=at("06:06:00"), ulFailReason=8101)]
    call = row(fee(*records[::-1] if turned else records))
    assert (call["outcome"], call["talk_seconds"], call["ended_at"]) == ("answered", 16, ms("06:05:33"))
    assert sorted(one.kind for one in told(fee(*records))) == ["fee@i1", "fee@i2"]
    assert row(fee(record(icid=None))) == row(fee(record()))


def test_a_conversation_whose_answer_is_not_told() -> None:
    """A zero in `disconnect` is the end of a conversation; how long it was is not told by it."""
    call = row(event("disconnect", "06:05:33", stateCode=0))
    assert (call["outcome"], call.get("talk_seconds")) == ("answered", None)
    assert row(fee(record(callEndTime=None, callDuration=15)))["talk_seconds"] == 15
