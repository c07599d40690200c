"""How long and how often the store is asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 3.0
MOST_TRIES = 10


class Patience:
    """Tries and time for one batch, with growing pauses of random length between them.

    Args:
        seconds: time for the whole batch.
        monotonic: a clock in seconds.
        sleep: waits so many seconds.
        chance: a number from 0 to 1 at each call; spreads the tries of functions that failed together.
    """

    def __init__(
        self,
        seconds: float,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        chance: Callable[[], float],
    ) -> None:
        self._end = monotonic() + seconds
        self._now, self._sleep, self._chance = monotonic, sleep, chance
        self._tries = 0

    def pause(self, why: str) -> None:
        """Wait before the next try. Raises StoreUnavailable when the tries or the time are spent."""
        self._tries += 1
        longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**self._tries)
        pause = longest * (0.5 + self._chance() / 2)
        if self._tries >= MOST_TRIES or self._now() + pause > self._end:
            raise StoreUnavailable(f"gave up after {self._tries} tries: {why}")
        self._sleep(pause)
