"""Facts that this instance has in its hands already, by the text that they are stored as."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from receipts.joining.facts import Facts
    from receipts.joining.subject import Subject


class KnownFacts:
    """The facts last met. Never stale: they are found by the whole text, of which they are a function. Thread-safe.

    The receipts of a call come within minutes, often to the same instance: what it wrote itself it need not parse.

    Args:
        most_characters: of all texts; the memory taken is about ten times that.
    """

    def __init__(self, most_characters: int) -> None:
        self._most, self._characters = most_characters, 0
        # Oldest first.
        self._held: dict[tuple[Subject, str], Facts] = {}
        self._lock = Lock()

    def of(self, subject: Subject, text: str) -> Facts:
        """The facts in a stored column. They are let go of: the row is about to move on from this text.

        Raises:
            InvalidReceipt: this version cannot read them.
        """
        with self._lock:
            facts = self._held.pop((subject, text), None)
            if facts is not None:
                self._characters -= len(text)
        return subject.facts(text) if facts is None else facts

    def keep(self, subject: Subject, text: str, facts: Facts) -> None:
        """Remember what the text says, and forget the oldest where it gets too much."""
        with self._lock:
            if (subject, text) in self._held:
                return
            self._held[subject, text] = facts
            self._characters += len(text)
            while self._characters > self._most:
                oldest = next(iter(self._held))
                del self._held[oldest]
                self._characters -= len(oldest[1])
