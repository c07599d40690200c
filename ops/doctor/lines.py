"""What the doctor tells: a line per thing that was looked at."""

from __future__ import annotations

from typing import NamedTuple

OK, WARNING, WRONG, SKIPPED = "ok", "warning", "wrong", "skipped"


class Line(NamedTuple):
    """One thing: what it is, OK, WARNING, WRONG or SKIPPED, what was found, and what to do unless it is OK.

    None of them holds a secret, a token or a phone number.
    """

    what: str
    state: str
    found: str
    do: str = ""


def ok(what: str, found: str) -> Line:
    """As it should be."""
    return Line(what, OK, found)


def warning(what: str, found: str, do: str) -> Line:
    """Somebody should look at it, though it may be meant or pass by itself."""
    return Line(what, WARNING, found, do)


def wrong(what: str, found: str, do: str) -> Line:
    """It keeps receipts from coming, or loses them."""
    return Line(what, WRONG, found, do)


def skipped(what: str, why: str, do: str) -> Line:
    """Not looked at."""
    return Line(what, SKIPPED, why, do)
