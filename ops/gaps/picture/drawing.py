"""The charts, one below the other."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ops.gaps.picture import bars, heat
from ops.gaps.picture.style import CHART, COLOURS
from ops.gaps.picture.svg import HATCH, WIDTH, Piece, box, words
from ops.gaps.showing import KINDS, heading

if TYPE_CHECKING:
    from ops.gaps.report import Report

BETWEEN, MARGIN = 26, 20


def pieces(report: Report) -> list[Piece]:
    """A map per vendor, then the bars."""
    vendors = [vendor for vendor, calls in report.calls.items() if any(calls) or report.silences]
    none = Piece(50, words(0, 16, "Calls", "title") + words(0, 42, "No call ended in this time.", "faint"), "No call.")
    return [*([heat.chart(report, vendor) for vendor in vendors] or [none]), bars.chart(report)]


def inline(piece: Piece) -> str:
    """A piece as an element of a page, which has the style and the hatching."""
    label = escape(piece.label, quote=True)
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {piece.height}" role="img" aria-label="{label}">{piece.inner}</svg>'
    )


def alone(report: Report) -> str:
    """A file of its own: what was found in words, then every piece."""
    found = ", ".join(f"{KINDS[kind].lower()}: {number:,}" for kind, number in report.found.items())
    bad = any(report.found.values())
    parts = [words(0, 18, f"Gaps, {heading(report)}", "title"), words(0, 40, found, "warn" if bad else "")]
    y = 40 + BETWEEN
    for piece in pieces(report):
        parts.append(f'<g transform="translate(0 {y})">{piece.inner}</g>')
        y += piece.height + BETWEEN
    wide, high = WIDTH + 2 * MARGIN, y - BETWEEN + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}">'
        f"<title>Gaps, {escape(heading(report))}</title><style>{COLOURS}{CHART}</style>{HATCH}"
        f"{box(0, 0, wide, high, 'paper')}"
        f'<g transform="translate({MARGIN} {MARGIN})">{"".join(parts)}</g></svg>\n'
    )
