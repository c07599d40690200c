"""A picture of where a month's compute units go: a bar for each number of calls, as long as the whole."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from benchmarks.cost.billing import yuan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.cost.volumes import Month

WIDTH, LEFT, RIGHT, BAR, GAP, TOP = 800, 170, 150, 34, 26, 54
# Told apart without colours too: from dark to light, each with its name in the legend.
FILLS = {"receive": "#1f4e79", "ingest": "#2e86ab", "archive": "#f0a202", "warm, timers": "#c8c8c8"}
NARROWEST_LABEL = 46


def of(months: Sequence[Month]) -> str:
    """The picture as SVG; it needs nothing beside it."""
    height = TOP + len(months) * (BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"',
        ' font-size="13">',
        "<title>Compute units of a month by function</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *_legend(),
    ]
    for at, one in enumerate(months):
        parts += _bar(one, TOP + at * (BAR + GAP))
    return "\n".join([*parts, "</svg>", ""])


def _legend() -> list[str]:
    parts, x = [], LEFT
    for name, fill in FILLS.items():
        parts.append(f'<rect x="{x}" y="16" width="14" height="14" fill="{fill}" stroke="#333333"/>')
        parts.append(_text(x + 20, 28, name))
        x += 120
    return parts


def _bar(one: Month, y: int) -> list[str]:
    shares = {name: work.units() for name, work in one.work.items()}
    shares["warm, timers"] = sum(both[0] for both in one.fixed.values())
    total, x = sum(shares.values()), float(LEFT)
    middle = y + BAR // 2 + 5
    parts = [_text(LEFT - 10, middle, f"{one.calls:,.0f} calls a day", "end")]
    for name, units in shares.items():
        width = (WIDTH - LEFT - RIGHT) * units / total
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{FILLS[name]}" stroke="#333333"/>'
        )
        if width >= NARROWEST_LABEL:
            colour = "#000000" if name in ("archive", "warm, timers") else "#ffffff"
            parts.append(_text(x + width / 2, middle, f"{units / total:.0%}", "middle", colour))
        x += width
    return [*parts, _text(x + 10, middle, f"¥ {yuan(total):,.0f} a month")]


def _text(x: float, y: float, words: str, anchor: str = "start", fill: str = "#000000") -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'
