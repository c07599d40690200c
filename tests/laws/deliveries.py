"""Receipts of a made-up day, and every way in which they may be delivered."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from local.story import story
from tests.store.support import push

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from local.story import Push
    from receipts.journal.envelope import Envelope

Batch = list["Envelope"]


class Receipt(NamedTuple):
    """One good receipt and its message type."""

    message_type: str
    sent: dict[str, Any]


def taken_apart(pushes: Iterable[Push]) -> tuple[list[Receipt], list[Envelope]]:
    """The receipts of the pushes, each once; and what is no receipt or a bad one, a message for each sighting."""
    receipts: dict[str, Receipt] = {}
    bad: list[Envelope] = []
    for number, (message_type, body) in enumerate(pushes, 1):
        try:
            sent = json.loads(body)
        except ValueError:
            bad.append(push(message_type, body, number))
            continue
        for place, one in enumerate(sent):
            if message_type == "SecretFutureReport" or ("call_id" not in one and message_type == "SecretReport"):
                bad.append(push(message_type, one, number * 100 + place))
            elif "25:61" in json.dumps(one):
                bad.append(push(message_type, [one], number * 100 + place))
            else:
                receipts[message_type + json.dumps(one, sort_keys=True)] = Receipt(message_type, one)
    return list(receipts.values()), bad


RECEIPTS, BAD = taken_apart(story(20261120, calls=11).pushes)
UNITS: list[Receipt | Envelope] = [*RECEIPTS, *BAD]


def one_by_one(units: Iterable[Receipt | Envelope]) -> Batch:
    """Every receipt in a message of its own, as a queue carries it."""
    return [
        push(unit.message_type, unit.sent, 10_000 + number) if isinstance(unit, Receipt) else unit
        for number, unit in enumerate(units)
    ]


def in_arrays(units: Iterable[Receipt | Envelope]) -> Batch:
    """Neighbours of one type in one message, as a push carries them."""
    batch: Batch = []
    ordered = sorted(units, key=lambda unit: unit.message_type if isinstance(unit, Receipt) else "")
    for message_type, same in groupby(ordered, key=lambda unit: unit[0] if isinstance(unit, Receipt) else ""):
        members = list(same)
        if message_type:
            batch.append(push(message_type, [unit.sent for unit in members if isinstance(unit, Receipt)], 20_000))
        else:
            batch += [unit for unit in members if not isinstance(unit, Receipt)]
    return batch


def shuffled(units: Sequence[Receipt | Envelope], rng: Random) -> list[Batch]:
    """The units in any order, some of them again, in any number of batches, as pushes and as queue messages."""
    order = [*units, *rng.choices(units, k=rng.randint(0, len(units)))]
    rng.shuffle(order)
    batches: list[Batch] = []
    while order:
        size = rng.randint(1, len(order))
        form = rng.choice((one_by_one, in_arrays))
        batches.append(form(order[:size]))
        order = order[size:]
    return batches


@st.composite
def slices(draw: st.DrawFn) -> list[Receipt | Envelope]:
    """A slice of the day."""
    chosen = draw(st.lists(st.integers(0, len(UNITS) - 1), min_size=1, max_size=40, unique=True))
    return [UNITS[place] for place in chosen]
