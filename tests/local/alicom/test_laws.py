"""The law of the vendor's queues, in whatever order things happen.

No message is lost before it is deleted, and none is with two consumers at once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from mns.mns_exception import MNSClientNetworkException, MNSServerException

from local.cloud.alicom import AlicomServer, Terms, Thresholds, queue_name
from local.cloud.clock import ShiftedClock
from local.cloud.faults import Fault
from local.cloud.mns.attributes import QueueAttributes
from tests.local.alicom.support import KEY, TYPE, consumer

if TYPE_CHECKING:
    from tests.local.support import FakeClock

_VISIBILITY = 30
_CONSUMERS = 8
_MESSAGES = 600


def receive(queue: Any, most: int = 16) -> list[Any]:
    """What there is, maybe nothing."""
    try:
        return list(queue.batch_receive_message(most))
    except MNSServerException as error:
        assert error.type == "MessageNotExist"  # noqa: PT017 - an empty queue is no failure here
        return []
    except MNSClientNetworkException:
        # The SDK tries once more by itself, and met another fault.
        return receive(queue, most)


def failed_deletes(queue: Any, handles: list[str]) -> set[str]:
    """Delete what these handles hold; those that held nothing any more."""
    try:
        queue.batch_delete_message(handles)
    except MNSServerException as error:
        errors: Any = error.sub_errors
        assert {each["ErrorCode"] for each in errors} == {"MessageNotExist"}
        return {each["ReceiptHandle"] for each in errors}
    return set()


@dataclass
class Expected:
    """What a message is known to be. The time is the clock's seconds."""

    holds_until: float = 0.0
    handles: list[str] = field(default_factory=list)


class ConsumersMachine(RuleBasedStateMachine):
    """Two consumers with a token each, the vendor, and a clock."""

    def __init__(self, alicom: AlicomServer, consumers: tuple[Any, Any], clock: FakeClock) -> None:
        super().__init__()
        self.alicom, self.consumers, self.clock = alicom, consumers, clock
        self.name = queue_name(alicom.account, TYPE)
        # The same queue for every run: what the last one has left is drained first.
        clock.advance(_VISIBILITY)
        while got := receive(consumers[0]):
            consumers[0].batch_delete_message([each.receipt_handle for each in got])
        self.kept: dict[str, Expected] = {}
        self.counts: dict[str, int] = {}
        self.deletes = alicom.deletes(self.name)

    @rule(count=st.integers(1, 20))
    def send(self, count: int) -> None:
        """The vendor has news."""
        for _ in range(count):
            message_id = self.alicom.send(TYPE, "{}")
            self.kept[message_id], self.counts[message_id] = Expected(), 0

    @rule(who=st.integers(0, 1), most=st.integers(1, 16))
    def receive(self, who: int, most: int) -> None:
        """Exactly as many as nobody holds."""
        free = {key for key, it in self.kept.items() if it.holds_until <= self.clock.now}
        got = receive(self.consumers[who], most)
        ids = {each.message_id for each in got}
        assert len(ids) == len(got) == min(most, len(free))
        assert ids <= free
        for each in got:
            message = self.kept[each.message_id]
            message.holds_until = self.clock.now + _VISIBILITY
            message.handles.append(each.receipt_handle)
            self.counts[each.message_id] += 1

    @rule(who=st.integers(0, 1), data=st.data())
    def delete(self, who: int, data: st.DataObject) -> None:
        """Any handles that ever were, whoever got them: those that hold delete, the others are told."""
        owners = {handle: key for key, it in self.kept.items() for handle in it.handles}
        if not owners:
            return
        # Handles are random: they are picked by their place, so that a run can be done again.
        places = data.draw(st.lists(st.integers(0, 999), min_size=1, max_size=16))
        known = list(owners)
        handles = list(dict.fromkeys(known[place % len(known)] for place in places))
        good = {handle for handle in handles if self.holds(handle, owners[handle])}
        assert failed_deletes(self.consumers[who], handles) == set(handles) - good
        for handle in good:
            del self.kept[owners[handle]]
        self.deletes += len(good)

    def holds(self, handle: str, key: str) -> bool:
        """Whether it is the message's last handle, and in time."""
        message = self.kept[key]
        return message.handles[-1] == handle and message.holds_until > self.clock.now

    @rule(seconds=st.sampled_from([1, 10, _VISIBILITY]))
    def advance(self, seconds: int) -> None:
        """Time passes."""
        self.clock.advance(seconds)

    @invariant()
    def nothing_is_lost(self) -> None:
        """The queue holds what was sent and not deleted, and the book agrees."""
        assert self.alicom.left(self.name) == len(self.kept)
        assert self.alicom.deletes(self.name) == self.deletes
        counts = self.alicom.handed_out(self.name)
        assert all(counts.get(key, 0) == count for key, count in self.counts.items())


def test_no_message_is_lost_or_with_two_consumers(clock: FakeClock) -> None:
    """Any interleaving of receives, visibility time-outs and deletes agrees with the model."""
    # Hours pass by the fake clock, and the tokens' life with them.
    terms = Terms(life_seconds=10**8, thresholds=Thresholds(None, None, None), queue=QueueAttributes(_VISIBILITY))
    with (
        AlicomServer(key=KEY, clock=clock, terms=terms) as alicom,
        consumer(alicom) as one,
        consumer(alicom) as other,
    ):
        machine: Any = partial(ConsumersMachine, alicom, (one, other), clock)
        run_state_machine_as_test(
            machine, settings=settings(max_examples=25, stateful_step_count=25, deadline=None, database=None)
        )


def test_eight_consumers_at_once_drain_a_queue() -> None:
    """Each forgets to delete now and then and loses answers; nobody gets what another holds; nothing is lost."""
    clock = ShiftedClock()
    name = queue_name("1000000000000001", TYPE)

    def drain(number: int, *, forgetful: bool) -> list[str]:
        held: list[str] = []
        with consumer(alicom) as queue:
            while got := receive(queue):
                held += [each.message_id for each in got]
                kept = got[1:] if forgetful and (len(held) + number) % 2 else got
                if kept:
                    assert failed_deletes(queue, [each.receipt_handle for each in kept]) == set()
        return held

    with AlicomServer(key=KEY, clock=clock) as alicom:
        sent = {alicom.send(TYPE, "{}") for _ in range(_MESSAGES)}
        alicom.faults.plan(Fault(close_after=True), on="BatchReceiveMessage", skip=5, times=3)
        with ThreadPoolExecutor(_CONSUMERS) as pool:
            for forgetful in (True, True, False):
                left = alicom.left(name)
                drained = pool.map(partial(drain, forgetful=forgetful), range(_CONSUMERS))
                got = [message_id for each in drained for message_id in each]
                # Nobody's hold ends within a round, so nothing comes twice in it.
                assert len(set(got)) == len(got) <= left
                clock.shift += _VISIBILITY + 1
        assert alicom.left(name) == 0
        assert alicom.deletes(name) == _MESSAGES
        assert alicom.handed_out(name).keys() == sent
