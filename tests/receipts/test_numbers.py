"""A privacy number's row from the two receipts about numbers."""

from __future__ import annotations

from typing import Any

import pytest

from receipts.aliyun.numbers import NUMBERS
from receipts.joining.facts import joined
from tests.receipts.support import at, fact, golden, model, ms, row_of

EXCEPTION, MANAGEMENT = "SecretExceptionPhoneReport", "NumberManagementReport"
X = "17000000005"
MORNING, NOON = ms(at("07:00:00")), ms(at("12:00:00"))


def number(*told: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """The columns of a number from receipts of both types."""
    facts = joined(fact(message_type, {"secretNo": X, **sent}) for message_type, sent in told)
    return dict(row_of(EXCEPTION, facts).columns())


@pytest.mark.parametrize(
    ("message_type", "sent", "state"),
    [
        (EXCEPTION, {"noStatus": 0}, "abnormal"),
        (EXCEPTION, {"noStatus": "1"}, "normal"),
        (EXCEPTION, {"noStatus": 2}, None),
        (EXCEPTION, {}, None),
        (MANAGEMENT, {"status": 1}, "created"),
        (MANAGEMENT, {"status": 2}, "deleted"),
        (MANAGEMENT, {"status": 3}, None),
        (MANAGEMENT, {}, None),
    ],
)
def test_the_state_of_a_number(message_type: str, sent: dict[str, Any], state: str | None) -> None:
    """Each documented value in its word; an undocumented one leaves the state open."""
    assert number((message_type, sent)).get("state") == state


def test_the_latest_receipt_says_the_state_whatever_its_type() -> None:
    """Created in the morning, abnormal at noon: abnormal, and the other way round, in either order of arrival."""
    abnormal_at_noon = (EXCEPTION, {"noStatus": 0, "timestamp": NOON})
    created_at_seven = (MANAGEMENT, {"status": 1, "operatingTime": at("07:00:00")})
    created_later = (MANAGEMENT, {"status": 1, "operatingTime": at("12:00:01")})
    assert number(abnormal_at_noon, created_at_seven)["state"] == "abnormal"
    assert number(created_at_seven, abnormal_at_noon)["changed_at"] == NOON
    assert number(abnormal_at_noon, created_later)["state"] == "created"


def test_management_outranks_condition_in_the_same_second() -> None:
    """A number that is deleted and reported in one second is deleted."""
    told: list[tuple[str, dict[str, Any]]] = [
        (EXCEPTION, {"noStatus": 0, "timestamp": NOON}),
        (MANAGEMENT, {"status": 2, "operating_time": at("12:00:00")}),
    ]
    assert number(*told)["state"] == number(*reversed(told))["state"] == "deleted"


def test_a_receipt_without_a_moment_is_older_than_any_with_one() -> None:
    """What cannot be placed in time never hides what can; alone, it gives a row without a moment."""
    timeless, timed = (EXCEPTION, {"noStatus": 0}), (EXCEPTION, {"noStatus": 1, "timestamp": MORNING})
    assert number(timeless, timed)["state"] == number(timed, timeless)["state"] == "normal"
    assert "changed_at" not in number(timeless)


@pytest.mark.parametrize(
    ("sent", "carrier"),
    [(1, "china_mobile"), (2, "china_unicom"), ("3", "china_telecom"), (4, "4"), (None, None)],
)
def test_the_carrier_in_words(sent: Any, carrier: str | None) -> None:
    """A carrier that is not documented is kept as its number."""
    assert number((MANAGEMENT, {"Vendor": sent})).get("carrier") == carrier


def test_pool_and_city_come_from_whichever_receipt_tells_them() -> None:
    """The newest receipt's pool, else the other's; city and carrier are told by management alone."""
    condition = (EXCEPTION, {"noStatus": 0, "timestamp": NOON, "partnerKey": "FC-late"})
    management = (
        MANAGEMENT,
        {"operating_time": at("07:00:00"), "city": "杭州", "vendor": 2, "partner_key": "FC-early"},
    )
    row = number(condition, management)
    assert (row["pool"], row["city"], row["carrier"]) == ("FC-late", "杭州", "china_unicom")
    assert number((EXCEPTION, {"timestamp": NOON}), management)["pool"] == "FC-early"
    assert "pool" not in number((EXCEPTION, {"noStatus": 1}))
    assert "city" not in number(condition)


def test_the_golden_day_ends_with_a_normal_and_a_created_number() -> None:
    """Abnormal at 07:00 and normal at 07:45 is normal; the other number was created."""
    told = [fact(EXCEPTION, sent) for way in ("push", "queue") for sent in golden(EXCEPTION, way)]
    assert row_of(EXCEPTION, joined(told)).columns() == {
        "vendor": "aliyun",
        "pool": "FC100000000000001",
        "state": "normal",
        "changed_at": 1795131900000,
    }
    created = joined(fact(MANAGEMENT, sent) for way in ("push", "queue") for sent in golden(MANAGEMENT, way))
    assert row_of(MANAGEMENT, created).columns() == {
        "vendor": "aliyun",
        "pool": "FC100000000000001",
        "state": "created",
        "city": "杭州",
        "carrier": "china_unicom",
        "changed_at": ms(at("00:05:00")),
    }


def test_a_receipt_of_another_subject_is_a_defect_and_no_guess() -> None:
    """Nothing but the two receipts about numbers has a place among a number's."""
    with pytest.raises(TypeError, match=r"^StartReceipt$"):
        NUMBERS.rank(model("SecretStartReport").read({"call_id": "k"}))
