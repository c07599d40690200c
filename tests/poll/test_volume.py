"""Twenty thousand messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.poll.support import RECEIVE
from tests.store.support import started

if TYPE_CHECKING:
    from tests.poll.support import Vendor

MESSAGES, CALLS = 20_000, 500


def test_twenty_thousand_messages_and_none_is_lost(vendor: Vendor) -> None:
    """Each was handed out once, stored, counted and deleted; every call is there."""
    queues = [vendor.open("SecretStartReport"), vendor.open("SecretStartReport")]
    copies = MESSAGES // CALLS // len(queues)
    for queue in queues:
        for call in range(CALLS):
            vendor.send(queue, *[started(f"c{call}")] * copies)
    counts = vendor.poll(*queues, consumers=2)
    assert counts.items() >= {"messages": MESSAGES, "receipts": MESSAGES, "letters": 0, "left": 0}.items()
    assert vendor.left(*queues) == 0
    assert sum(vendor.alicom.deletes(queue.name) for queue in queues) == MESSAGES
    for queue in queues:
        assert list(vendor.alicom.handed_out(queue.name).values()) == [1] * (MESSAGES // 2)
    assert set(vendor.store.calls()) == {f"c{call}" for call in range(CALLS)}
    assert vendor.asked(RECEIVE) <= MESSAGES // 16 + 2 * 8
    assert vendor.trouble == []
