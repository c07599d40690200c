"""Options that several commands have, and how their values are read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import typer

Local = Annotated[bool, typer.Option("--local", help="Work on the loopback cloud that `make up` keeps running.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line, for machines.")]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show personal data: numbers, texts, links.")]

_AGO = re.compile(r"(\d{1,5})([hd])")
# Seconds.
_UNITS = {"h": 3600, "d": 86400}


def day(option: str, value: str | None) -> str | None:
    """`yyyymmdd` from itself or `yyyy-mm-dd`. Raises BadParameter."""
    if value is None:
        return None
    try:
        return f"{_read(value):%Y%m%d}"
    except ValueError:
        raise typer.BadParameter(f"{option} takes a day, yyyymmdd") from None


def moment(option: str, value: str | None, now: float) -> int | None:
    """Epoch milliseconds from a day or a moment on this machine's clock, or so long ago: `36h`, `7d`.

    `now` is in epoch seconds. Raises BadParameter.
    """
    if value is None:
        return None
    ago = _AGO.fullmatch(value.strip())
    try:
        moment = now - _UNITS[ago[2]] * int(ago[1]) if ago else _read(value).astimezone().timestamp()
        return round(moment * 1000)
    except (ValueError, OverflowError):
        forms = "yyyymmdd, yyyy-mm-dd, or that and HH:MM or HH:MM:SS; or how long ago, as 36h or 7d"
        raise typer.BadParameter(f"{option} takes {forms}") from None


def _read(value: str) -> datetime:
    """Raises ValueError."""
    value = value.strip()
    if re.fullmatch(r"\d{8}", value):
        value = f"{value[:4]}-{value[4:6]}-{value[6:]}"
    return datetime.fromisoformat(value)


def one_of(option: str, value: str | None, words: tuple[str, ...]) -> str | None:
    """One of the words. Raises BadParameter."""
    if value is not None and value not in words:
        raise typer.BadParameter(f"{option} is one of {', '.join(words)}")
    return value
