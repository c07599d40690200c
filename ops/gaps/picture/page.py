"""The page: what was found in four numbers, the charts, and the lists."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from ops import output
from ops.gaps import rows
from ops.gaps.picture import drawing
from ops.gaps.picture.style import CHART, COLOURS, PAGE
from ops.gaps.picture.svg import HATCH
from ops.gaps.showing import KINDS, heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ops.gaps.report import Report


class Cell(NamedTuple):
    """What stands in a cell, and in what style: `id`, `right`, `nowrap`."""

    text: object
    style: str = ""


def html(report: Report) -> str:
    """The whole file."""
    pieces = drawing.pieces(report)
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1"><title>Gaps</title>',
            f"<style>{COLOURS}{PAGE}{CHART}</style></head><body>",
            f'<svg width="0" height="0" style="position:absolute" aria-hidden="true">{HATCH}</svg><main>',
            f'<h1>Gaps</h1><p class="faint">{escape(heading(report))}. Numbers in ids are masked.</p>',
            _tiles(report),
            "<h2>Calls that ended, by hour of this machine's clock</h2>",
            *map(drawing.inline, pieces),
            *_lists(report),
            _notes(report),
            "</main></body></html>\n",
        )
    )


def _tiles(report: Report) -> str:
    tiles = (
        f'<div class="tile{" bad" if number else ""}"><b>{"✕" if number else "✓"} {number:,}</b>'
        f"{escape(KINDS[kind])}</div>"
        for kind, number in report.found.items()
    )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _lists(report: Report) -> Iterator[str]:
    yield _list(
        "recordings",
        report,
        ("call", "recording", "state", "until", "tries", "what is in the way"),
        [
            (
                Cell(output.short_moment(row["called_at"]), "nowrap"),
                Cell(row["recording_id"], "id"),
                Cell(row["state"], "state"),
                Cell(output.short_moment(row["deadline_at"]), "nowrap"),
                Cell(row.get("attempts", 0), "right"),
                Cell(rows.in_the_way(row)),
            )
            for row in rows.recordings(report, reveal=False)
        ],
    )
    yield _list(
        "open_calls",
        report,
        ("began", "call", "vendor", "came as far as"),
        [
            (
                Cell(output.short_moment(row["open_since_at"]) if row["open_since_at"] else "nobody says", "nowrap"),
                Cell(row["call_id"], "id"),
                Cell(row["vendor"]),
                Cell(row["status"]),
            )
            for row in rows.open_calls(report, reveal=False)
        ],
    )
    yield _list(
        "silent_hours",
        report,
        ("from", "to", "vendor", "hours", "usual calls", "compared with"),
        [
            (
                Cell(output.short_moment(one.start), "nowrap"),
                Cell(output.short_moment(one.end), "nowrap"),
                Cell(one.vendor),
                Cell(one.hours, "right"),
                Cell(f"{one.usual:,}", "right"),
                Cell(f"{one.compared} other days"),
            )
            for one in report.silences
        ],
    )
    yield _list(
        "dead_letters",
        report,
        ("vendor", "type", "reason", "open", "first seen", "last seen", "newest"),
        [
            (
                Cell(group.vendor),
                Cell(output.brief(group.type)),
                Cell(group.reason),
                Cell(f"{group.open:,}", "right"),
                Cell(output.short_moment(group.first_seen_at), "nowrap"),
                Cell(output.short_moment(group.last_seen_at), "nowrap"),
                Cell(group.newest, "id"),
            )
            for group in report.letters
        ],
    )


def _list(kind: str, report: Report, names: Sequence[str], lines: Sequence[Sequence[Cell]]) -> str:
    head = f"<h2>{escape(KINDS[kind])}: {report.found[kind]:,}</h2>"
    if not lines:
        return f'{head}<p class="faint">None.</p>'
    columns = "".join(
        f'<th scope="col"{_class(cell.style if cell.style == "right" else "")}>{escape(name)}</th>'
        for name, cell in zip(names, lines[0], strict=True)
    )
    body = "".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in lines)
    return f'{head}<div class="wide"><table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(cell: Cell) -> str:
    text = escape(output.printable(str(cell.text)))
    if cell.style == "state":
        return f'<td class="nowrap"><span class="state {text}"></span>{text}</td>'
    return f"<td{_class(cell.style)}>{text}</td>"


def _class(style: str) -> str:
    return f' class="{style}"' if style else ""


def _notes(report: Report) -> str:
    notes = (
        f"A call is without an end, and a recording not archived, {report.asked.settled_hours} hours after the call.",
        "A stretch of hours is silent if no call ended in it and 7 or more usually do in that of other days.",
        "The hour that goes on is not judged, nor what is before a vendor's first call.",
        f"Of each kind up to {report.asked.limit:,} recordings and calls are listed; all are counted.",
    )
    return "<h2>How to read this</h2>" + "".join(f'<p class="faint">{escape(note)}</p>' for note in notes)
