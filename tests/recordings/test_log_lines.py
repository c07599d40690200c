"""What the log says of recordings: of each outcome of a job, and of what a sweep meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from receipts.domain.recording import Recording
from receipts.errors import InvalidReceipt
from receipts.recordings.archive import Outcome
from receipts.recordings.naming import name
from receipts.recordings.outcome_line import outcome_line
from receipts.recordings.sweep_lines import HOUR_MS, deadline_line, page_lines
from receipts.recordings.sweeping import Swept
from receipts.reporting import Line

if TYPE_CHECKING:
    from receipts.store.pending import Columns

ID = "aliyun:13900000001:call"
WHICH = {"recording": "aliyun:139****0001:call", "object": name(ID)}
NOW = 1_795_000_000_000


def recording(state: Any, **fields: Any) -> Recording:
    """A recording in that state, announced five seconds ago."""
    made = {
        "call_id": "aliyun:13900000001",
        "vendor": "aliyun",
        "state": state,
        "source": "{}",
        "called_at": NOW - 9000,
        "announced_at": NOW - 5000,
        "deadline_at": NOW + 9000,
        "attempts": 2,
        "last_error": "it is an HTML page",
        "next_attempt_at": NOW + 61_999,
    }
    return Recording(**{**made, **fields})


def missed(state: str) -> dict[str, object]:
    """What is told of one that was not copied."""
    return {**WHICH, "vendor": "aliyun", "state": state, "attempts": 2, "why": "it is an HTML page"}


@pytest.mark.parametrize("tried", [True, False])
def test_a_job_without_a_row(*, tried: bool) -> None:
    """A warning that says where to look."""
    told = {**WHICH, "do": "look whether tables were emptied, or renamed"}
    assert outcome_line(ID, Outcome(None, tried), NOW) == Line("warning", "no such recording", told)


@pytest.mark.parametrize("state", ["pending", "failed", "archived"])
def test_a_job_that_had_nothing_to_do(state: str) -> None:
    """Archived already, not due yet, or somebody else's: no warning, whatever is to be mended."""
    told = {**WHICH, "vendor": "aliyun", "state": state}
    assert outcome_line(ID, Outcome(recording(state), tried=False), NOW) == Line("info", "nothing to do", told)


def test_a_recording_that_was_copied() -> None:
    """With its bytes, and how long it waited since it was announced."""
    found = recording("archived", bytes=5000, archived_at=NOW - 1000)
    told = {**WHICH, "vendor": "aliyun", "bytes": 5000, "attempts": 2, "waited_ms": 4000}
    assert outcome_line(ID, Outcome(found, tried=True), NOW) == Line("info", "recording archived", told)


@pytest.mark.parametrize(
    ("state", "line"),
    [
        ("pending", Line("info", "recording put off", {"do": "nothing: it is tried again"})),
        ("failed", Line("warning", "recording not archived yet", {"do": "mend what it says, it is tried again"})),
    ],
)
@pytest.mark.parametrize(("due", "seconds"), [(61_999, 61), (-1, 0), (None, 0)])
def test_a_recording_that_is_tried_again(state: str, line: Line, due: int | None, seconds: int) -> None:
    """Why, and in how many whole seconds, none if it is overdue; a warning only if a person must mend something."""
    found = recording(state, next_attempt_at=None if due is None else NOW + due)
    told = {**missed(state), "next_in_seconds": seconds, **line.fields}
    assert outcome_line(ID, Outcome(found, tried=True), NOW) == line._replace(fields=told)


@pytest.mark.parametrize("tried", [True, False])
@pytest.mark.parametrize("state", ["absent", "expired"])
def test_a_recording_that_ended(state: str, *, tried: bool) -> None:
    """A warning at every job that comes for it, its own or a late one."""
    line = Line("warning", "recording lost", missed(state))
    assert outcome_line(ID, Outcome(recording(state), tried), NOW) == line


def test_what_a_page_of_a_sweep_tells() -> None:
    """What ended, then what cannot be read; of what is queued again nothing."""
    page = Swept(["aliyun:c:call"], [(ID, recording("expired"))], {ID: InvalidReceipt("state: not a state")})
    unread = {**WHICH, "why": "state: not a state", "do": "mend its row, it is not swept"}
    assert list(page_lines(page)) == [
        Line("warning", "recording lost", missed("expired")),
        Line("warning", "recording cannot be read", unread),
    ]


@pytest.mark.parametrize(("left", "hours"), [(2 * HOUR_MS - 1, 1), (HOUR_MS, 1), (0, 0), (-HOUR_MS, 0)])
def test_a_recording_near_its_deadline(left: int, hours: int) -> None:
    """In whole hours, none once it has passed; what an index does not tell is null."""
    row: Columns = {"recording_id": ID, "deadline_at": NOW + left, "vendor": "aliyun"}
    do = "look at its last_error in the table of recordings"
    told = {**WHICH, "vendor": "aliyun", "hours_left": hours, "attempts": None, "do": do}
    assert deadline_line(row, NOW) == Line("warning", "recording near its deadline", told)
