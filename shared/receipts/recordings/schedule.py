"""When a recording is tried again."""

from __future__ import annotations

from receipts.times import SECOND_MS

# After the first, second, ... attempt that came too early or failed in passing; the last one repeats.
PAUSES_SECONDS = (30, 2 * 60, 10 * 60, 60 * 60, 6 * 60 * 60)
# One more try shortly before the vendor deletes the file.
LAST_CALL_SECONDS = 15 * 60
# The queue holds a message back for at most a week.
MOST_DELAY_SECONDS = 7 * 24 * 60 * 60


def next_attempt(attempts: int, now: int, deadline: int) -> int:
    """When to try again after `attempts` attempts: epoch milliseconds, never past the deadline."""
    at = now + PAUSES_SECONDS[min(max(attempts, 1), len(PAUSES_SECONDS)) - 1] * SECOND_MS
    last = deadline - LAST_CALL_SECONDS * SECOND_MS
    if now < last < at:
        return last
    return min(at, deadline)


def delay_seconds(at: int, now: int) -> int:
    """Seconds that the queue holds a job back until the moment `at`; both in epoch milliseconds."""
    return max(0, min(-(-(at - now) // SECOND_MS), MOST_DELAY_SECONDS))
