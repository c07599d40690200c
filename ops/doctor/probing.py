"""Reaches a service without asking it for anything: is it there, and what does its clock say?"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

INSIDE = ("-internal.", ".vpc.")
FROM_INSIDE = " It is an address for inside the platform's network: run this there, or with the public one."


class Unreached(Exception):
    """Nobody answered. Attributes: `found`, what happened; `do`, what to do, which begins with a verb."""

    def __init__(self, found: str, do: str) -> None:
        super().__init__(found)
        self.found, self.do = found, do


class Reached(NamedTuple):
    """The service answered. `ahead`: seconds that this machine's clock is ahead of it; None if it tells no time."""

    ahead: float | None


def reached(address: str, setting: str, seconds: float, clock: Callable[[], float]) -> Reached:
    """Ask for the address's root, whatever it answers.

    Args:
        address: http(s)://host[:port].
        setting: the setting that the address is from.
        seconds: how long a connection, and the answer, is waited for. Nothing bounds the look-up of a name.
        clock: epoch seconds.

    Raises:
        Unreached: nobody answered.
    """
    timeout = urllib3.Timeout(connect=seconds, read=seconds)
    with urllib3.PoolManager(timeout=timeout, retries=False) as pool:
        try:
            asked_at = clock()
            answer = pool.request("GET", address, redirect=False, preload_content=False)
        except HTTPError as error:
            inside = FROM_INSIDE if any(mark in address for mark in INSIDE) else ""
            found, do = _told(error, setting)
            raise Unreached(found, do + inside) from None
        between = (asked_at + clock()) / 2
        date = answer.headers.get("Date")
        # What it says is of no interest, and may be long.
        answer.close()
    try:
        # The header has whole seconds, so that the middle of the one it names is the best guess.
        return Reached(None if date is None else between - parsedate_to_datetime(date).timestamp() - 0.5)
    except (ValueError, TypeError, OverflowError):
        return Reached(None)


def _told(error: HTTPError, setting: str) -> tuple[str, str]:
    """What happened, and what to do."""
    if isinstance(error, LocationParseError):
        return "the address is none", f"Correct {setting}."
    if isinstance(error, NameResolutionError):
        return "the name of its host is not known", f"Correct {setting}; if it is right, look at this machine's DNS."
    # The more special first: it is a kind of the other.
    if isinstance(error, NewConnectionError):
        return "nobody listens there", f"Correct host and port in {setting}; look at the network."
    if isinstance(error, ConnectTimeoutError):
        return "no connection in time", f"Look at the network and its firewall, then at {setting}."
    if isinstance(error, ReadTimeoutError):
        return "it is connected, and does not answer in time", f"Try again; if it goes on, correct {setting}."
    if isinstance(error, SSLError):
        return "its certificate is not accepted", f"Correct {setting}; look for a proxy that opens https."
    return f"the connection broke ({type(error).__name__})", f"Try again; if it goes on, look at {setting}."
