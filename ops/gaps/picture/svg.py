"""Pieces of SVG."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

WIDTH = 1000
HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatchback" width="6" height="6"/><line class="hatchline" x1="0" y1="0" x2="0" y2="6"/>'
    "</pattern></defs>"
)


class Piece(NamedTuple):
    """A part of a drawing, `WIDTH` wide: how high it is, what is in it, and what it says to those who cannot see."""

    height: int
    inner: str
    label: str


def words(x: float, y: float, text: str, style: str = "") -> str:
    """A line of text."""
    return f'<text x="{x:g}" y="{y:g}"{_class(style)}>{escape(text)}</text>'


def box(x: float, y: float, width: float, height: float, style: str = "") -> str:
    """A rectangle with round corners."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2"{_class(style)}/>'


def told(title: str, *inner: str) -> str:
    """Things that say something when they are pointed at."""
    return f"<g><title>{escape(title)}</title>{''.join(inner)}</g>"


def few(number: int) -> str:
    """A number in up to four characters: 950, 1.2k, 35k, 1.2M."""
    for unit, name in ((1_000_000_000, "G"), (1_000_000, "M"), (1000, "k")):
        # From here on it would be shown as one of the unit.
        if number >= unit * 0.9995:
            value = number / unit
            return f"{value:.0f}{name}" if value >= 9.95 else f"{value:.1f}{name}"  # noqa: PLR2004 - shown as 10
    return str(number)


def _class(style: str) -> str:
    return f' class="{style}"' if style else ""
