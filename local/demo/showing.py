"""What a person wants to see of the day: tables that fit into 80 columns."""

from __future__ import annotations

from datetime import datetime
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from receipts.masking import mask
from receipts.times import CHINA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.demo.asking import Decided
    from local.demo.notifying import Notified
    from local.demo.pushing import Answered
    from local.demo.queueing import Depth
    from local.demo.reading import Row, Tables
    from local.story import Ways

MOST_CALLS = 20
MOST_RECORDINGS = 8
COLOURS = {"answered": "green", "busy": "yellow", "no_answer": "yellow", "rejected": "yellow"}


def calls(tables: Tables) -> Table:
    """The calls, newest first, numbers masked."""
    rows = sorted(tables.calls, key=lambda row: row.get("started_at", 0), reverse=True)
    recorded = {row["call_id"]: row for row in tables.recordings if not row["recording_id"].endswith(":ring")}
    table = _table(f"Calls ({min(len(rows), MOST_CALLS)} of {len(rows)}, newest first)")
    for name in ("began", "caller", "number X", "callee", "came to", "recording"):
        table.add_column(name, no_wrap=True)
    for row in rows[:MOST_CALLS]:
        outcome = row.get("outcome")
        table.add_row(
            _moment(row.get("started_at")),
            # Who called whom is not always told; then the parties stand there, dim.
            mask(row.get("caller")) or f"[dim]{mask(row.get('number_a'))}[/]",
            mask(row.get("number_x")),
            mask(row.get("callee")) or f"[dim]{mask(row.get('number_b'))}[/]",
            f"[{COLOURS.get(outcome, 'red')}]{outcome}[/]{_talk(row)}" if outcome else f"[dim]{row['status']}[/]",
            _recorded(recorded.get(row["call_id"])),
        )
    return table


def recordings(tables: Tables) -> Table:
    """The recordings with their keys in the bucket, newest first."""
    rows = sorted(tables.recordings, key=lambda row: row["called_at"], reverse=True)
    table = _table(f"Recordings ({min(len(rows), MOST_RECORDINGS)} of {len(rows)})")
    table.add_column("object key", no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)
    for row in rows[:MOST_RECORDINGS]:
        table.add_row(row.get("object_key") or f"[red]{row['state']}[/] {row.get('last_error', '')}", _size(row))
    return table


def dead_letters(tables: Tables) -> Table:
    """The dead letters with their reasons."""
    table = _table("Dead letters", "type", "reason", "what is wrong", "seen", "bytes")
    for row in tables.dead_letters:
        counts = str(row["seen"]), str(len(row["body"]))
        table.add_row(row["type"], f"[red]{row['reason']}[/]", row["error"], *counts)
    return table


def acknowledgements(answers: Sequence[Answered]) -> Table:
    """How long the pushes took to be acknowledged, per message type."""
    table = _table("Acknowledged (Aliyun waits 700 ms)", "type", "pushes", "sent again", "median", "slowest")
    kinds = sorted({answer.push.message_type for answer in answers})
    for kind in kinds:
        _acknowledged(table, kind, [answer for answer in answers if answer.push.message_type == kind])
    table.add_section()
    _acknowledged(table, "all", answers)
    return table


def queues(depths: Sequence[Depth]) -> Table:
    """What came by the vendor's queues, per message type."""
    table = _table("Pulled by poll from the vendor's queues", "type", "messages", "left")
    for depth in depths:
        table.add_row(depth.message_type, str(depth.sent), str(depth.left))
    table.add_section()
    table.add_row("all", str(sum(depth.sent for depth in depths)), str(sum(depth.left for depth in depths)))
    return table


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))


def _acknowledged(table: Table, name: str, answers: Sequence[Answered]) -> None:
    times = [answer.milliseconds for answer in answers]
    median = quantiles(times, n=2)[0] if len(times) > 1 else times[0]
    again = sum(answer.tries - 1 for answer in answers)
    table.add_row(name, str(len(answers)), str(again), f"{median:.1f} ms", f"{max(times):.1f} ms")


def ways(came: Ways, depths: Sequence[Depth]) -> str:
    """One line of how many receipts came which way, and what of them is not taken in."""
    left = sum(depth.left for depth in depths)
    state = f"[red]{left} messages are left in the queues[/]" if left else "the queues are empty"
    return f"{came.push} by push, {came.queue} by queue, {came.both} both ways; {state}"


def notifications(notified: Sequence[Notified]) -> str:
    """One line of how many notifications were taken, and how many at a later try."""
    again = sum(one.tries > 1 for one in notified)
    later = f", {again} at a later try" if again else ""
    return f"{sum(one.taken for one in notified)} of {len(notified)} taken{later}"


def decision(decided: Decided) -> str:
    """One line of what was answered to the question."""
    return f"where does this call go? Answered: {decided.operation} {mask(decided.callee)}"


def counts(tables: Tables) -> str:
    """One line of how many rows there are."""
    return ", ".join(f"{len(rows)} {name.replace('_', ' ')}" for name, rows in tables._asdict().items())


def _talk(row: Row) -> str:
    return f" {row['talk_seconds']} s" if row.get("talk_seconds") else ""


def _recorded(row: Row | None) -> str:
    """The beginning of the object's name, and its size."""
    if row is None:
        return ""
    name = row.get("object_key", "").rpartition("/")[2]
    return f"{name[:6]}… {_size(row)}" if name else f"[red]{row['state']}[/]"


def _size(row: Row) -> str:
    return f"{row['bytes'] / 1000:.0f} KB" if "bytes" in row else ""


def _moment(milliseconds: Any) -> str:
    if milliseconds is None:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, CHINA).strftime("%H:%M")
