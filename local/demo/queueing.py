"""The vendor's side of its own queues: what it puts in, and what nobody has taken out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.cloud.alicom import AlicomServer
    from local.story import Queued


class Depth(NamedTuple):
    """One type's queue: how many messages were put in, and how many are in it still."""

    message_type: str
    sent: int
    left: int


def put(alicom: AlicomServer, messages: Iterable[Queued]) -> None:
    """Each into the default queue of its type; KeyError if there is none."""
    for message in messages:
        alicom.send(message.message_type, message.body)


def depths(alicom: AlicomServer, messages: Iterable[Queued]) -> list[Depth]:
    """Every queue of a type of these messages, or with something in it; ordered by type."""
    sent = Counter(message.message_type for message in messages)
    left = {message_type: alicom.left(name) for name, message_type in alicom.queues.items()}
    return [
        Depth(message_type, sent[message_type], left[message_type])
        for message_type in sorted(left)
        if sent[message_type] or left[message_type]
    ]


def untaken(queues: Iterable[Depth]) -> list[str]:
    """One line with what is left in which queues; empty when nothing is."""
    left = {queue.message_type: queue.left for queue in queues if queue.left}
    named = ", ".join(f"{message_type}: {count}" for message_type, count in left.items())
    return [f"{sum(left.values())} messages are left in the vendor's queues ({named})"] if left else []
