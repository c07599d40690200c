"""A point in time by which an answer must be out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Deadline:
    """So many seconds from now. `monotonic` is a clock in seconds, passed in."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._now = monotonic
        self._start = monotonic()
        self._end = self._start + seconds

    def remaining(self) -> float:
        """Seconds left. Raises TimeoutError when none are."""
        left = self._end - self._now()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left

    def passed(self) -> bool:
        """Whether no time is left."""
        return self._end <= self._now()

    def spent_ms(self) -> int:
        """Milliseconds since it was set."""
        return round((self._now() - self._start) * 1000)
