"""Which call records announce a recording, and until when it can be had."""

from __future__ import annotations

from typing import Any

import pytest

from receipts.recordings.announcing import joined
from receipts.recordings.settings import RecordingRules
from tests.huawei.made_up import APP, AT, SESSION, at, fee, ms, record, told, unanswered

DAY_MS = 24 * 60 * 60 * 1000
RULES = RecordingRules(aliyun_days=30, url_delay_seconds=1200)


def announced(**fields: Any) -> list[Any]:
    """The announcements of one record."""
    return [each for one in told(fee(record(**fields))) for each in one.announced]


def test_a_recorded_call_announces_its_file() -> None:
    """By name and domain, for the API; seven days from the push on."""
    (one,) = announced()
    assert (one.recording_id, one.call_id, one.vendor) == ("huawei:0f1e.1", f"huawei:{SESSION}", "huawei")
    assert one.source == {"file_name": "26112006051701.wav", "record_domain": "ostor.example.com", "app_key": APP}
    row = joined(None, one, RULES)
    assert (row.called_at, row.announced_at, row.deadline_at) == (ms("06:05:03"), AT, AT + 7 * DAY_MS)
    assert row.next_attempt_at == AT


def test_the_deadline_counts_from_the_first_push() -> None:
    """A record that is pushed again hours later does not gain its recording a day."""
    (first,) = announced()
    later = first._replace(told_at=AT + 5 * 3_600_000)
    for order in ((first, later), (later, first)):
        row = joined(joined(None, order[0], RULES), order[1], RULES)
        assert row.deadline_at == AT + 7 * DAY_MS


def test_a_link_is_used_where_it_is_told() -> None:
    """Name and domain may be empty then."""
    (one,) = announced(recordFileDownloadUrl="https://r.example.com/a.wav", recordObjectName="", recordDomain=None)
    assert one.source == {"url": "https://r.example.com/a.wav", "app_key": APP}


@pytest.mark.parametrize(
    "fields",
    [
        {"callEndTime": at("06:05:19")},
        {"recordFlag": 0, "recordObjectName": None, "recordDomain": None},
        {"recordFlag": None, "recordObjectName": ""},
    ],
)
def test_no_recording(fields: dict[str, Any]) -> None:
    """Of a call under three seconds none can be had; nor of one that was not recorded."""
    assert announced(**fields) == []


def test_three_seconds_are_enough() -> None:
    """The vendor's limit itself is not below it."""
    assert len(announced(callEndTime=at("06:05:20"))) == 1


def test_every_flagged_recording_is_announced() -> None:
    """Without a name or a link nobody can fetch it: it must end named as lost, not be overlooked."""
    assert len(announced(recordObjectName=None, recordDomain=None)) == 1
    assert [one.announced for one in told(fee(unanswered()))] == [()]


def test_a_record_without_an_id_of_its_own() -> None:
    """Its call's id serves."""
    (one,) = announced(icid=None)
    assert one.recording_id == f"huawei:{SESSION}"
