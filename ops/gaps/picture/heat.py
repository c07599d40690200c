"""A vendor's calls as a map: a row per day, a cell per hour, its shade and number the calls that ended in it."""

from __future__ import annotations

from itertools import groupby
from math import sqrt
from typing import TYPE_CHECKING

from ops.gaps.picture.style import SHADES
from ops.gaps.picture.svg import Piece, box, few, told, words

if TYPE_CHECKING:
    from ops.gaps.report import Report
    from ops.gaps.window import Hour

LEFT, CELL, ROW, GAP = 96, 34.5, 24, 2
HEAD, FOOT = 48, 38
HOURS = 24
RIGHT = LEFT + HOURS * CELL


def chart(report: Report, vendor: str) -> Piece:
    """The map of one vendor."""
    calls = report.calls[vendor]
    most = max(calls, default=0)
    silent = [(one.start, one.end) for one in report.silences if one.vendor == vendor]
    hours = sum(one.hours for one in report.silences if one.vendor == vendor)
    title = f"{vendor}: {sum(calls):,} calls ended" + (f", {hours} silent hours" if hours else ", no silent hour")
    parts = [words(0, 16, title, "title")]
    parts += [words(LEFT + (number + 0.5) * CELL, 40, f"{number:02}", "faint small mid") for number in range(HOURS)]
    parts.append(words(RIGHT + 58, 40, "day", "faint small end"))
    y = HEAD
    for day, group in groupby(zip(report.hours, calls, strict=True), key=lambda pair: pair[0].day):
        of_day = list(group)
        parts.append(words(LEFT - 12, y + 16, f"{day:%a %m-%d}", "small end"))
        parts += [_cell(hour, number, most, y, silent=_within(hour, silent)) for hour, number in of_day]
        parts.append(words(RIGHT + 58, y + 16, few(sum(number for _, number in of_day)), "small end"))
        y += ROW
    parts.append(_legend(most, y + 14))
    return Piece(y + FOOT, "".join(parts), f"Calls that ended per hour. {title}.")


def _cell(hour: Hour, number: int, most: int, y: int, *, silent: bool) -> str:
    x, width, height = LEFT + hour.number * CELL, CELL - GAP, ROW - GAP
    when = f"{hour.day} {hour.number:02}:00"
    middle = x + width / 2
    if silent:
        title, style, mark = f"{when}: silent, calls are usual", "gap", words(middle, y + 15.5, "×", "x mid")
    elif number:
        shade = _shade(number, most)
        title, style = f"{when}: {number:,} calls", f"s{shade}"
        mark = words(middle, y + 15, few(number), f"n t{shade}")
    else:
        title, style, mark = f"{when}: no call", "none", words(middle, y + 14, "·", "n dot")
    if not hour.whole:
        title, style = f"{title} (a part of the hour)", f"{style} unfinished"
    return told(title, box(x, y, width, height, style), mark)


def _within(hour: Hour, spans: list[tuple[int, int]]) -> bool:
    return any(start <= hour.start < end for start, end in spans)


def _shade(number: int, most: int) -> int:
    """By the root, so that a quiet night and a busy day both show."""
    return min(SHADES - 1, int(SHADES * sqrt(number / most)))


def _legend(most: int, y: float) -> str:
    x, parts = LEFT, []
    begins = {shade: first for first, shade in _firsts(most)}
    for shade, first in begins.items():
        last = min((other for other in begins.values() if other > first), default=most + 1) - 1
        text = few(first) if first == last else f"{few(first)} to {few(last)}"
        parts += [box(x, y, 14, 14, f"s{shade}"), words(x + 20, y + 11.5, text, "faint small")]
        x += 34 + 6 * len(text)
    for style, text in (("none", "no call"), ("gap", "× silent"), ("none unfinished", "part of an hour")):
        parts += [box(x, y, 14, 14, style), words(x + 20, y + 11.5, text, "faint small")]
        x += 38 + 6 * len(text)
    return "".join(parts)


def _firsts(most: int) -> list[tuple[int, int]]:
    """The least number of each shade that there is, with the shade."""
    firsts = []
    for shade in range(SHADES):
        first = max(1, int(most * (shade / SHADES) ** 2))
        first = next((number for number in range(first, first + 3) if _shade(number, most) == shade), 0) if most else 0
        if 0 < first <= most:
            firsts.append((first, shade))
    return firsts
