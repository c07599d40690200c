"""A clock that can be moved."""

from __future__ import annotations

import time


class ShiftedClock:
    """The wall clock, which is what SDKs sign by, moved by so many seconds.

    Attributes:
        shift: the seconds; may be set at any time.
    """

    def __init__(self) -> None:
        self.shift = 0.0

    def __call__(self) -> float:
        """Epoch seconds."""
        return time.time() + self.shift
