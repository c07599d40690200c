"""Answers of the store, kept for a few seconds."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """A limited number of values, each for a limited time; the oldest goes first. Not for two threads at once.

    Args:
        seconds: how long a value is kept; 0 for not at all.
        most: how many values are kept.
        monotonic: a clock in seconds.
    """

    def __init__(self, seconds: float, most: int, monotonic: Callable[[], float]) -> None:
        self._seconds, self._most, self._now = seconds, most, monotonic
        self._held: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        """The value, if it is fresh."""
        until, value = self._held.get(key, (0.0, None))
        return value if self._now() < until else None

    def keep(self, key: Hashable, value: Value) -> None:
        """Keep it from now on."""
        if self._seconds <= 0:
            return
        self._held.pop(key, None)
        self._held[key] = (self._now() + self._seconds, value)
        if len(self._held) > self._most:
            self._held.popitem(last=False)
