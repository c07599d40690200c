"""How long the platform waits before it tries again, in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from template.strategies import EXPONENTIAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random


def push_delays(strategy: str, random: Random) -> Iterator[float]:
    """The waits between the tries of `PushRetryStrategy`; when they end, the tries are spent.

    BACKOFF_RETRY repeats 3 times, each 10 to 20 s after the last; EXPONENTIAL_DECAY_RETRY repeats 176
    times, doubling from 1 s up to 512 s, which comes to a day.
    """
    if strategy == EXPONENTIAL:
        for attempt in range(176):
            yield float(min(2**attempt, 512))
    else:
        for _ in range(3):
            yield random.uniform(10, 20)


def async_delays(attempts: int) -> Iterator[float]:
    """The waits before each repetition of a failed asynchronous invocation.

    The platform documents how many there are, not how far apart; doubling from a second is this host's choice.
    """
    for attempt in range(attempts):
        yield float(2**attempt)
