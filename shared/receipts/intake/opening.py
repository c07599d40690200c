"""From queue messages to what they hold: the envelopes of pushes, and dead letters of what is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.domain.letter import UNKNOWN, Letter, sighting
from receipts.errors import BadEnvelope
from receipts.journal import envelope
from receipts.journal.envelope import Envelope
from receipts.json_text import parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from receipts.triggers.queue_messages import QueueMessage


def opened(messages: Sequence[QueueMessage], now: int) -> tuple[list[Envelope], list[Letter]]:
    """The envelopes in the messages, and a letter for each message that is none. `now` in epoch milliseconds."""
    found = [_opened_one(message, now) for message in messages]
    return [one for one in found if isinstance(one, Envelope)], [one for one in found if isinstance(one, Letter)]


def _opened_one(message: QueueMessage, now: int) -> Envelope | Letter:
    try:
        return envelope.opened(message.body, parsed)
    except BadEnvelope as error:
        return letter_of(message, error, now)


def letter_of(message: QueueMessage, error: BadEnvelope, now: int) -> Letter:
    """The letter of a message that is not what belongs on its queue. `now` in epoch milliseconds."""
    seen = sighting(message.id, message.raw)
    return Letter(error.reason, UNKNOWN, UNKNOWN, message.raw, str(error), now, seen)
