"""A long queue is as quick as a short one, and loses nothing."""

from __future__ import annotations

import time

from local.cloud.alicom.ledger import QueueLedger
from local.cloud.alicom.neglect import Thresholds
from local.cloud.mns.attributes import QueueAttributes
from local.cloud.mns.message import Draft
from local.cloud.mns.queue import Queue
from tests.local.support import FakeClock

SHORT, LONG = 200, 20_000


def cost(messages: int) -> float:
    """CPU seconds for receiving and deleting some of so many messages, one by one; the best of three times."""
    ledger = QueueLedger(Thresholds())
    queue = Queue("receipts", QueueAttributes(), FakeClock(), ledger)
    sent = {each.message_id for each in queue.send(Draft(f"receipt {number}") for number in range(messages))}
    queue.peek(1)  # lets them all become visible, which is paid for once
    best, taken = float("inf"), []
    for _ in range(3):
        start = time.thread_time()
        for _ in range(SHORT // 4):
            (message,) = queue.receive(1, 0)
            queue.delete(message.handle or "")
            taken.append(message.message_id)
        best = min(best, time.thread_time() - start)
    while batch := queue.receive(16, 0):
        taken += [each.message_id for each in batch]
        for each in batch:
            queue.delete(each.handle or "")
    assert sorted(taken) == sorted(sent)
    assert ledger.counts() == dict.fromkeys(sent, 1)
    assert (ledger.deletes, sum(queue.depth())) == (messages, 0)
    return best


def test_twenty_thousand_messages_are_handed_out_at_the_price_of_two_hundred() -> None:
    """Each once. Looking through the queue at each receive or delete would make it ten times as dear."""
    assert cost(LONG) < 4 * cost(SHORT)
