"""Law 1, Order, across pushes and queues: whichever way each receipt takes, or both, the rows are the same."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from tests.laws.deliveries import UNITS, in_arrays, one_by_one
from tests.poll.support import apart_from_deliveries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from receipts.alicom.tokens import Queue
    from receipts.journal.envelope import Envelope
    from tests.laws.deliveries import Receipt
    from tests.poll.support import Vendor


class Queues:
    """A queue for each type that there is a message of."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self.by_type: dict[str, Queue] = {}

    def send(self, messages: Sequence[Envelope], rng: random.Random) -> None:
        """Each as JSON or in Base64."""
        for one in messages:
            queue = self.by_type.get(one.type)
            if queue is None:
                queue = self.by_type[one.type] = self._vendor.open(one.type)
            # What begins with no bracket is Base64 to whoever sends it.
            self._vendor.send(queue, one.body, plain=one.body[:1] in b"[{" and rng.random() < 0.5)

    def poll(self, rng: random.Random) -> None:
        """All of them, in any order, by any number of consumers."""
        queues = list(self.by_type.values())
        rng.shuffle(queues)
        self._vendor.poll(*queues, consumers=rng.randint(1, 4))
        assert self._vendor.left(*queues) == 0


def ways(rng: random.Random) -> dict[str, list[Receipt | Envelope]]:
    """Which receipts are pushed and which are queued: each in one way at least, in any order."""
    taken: dict[str, list[Receipt | Envelope]] = defaultdict(list)
    for unit in UNITS:
        for way in rng.choice((("pushed",), ("queued",), ("pushed", "queued"))):
            taken[way].append(unit)
    for units in taken.values():
        rng.shuffle(units)
    return taken


@pytest.mark.parametrize("seed", range(4))
def test_law_order_of_pushes_and_queues(vendor: Vendor, seed: int) -> None:
    """Any split of the day over both ways, in turns of any size: every column is that of the day pushed at once."""
    rng = random.Random(seed)
    vendor.store.take_in(one_by_one(UNITS))
    reference = apart_from_deliveries(vendor.store.drained())
    taken, queues = ways(rng), Queues(vendor)
    while any(taken.values()):
        way = rng.choice([way for way, units in taken.items() if units])
        size = rng.randint(1, 1 + len(UNITS) // 2)
        units, taken[way] = taken[way][:size], taken[way][size:]
        messages = rng.choice((one_by_one, in_arrays))(units)
        if way == "pushed":
            vendor.store.take_in(messages)
        else:
            queues.send(messages, rng)
            queues.poll(rng)
    assert apart_from_deliveries(vendor.store.tables()) == reference


def test_law_order_of_a_day_that_is_only_queued(vendor: Vendor) -> None:
    """Nothing needs a push."""
    vendor.store.take_in(one_by_one(UNITS))
    reference = apart_from_deliveries(vendor.store.drained())
    rng, queues = random.Random(7), Queues(vendor)
    queues.send(one_by_one(UNITS), rng)
    queues.poll(rng)
    assert apart_from_deliveries(vendor.store.tables()) == reference
