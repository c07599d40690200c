"""How receipts arrive: in pushes of a few of one type, in no order, some of them twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from random import Random

    from local.story.world import Receipt

LARGEST = 8

_Sent = TypeVar("_Sent")


class Push(NamedTuple):
    """One HTTP push: the type that its path names, and its body."""

    message_type: str
    body: bytes


def body(value: Any) -> bytes:
    """JSON as it goes over the wire."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def in_pushes(rng: Random, message_type: str, receipts: list[Receipt]) -> list[Push]:
    """Pushes of 1 to 8 receipts, shuffled; about one receipt in twenty stands in two of them."""
    left = receipts + rng.sample(receipts, (len(receipts) + 19) // 20)
    rng.shuffle(left)
    pushes: list[Push] = []
    start = 0
    while start < len(left):
        end = start + rng.randint(1, LARGEST)
        pushes.append(Push(message_type, body(left[start:end])))
        start = end
    return pushes


def delivered(rng: Random, sent: list[_Sent]) -> list[_Sent]:
    """What was sent in the order in which it arrives: shuffled, about one in ten sent again."""
    arriving = sent + rng.sample(sent, (len(sent) + 9) // 10)
    rng.shuffle(arriving)
    return arriving
