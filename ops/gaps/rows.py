"""The listed gaps as rows: the same for the table, for machines and for the picture, with long numbers masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from receipts.masking import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.gaps.report import Report

# What is told of a call and of a recording.
CALL = ("call_id", "vendor", "status", "open_since_at")
RECORDING = ("recording_id", "vendor", "state", "called_at", "deadline_at", "attempts", "vendor_code", "last_error")


def recordings(report: Report, *, reveal: bool) -> list[dict[str, Any]]:
    """Recordings that are not archived."""
    return [_shown(row, RECORDING, reveal=reveal) for row in report.recordings.listed]


def open_calls(report: Report, *, reveal: bool) -> list[dict[str, Any]]:
    """Calls without an end."""
    return [_shown(row, CALL, reveal=reveal) for row in report.open_calls.listed]


def every(report: Report, *, reveal: bool) -> Iterator[dict[str, Any]]:
    """For machines: a summary, then each gap, with `what` it is. Moments are epoch milliseconds."""
    window = report.asked.window
    states: dict[str, dict[str, int]] = {}
    for (vendor, state), number in sorted(report.recordings.states.items()):
        states.setdefault(vendor, {})[state] = number
    yield {
        "what": "summary",
        "since": window.since,
        "until": window.until,
        "gaps": report.found,
        "calls": {vendor: sum(calls) for vendor, calls in report.calls.items()},
        "recordings": states,
    }
    yield from ({"what": "recording", **row} for row in recordings(report, reveal=reveal))
    yield from ({"what": "open_call", **row} for row in open_calls(report, reveal=reveal))
    yield from ({"what": "silence", **silence._asdict()} for silence in report.silences)
    yield from ({"what": "dead_letters", **group._asdict()} for group in report.letters)


def in_the_way(row: dict[str, Any]) -> str:
    """What kept a recording from being archived, the last time; with the vendor's code, if the words lack it."""
    said, code = str(row.get("last_error", "")), str(row.get("vendor_code", ""))
    return said if code in said else f"{said} ({code})".strip()


def _shown(row: dict[str, Any], names: tuple[str, ...], *, reveal: bool) -> dict[str, Any]:
    """An id is made by a vendor, sometimes of the parties' numbers."""
    told = {name: row[name] for name in names if name in row}
    return told if reveal else {name: masked(each) if isinstance(each, str) else each for name, each in told.items()}
