"""The work that is priced: pushes of so many receipts, and the queue trigger's events of so many such pushes."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import workload
from local.golden.bodies import compact
from local.golden.envelope import envelope
from local.golden.shapes import cloud_event, http_event
from local.stack import PUSH_TOKEN
from local.story import story
from local.story.post import Push

if TYPE_CHECKING:
    from collections.abc import Sequence

# As the made-up day has them: 1 to 8 receipts.
MIXED = 0
PUSHES = (1, 4, 8, 50)
PUSHES_OF_A_SIZE = 150


class Kind(NamedTuple):
    """Events of `ingest` that are alike: so many messages each, of pushes of so many receipts (`MIXED`: 1 to 8)."""

    messages: int
    per_push: int


# How many messages an event has follows from how many come in the trigger's window.
MESSAGES = 100
BY_MESSAGES = (Kind(1, MIXED), Kind(10, MIXED), Kind(MESSAGES, MIXED))
BY_PUSH = tuple(Kind(MESSAGES, size) for size in PUSHES)
KINDS = BY_MESSAGES + BY_PUSH


class Event(NamedTuple):
    """One event and the number of receipts in it."""

    event: bytes
    receipts: int


def events(kind: Kind) -> list[Event]:
    """Messages of one busy time, in events of that kind; the receipts of a call come close together."""
    wanted = MESSAGES * 2 if kind.per_push == MIXED else MESSAGES
    pushes = _mixed(wanted) if kind.per_push == MIXED else _of(kind.per_push, wanted)
    groups = [pushes[at : at + kind.messages] for at in range(0, wanted, kind.messages)]
    return [_event(group, number * kind.messages) for number, group in enumerate(groups)]


def warm_up() -> bytes:
    """An event of other calls, after which connections are open and everything is loaded."""
    return _event(story(workload.SEED - 1, 20, flawed=False).pushes, 0).event


def pushes(size: int) -> list[bytes]:
    """The HTTP trigger's events of pushes of so many receipts, of every type that tells a call."""
    return [
        json.dumps(http_event(f"/aliyun/{PUSH_TOKEN}/{push.message_type}", push.body.decode(), number=at)).encode()
        for at, push in enumerate(_of(size, PUSHES_OF_A_SIZE))
    ]


def _mixed(wanted: int) -> list[Push]:
    """Stretch after stretch, as B3's."""
    found: list[Push] = []
    while len(found) < wanted:
        seed = workload.SEED + len(found)
        found += story(seed, workload.CALLS_OF_A_STRETCH, flawed=False).pushes
    return found[:wanted]


def _of(size: int, wanted: int) -> list[Push]:
    """Pushes of exactly so many receipts each, of the calls of one busy time, in no order."""
    # Three receipts and more tell a call; what is left over of each type makes no push.
    calls = size * wanted // 3 + 20 * size
    receipts: dict[str, list[object]] = {}
    for push in story(workload.SEED, calls, flawed=False).pushes:
        if push.message_type in workload.OF_A_CALL:
            receipts.setdefault(push.message_type, []).extend(workload.receipts_in(push.body))
    cut = [
        Push(name, compact(all_[at : at + size]))
        for name, all_ in receipts.items()
        for at in range(0, len(all_) - size + 1, size)
    ]
    Random(workload.SEED).shuffle(cut)
    if len(cut) < wanted:
        raise ValueError(f"{len(cut)} pushes of {size} receipts, not {wanted}")
    return cut[:wanted]


def _event(pushes_: Sequence[Push], first: int) -> Event:
    messages = [
        cloud_event(envelope(push.message_type, push.body, number), number)
        for number, push in enumerate(pushes_, start=first)
    ]
    receipts = sum(1 for push in pushes_ for _ in workload.receipts_in(push.body))
    return Event(json.dumps(messages).encode(), receipts)
