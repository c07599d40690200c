"""Where a recording is kept: by vendor and day in China, under a name that tells nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.domain.recording import Recording
from receipts.recordings.naming import name, shown, stem

# 2026-11-20 23:59:59.999 in China, and the moment after.
LATE = 1795190399999


def recording(called_at: int) -> Recording:
    """A recording of a call at that moment."""
    return Recording(
        call_id="aliyun:c",
        vendor="aliyun",
        state="pending",
        source="{}",
        called_at=called_at,
        announced_at=called_at,
        deadline_at=called_at,
    )


@pytest.mark.parametrize(("called_at", "day"), [(LATE, "2026/11/20"), (LATE + 1, "2026/11/21"), (0, "1970/01/01")])
def test_the_key_has_the_day_of_the_call_in_china(called_at: int, day: str) -> None:
    """By the vendor's calendar, not by that of the machine."""
    assert stem("aliyun:c:call", recording(called_at)) == f"recordings/aliyun/{day}/{name('aliyun:c:call')}"


@given(st.text(min_size=1))
def test_law_privacy_a_key_holds_no_number_and_no_path(call_id: str) -> None:
    """Whatever the vendor calls the call: 32 hex digits, the same each time."""
    for each in (call_id, f"13900000001/../{call_id}"):
        key = stem(f"aliyun:{each}:call", recording(LATE))
        assert re.fullmatch(r"recordings/aliyun/2026/11/20/[0-9a-f]{32}", key)
    assert name(call_id) == name(call_id) != name(f"{call_id}.")


@pytest.mark.parametrize(
    ("recording_id", "in_logs"),
    [
        ("aliyun:7b3d90c4e1f20a01:call", "aliyun:7b3d90c4e1f20a01:call"),
        ("aliyun:13900000001:ring", "aliyun:139****0001:ring"),
        ("aliyun:a13900000001b17000000002:call", "aliyun:a139****0001b170****0002:call"),
        # Cut off only after it was masked.
        ("x" * 74 + "13900000001", "x" * 74 + "139***"),
    ],
)
def test_law_privacy_a_log_shows_no_number(recording_id: str, in_logs: str) -> None:
    """Long numbers within an id are masked; the object's name still tells which one it is."""
    assert shown(recording_id) == {"recording": in_logs, "object": name(recording_id)}
