"""Options that several commands have, and how their values are read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

import typer

Local = Annotated[bool, typer.Option("--local", help="Work on the loopback cloud that `make up` keeps running.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object per line, for machines.")]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show personal data: numbers, texts, links.")]


def day(option: str, value: str | None) -> str | None:
    """`yyyymmdd` from itself or `yyyy-mm-dd`. Raises BadParameter."""
    if value is None:
        return None
    try:
        return f"{_read(value):%Y%m%d}"
    except ValueError:
        raise typer.BadParameter(f"{option} takes a day, yyyymmdd") from None


def moment(option: str, value: str | None, *, or_else: str = "") -> int | None:
    """Epoch milliseconds from a day or a moment on this machine's clock.

    `or_else` is what this option takes as well. Raises BadParameter.
    """
    if value is None:
        return None
    try:
        return round(_read(value).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError):
        forms = "yyyymmdd, yyyy-mm-dd, or that and HH:MM or HH:MM:SS" + (f"; or {or_else}" if or_else else "")
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
