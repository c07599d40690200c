"""One call: what it was, what happened when, what came of its recordings and its transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ops import output
from ops.calls.finding import parties
from ops.calls.recording_ids import kind_of, recording_ids
from ops.calls.rows import hidden
from ops.calls.timeline import timeline
from ops.reading import looked_up, lookup
from receipts.errors import InvalidReceipt
from receipts.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from ops.reading import Store
    from receipts.store.pending import Columns

HOUR, DAY = 60 * 60, 24 * 60 * 60
HEADER = ("pool", "binding_id", "order_id", "extension", "city")


class Known(NamedTuple):
    """All rows about one call."""

    call: Columns
    recordings: list[Columns]
    transcript: Columns | None


def known(store: Store, call_id: str) -> Known | None:
    """The rows about a call, or None if there is no such call. Raises StoreUnavailable, StoreMisconfigured."""
    call, transcript = looked_up(store.rows, [lookup(schema.CALLS, call_id), lookup(schema.TRANSCRIPTS, call_id)])
    if call is None:
        return None
    try:
        ids = recording_ids(call)
    except (InvalidReceipt, KeyError, ValueError):
        # Receipts that this version cannot read: the timeline says so.
        ids = []
    recordings = looked_up(store.rows, [lookup(schema.RECORDINGS, one) for one in ids])
    return Known(call, [row for row in recordings if row], transcript)


def as_json(rows: Known, *, reveal: bool) -> dict[str, Any]:
    """The rows, whole."""
    see = dict if reveal else hidden
    return {
        "call": see(rows.call),
        "recordings": [see(row) for row in rows.recordings],
        "transcript": rows.transcript and see(rows.transcript),
    }


def show(rows: Known, to: Console, *, reveal: bool) -> None:
    """Write the call for a person."""
    call = dict(rows.call) if reveal else hidden(rows.call)
    to.print(output.text(f"call {call['call_id']!s}", "bold"))
    header = output.table("", "")
    header.show_header = False
    for name, value in _header(call):
        header.add_row(output.text(name, "dim"), output.text(value))
    to.print(header)
    to.print()
    _timeline(rows, to)
    to.print()
    for row in rows.recordings:
        _recording(row if reveal else hidden(row), to)
    if not rows.recordings:
        to.print("no recording announced")
    to.print(output.text(_transcript(rows.transcript)))


def _header(call: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "parties", f"{' '.join(parties(call))} through {call.get('number_x', '?')}"
    if call.get("direction"):
        yield "direction", str(call["direction"])
    yield "status", str(call.get("status", ""))
    if call.get("outcome"):
        talk = f", {call['talk_seconds']} s of talk" if call.get("talk_seconds") else ""
        yield "outcome", f"{call['outcome']}{talk}"
    if "release_cause" in call:
        yield (
            "released",
            " ".join(str(call[name]) for name in ("release_cause", "release_text", "released_by") if name in call),
        )
    for name in HEADER:
        if name in call:
            yield name, str(call[name])


def _timeline(rows: Known, to: Console) -> None:
    table = output.table(f"when ({output.zone()})", "after", "what", right=("after",))
    began = rows.call.get("started_at")
    for at, _, what in timeline(rows.call, rows.recordings):
        after = "" if at is None or began is None else _length((at - int(began)) / 1000)
        table.add_row(output.text(output.moment(at)), after, output.text(what))
    to.print(table)


def _length(seconds: float) -> str:
    """Seconds of a call; a recording comes hours or days after it."""
    if abs(seconds) < HOUR:
        return f"{seconds:+g} s"
    return f"{seconds / HOUR:+.1f} h" if abs(seconds) < 2 * DAY else f"{seconds / DAY:+.1f} d"


def _recording(row: dict[str, Any], to: Console) -> None:
    size = f", {row['bytes']} bytes" if "bytes" in row else ""
    tries = f", attempts: {row['attempts']}" if row.get("attempts") else ""
    kind = kind_of(str(row["recording_id"]))
    to.print(output.text(f"recording ({kind}): {row.get('state')}{size}{tries}"))
    for name in ("object_key", "last_error"):
        if row.get(name):
            to.print(output.text(f"  {row[name]}"), soft_wrap=True)
    if row.get("state") in ("pending", "failed"):
        to.print(output.text(f"  the vendor deletes it at {output.moment(row.get('deadline_at'))}"))


def _transcript(row: Columns | None) -> str:
    if row is None:
        return "no transcript"
    length = f" of {int(row['duration_ms']) / 1000:g} s" if "duration_ms" in row else ""
    return f"transcript{length}, status {row.get('status_code', 'unknown')!s}"
