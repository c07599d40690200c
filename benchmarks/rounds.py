"""Rounds of two things measured in turn, A B A B, so that whatever the machine does else meets both alike."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Compared(NamedTuple):
    """CPU seconds of one run of each (medians over the rounds), and the ratio.

    The ratio is the median of each round's own ratio: a machine that slows down for a while slows both halves of
    a round, and what hits one half only is an outlier on either side.
    """

    ours: float
    floor: float
    ratio: float


def compared(rounds: int, ours: Callable[[], float], floor: Callable[[], float]) -> Compared:
    """Run both once to warm up, then `rounds` times in turn; each returns the CPU seconds that it took."""
    ours(), floor()
    pairs = [(ours(), floor()) for _ in range(rounds)]
    return Compared(
        median(pair[0] for pair in pairs), median(pair[1] for pair in pairs), median(a / b for a, b in pairs)
    )


def cpu_of(action: Callable[[], object]) -> float:
    """CPU seconds, user and system, of all threads of this process while `action` ran."""
    started = time.process_time()
    action()
    return time.process_time() - started


@contextlib.contextmanager
def log_thrown_away() -> Iterator[None]:
    """The functions' log lines are written, but to the null device."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


def least_of_each(repeats: Sequence[Sequence[float]]) -> float:
    """The sum over the steps of the least that each took in any repeat.

    For steps that do the same work in every repeat: whatever else the machine does can only add to one.
    """
    return sum((min(step) for step in zip(*repeats, strict=True)), start=0.0)
