"""Which way each receipt comes: it is pushed, stands in the vendor's queue, or both."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from local.story import flaws
from local.story.post import body
from local.story.queue_forms import QUEUE_FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from local.story.world import Receipt

PUSH, QUEUE, BOTH = WAYS = ("push", "queue", "both")
WEIGHTS = (50, 30, 20)
# Documented for queues only.
NEVER_PUSHED = "SecretExceptionPhoneReport"


class Queued(NamedTuple):
    """One message of the vendor's queue of a type: its body, before the vendor puts it in Base64."""

    message_type: str
    body: bytes


class Ways(NamedTuple):
    """How many different receipts come by push alone, by queue alone, and by both."""

    push: int
    queue: int
    both: int


class Division(NamedTuple):
    """The receipts to be pushed, by type, the messages of the queues, and how many receipts come which way."""

    pushed: dict[str, list[Receipt]]
    queued: list[Queued]
    ways: Ways


def all_pushed(mail: Mapping[str, list[Receipt]]) -> Division:
    """Nothing stands in a queue."""
    return Division(dict(mail), [], Ways(sum(map(len, mail.values())), 0, 0))


def divided(rng: Random, mail: Mapping[str, list[Receipt]]) -> Division:
    """Each receipt of a call takes a way of its own, so that most calls are told by both; the rest is pushed."""
    pushed: dict[str, list[Receipt]] = {}
    queued: list[Queued] = []
    taken: Counter[str] = Counter()
    for message_type, receipts in mail.items():
        pushed[message_type] = []
        for number, receipt in enumerate(receipts):
            way = _way(rng, message_type, number)
            taken[way] += 1
            if way != QUEUE:
                pushed[message_type].append(receipt)
            if way != PUSH:
                queued.append(Queued(message_type, body(QUEUE_FORMS[message_type](receipt))))
    return Division(pushed, queued, Ways(*(taken[way] for way in WAYS)))


def _way(rng: Random, message_type: str, number: int) -> str:
    if message_type == NEVER_PUSHED:
        return QUEUE
    # The poison's neighbours come in its push alone.
    neighbour = message_type == "SecretReport" and number < flaws.NEIGHBOURS
    if neighbour or message_type not in QUEUE_FORMS:
        return PUSH
    return rng.choices(WAYS, WEIGHTS)[0]
