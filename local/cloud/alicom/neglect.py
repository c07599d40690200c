"""Receiving without deleting: the service slows down whoever does so."""

from __future__ import annotations

from typing import NamedTuple


class Thresholds(NamedTuple):
    """When a queue's receivers are slowed down, and how; a limit that is None does not exist.

    The three limits are published, and 429 after a hold of 10 ms to 5 s, about 500 ms as a rule. How slow receiving
    becomes is not: here one request a `pace` is served.

    Attributes:
        messages: so many were received and are still there.
        per_second: more than so many were received in one second than were deleted in it.
        seconds: receiving without a single delete has gone on for longer than this.
        hold: seconds that a request waits before it is refused.
        pace: seconds by the queue's clock between two requests that are served all the same.
    """

    messages: int | None = 5000
    per_second: int | None = 1000
    seconds: float | None = 1800
    hold: float = 0.5
    pace: float = 1.0


class Neglect:
    """How the receivers of one queue treat its messages; not safe for threads. Times are epoch milliseconds."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds
        self._undeleted = 0
        self._since = self._last = 0
        self._second = self._surplus = 0
        self._served_at: int | None = None

    def received(self, now: int, *, first: bool) -> None:
        """A message was handed out; `first` if never before."""
        self._undeleted += first
        # Who comes back after a long time does not go on with what was then.
        if not self._since or now - self._last > (self._thresholds.seconds or 0) * 1000:
            self._since = now
        self._last = now
        self._count(now, 1)

    def deleted(self, now: int) -> None:
        """One that was handed out was deleted."""
        self._undeleted -= 1
        self._since = 0
        self._count(now, -1)

    def expired(self) -> None:
        """One that was handed out has become too old."""
        self._undeleted -= 1

    def admits(self, now: int) -> bool:
        """Whether a request to receive that comes at `now` is served; if so, it counts as such."""
        paced = self._served_at is not None and now < self._served_at + self._thresholds.pace * 1000
        if paced and self._is_excessive(now):
            return False
        self._served_at = now
        return True

    def _count(self, now: int, change: int) -> None:
        if self._second != now // 1000:
            self._second, self._surplus = now // 1000, 0
        self._surplus += change

    def _is_excessive(self, now: int) -> bool:
        messages, per_second, seconds, *_ = self._thresholds
        if messages is not None and self._undeleted >= messages:
            return True
        if per_second is not None and self._second == now // 1000 and self._surplus > per_second:
            return True
        return seconds is not None and self._since > 0 and self._last - self._since > seconds * 1000
