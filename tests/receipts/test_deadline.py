"""A deadline is one point in time, over every wait of a connection."""

from __future__ import annotations

import pytest

from receipts.deadline import Deadline


class Clock:
    """Seconds that pass when they are told to."""

    now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_what_remains_shrinks_and_ends() -> None:
    """The seconds left; none left is a TimeoutError, at the moment itself as well as after it."""
    clock = Clock()
    deadline = Deadline(0.5, clock)
    assert deadline.remaining() == 0.5
    clock.now += 0.25
    assert deadline.remaining() == 0.25
    for seconds in (0.25, 10):
        clock.now += seconds
        with pytest.raises(TimeoutError, match=r"^the deadline has passed$"):
            deadline.remaining()
