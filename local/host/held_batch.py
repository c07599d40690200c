"""Messages in hand: their visibility timeout is kept from running out while a function works on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.host.queue_source import QueueUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local.host.queue_source import HeldMessage, QueueSource

# Seconds before its end at which a visibility timeout is renewed, and for how long it then is.
_MARGIN = 5.0
_HOLD = 30
# The shortest visibility timeout of the service: as good as giving a message back.
_RELEASE = 1


class HeldBatch:
    """The messages of one delivery. A message whose renewal comes too late is left to its next receiver."""

    def __init__(self, source: QueueSource, messages: Sequence[HeldMessage], clock: Callable[[], float]) -> None:
        self._source = source
        self._clock = clock
        self.messages = list(messages)

    def renewal_in(self) -> float:
        """Seconds until the first message must be renewed, at least a little."""
        first = min((message.visible_at for message in self.messages), default=None)
        return max(first / 1000 - _MARGIN - self._clock(), 0.05) if first else _HOLD

    def renew(self) -> None:
        """Hold on to every message whose time is nearly out; an outage is tried again at the next call."""
        due = self._clock() + _MARGIN
        self._hold_all([message for message in self.messages if message.visible_at / 1000 <= due], _HOLD)

    def release(self) -> None:
        """Give every message back to the queue, undone."""
        self._hold_all(self.messages, _RELEASE)

    def _hold_all(self, messages: Sequence[HeldMessage], seconds: int) -> None:
        for message in list(messages):
            try:
                held = self._source.hold(message, seconds)
            except QueueUnavailableError:
                return
            at = self.messages.index(message)
            self.messages[at : at + 1] = [held] if held else []
