"""What became of the recordings of each vendor's calls, as a bar of states with their names and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.gaps.picture.svg import WIDTH, Piece, box, told, words
from ops.gaps.showing import ORDER

if TYPE_CHECKING:
    from ops.gaps.report import Report

LEFT, HIGH, ROW, LEAST, GAP = 96, 22, 66, 4, 2
LEAST_SHARE = 0.001
MEANING = {
    "archived": "in the bucket",
    "pending": "to be archived",
    "failed": "somebody must mend something",
    "absent": "the vendor does not have it",
    "expired": "lost",
}


def chart(report: Report) -> Piece:
    """The bars of every vendor with recordings."""
    by_vendor: dict[str, dict[str, int]] = {}
    for (vendor, state), number in report.recordings.states.items():
        by_vendor.setdefault(vendor, {})[state] = number
    parts = [words(0, 16, "Recordings of these calls", "title")]
    if not by_vendor:
        parts.append(words(0, 42, "None was announced.", "faint"))
        return Piece(54, "".join(parts), "No recording was announced.")
    y = 30
    for vendor, states in sorted(by_vendor.items()):
        parts.append(_bar(vendor, {state: states[state] for state in ORDER if state in states}, y))
        y += ROW
    label = "; ".join(f"{vendor}: {states}" for vendor, states in sorted(by_vendor.items()))
    return Piece(y, "".join(parts), f"Recordings by state. {label}")


def _bar(vendor: str, states: dict[str, int], y: int) -> str:
    total = sum(states.values())
    # None is too narrow to be seen.
    room = WIDTH - LEFT - GAP * (len(states) - 1) - LEAST * len(states)
    x: float = LEFT
    at: float = LEFT
    parts = [words(LEFT - 12, y + 16, vendor, "end")]
    for state, number in states.items():
        width = LEAST + room * number / total
        text = f"{state} {number:,}" + (f" ({_share(number / total)})" if len(states) > 1 else "")
        parts.append(told(f"{vendor}: {text}, {MEANING.get(state, state)}", box(x, y, width, HIGH, state)))
        parts += [box(at, y + HIGH + 8, 12, 12, state), words(at + 18, y + HIGH + 18, text, "small")]
        x += width + GAP
        at += 36 + 6.4 * len(text)
    return "".join(parts)


def _share(part: float) -> str:
    """In percent; a few never read as 0, and nearly all never as 100."""
    if part < LEAST_SHARE:
        return "< 0.1 %"
    return "> 99.9 %" if part > 1 - LEAST_SHARE else f"{100 * part:.1f} %"
