"""The gaps as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops import output
from ops.calls.rows import short_id
from ops.gaps import rows

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from ops.gaps.report import Report


KINDS = {
    "recordings": "Recordings not archived",
    "open_calls": "Calls without an end",
    "silent_hours": "Silent hours",
    "dead_letters": "Dead letters open",
}
# As a recording's life goes, and then as bad as it gets.
ORDER = ("archived", "pending", "failed", "absent", "expired")


def show(report: Report, to: Console, *, reveal: bool) -> None:
    """What there is, and a table of each kind of gap."""
    to.print(output.text(heading(report)), soft_wrap=True)
    for line in totals(report):
        to.print(output.text(f"  {line}"), soft_wrap=True)
    many = report.found
    parts = (
        ("recordings", _recordings(report, reveal=reveal)),
        ("open_calls", _open_calls(report, reveal=reveal)),
        ("silent_hours", _silences(report)),
        ("dead_letters", _letters(report, to)),
    )
    for kind, table in parts:
        to.print()
        to.print(output.text(f"{KINDS[kind]}: {many[kind]:,}", "bold red" if many[kind] else "green"))
        if table.row_count:
            to.print(table)
    listed = (("recordings", len(report.recordings.listed)), ("open_calls", len(report.open_calls.listed)))
    if any(number < many[kind] for kind, number in listed):
        output.aside().print("Not all are listed: --limit lists more.", soft_wrap=True)


def heading(report: Report) -> str:
    """From when to when, on which clock."""
    window = report.asked.window
    return f"{output.moment(window.since)[:16]} to {output.moment(window.until)[:16]} ({output.zone()})"


def totals(report: Report) -> list[str]:
    """A line per vendor: how many calls ended, and what became of the recordings."""
    lines = []
    for vendor, calls in report.calls.items():
        states = [f"{number:,} {state}" for (whose, state), number in ordered(report) if whose == vendor]
        told = f"; recordings: {', '.join(states)}" if states else "; no recordings"
        lines.append(f"{vendor}: {sum(calls):,} calls ended{told}")
    return lines or ["no call ended, and no recording was announced"]


def ordered(report: Report) -> list[tuple[tuple[str, str], int]]:
    """Recordings by vendor and state, what is well first."""
    return sorted(report.recordings.states.items(), key=lambda item: (item[0][0], ORDER.index(item[0][1])))


def _recordings(report: Report, *, reveal: bool) -> Table:
    table = output.table("call", "recording", "state", "until", "tries", "what is in the way", right=("tries",))
    for row in rows.recordings(report, reveal=reveal):
        table.add_row(
            output.text(output.short_moment(row["called_at"])),
            output.text(short_id(row["recording_id"])),
            output.text(row["state"]),
            output.text(output.short_moment(row["deadline_at"])),
            output.text(row.get("attempts", 0)),
            output.text(rows.in_the_way(row)),
        )
    return table


def _open_calls(report: Report, *, reveal: bool) -> Table:
    table = output.table("began", "call", "vendor", "came as far as")
    for row in rows.open_calls(report, reveal=reveal):
        began = output.moment(row["open_since_at"])[:16] if row["open_since_at"] else "nobody says"
        table.add_row(*map(output.text, (began, short_id(row["call_id"]), row["vendor"], row["status"])))
    return table


def _silences(report: Report) -> Table:
    table = output.table("from", "to", "vendor", "hours", "usual calls", right=("hours", "usual calls"))
    for one in report.silences:
        between = output.short_moment(one.start), output.short_moment(one.end)
        table.add_row(*map(output.text, (*between, one.vendor, one.hours, f"{one.usual:,}")))
    return table


def _letters(report: Report, to: Console) -> Table:
    table = output.table("type", "reason", "open", "first, last seen", "newest", right=("open",))
    for group in report.letters:
        table.add_row(
            output.stacked(to, output.brief(group.type), group.vendor),
            output.text(group.reason),
            output.text(f"{group.open:,}"),
            output.stacked(to, output.short_moment(group.first_seen_at), output.short_moment(group.last_seen_at)),
            output.text(group.newest),
        )
    return table
