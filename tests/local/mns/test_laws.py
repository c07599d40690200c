"""The law of a queue, in whatever order things happen.

No message is lost before it is deleted or too old, and none is with two receivers at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from mns.mns_exception import MNSServerException
from mns.queue import Message, QueueMeta

from local.cloud.mns import Depth

if TYPE_CHECKING:
    from local.cloud.mns import MnsServer
    from tests.local.support import FakeClock

_VISIBILITY = 10
_RETENTION = 60


@dataclass
class Expected:
    """What a message is known to be. Times are the clock's seconds."""

    body: str
    priority: int
    sent_at: float
    visible_at: float
    handle: str | None = None
    spent: list[str] = field(default_factory=list)


class QueueMachine(RuleBasedStateMachine):
    """Does things to a queue through the SDK and knows what must come of them."""

    serial = 0

    def __init__(self, account: Any, server: MnsServer, clock: FakeClock) -> None:
        super().__init__()
        QueueMachine.serial += 1
        self.name = f"law-{self.serial}"
        self.queue = account.get_queue(self.name)
        self.queue.create(QueueMeta(vis_timeout=_VISIBILITY, msg_ttl=_RETENTION))
        self.queue.set_encoding(False)
        self.server, self.clock = server, clock
        self.kept: list[Expected] = []
        self.sent = 0

    def visible(self) -> list[Expected]:
        """What can be received now."""
        return [e for e in self.kept if e.visible_at <= self.clock.now]

    @rule(count=st.integers(1, 3), delay=st.integers(0, 15), priority=st.sampled_from([1, 8, 16]))
    def send(self, count: int, delay: int, priority: int) -> None:
        """One message, or a batch."""
        bodies = [f"m{self.sent + n}" for n in range(count)]
        self.sent += count
        messages = [Message(body, delay_seconds=delay, priority=priority) for body in bodies]
        if count == 1:
            self.queue.send_message(messages[0])
        else:
            self.queue.batch_send_message(messages)
        now = self.clock.now
        self.kept += [Expected(body, priority, now, now + delay) for body in bodies]

    @rule(most=st.integers(1, 4))
    def receive(self, most: int) -> None:
        """Exactly as many as there are, the urgent ones first, none that somebody holds."""
        able = self.visible()
        try:
            got = self.queue.batch_receive_message(most)
        except MNSServerException as error:
            assert error.type == "MessageNotExist"  # noqa: PT017 - compared with the model below
            got = []
        assert len(got) == min(most, len(able))
        assert len({m.message_body for m in got}) == len(got)
        assert [m.priority for m in got] == sorted(e.priority for e in able)[: len(got)]
        known = {e.body: e for e in able}
        for message in got:
            held = known[message.message_body]
            if held.handle:
                held.spent.append(held.handle)
            held.handle = message.receipt_handle
            held.visible_at = self.clock.now + _VISIBILITY

    @rule(pick=st.integers(0), seconds=st.integers(1, 20))
    def change_visibility(self, pick: int, seconds: int) -> None:
        """Longer or shorter, under a new handle."""
        if held := self.pick(pick):
            assert held.handle is not None
            changed = self.queue.change_message_visibility(held.handle, seconds)
            held.spent.append(held.handle)
            held.handle = changed.receipt_handle
            held.visible_at = self.clock.now + seconds

    @rule(pick=st.integers(0))
    def delete(self, pick: int) -> None:
        """With a valid handle: gone for ever."""
        if held := self.pick(pick):
            self.queue.delete_message(held.handle)
            self.kept.remove(held)

    @rule(pick=st.integers(0))
    def delete_in_vain(self, pick: int) -> None:
        """With a handle that is spent or whose time is over: refused, and the message stays."""
        void = [handle for e in self.kept for handle in e.spent]
        void += [e.handle for e in self.visible() if e.handle]
        if void:
            try:
                self.queue.delete_message(void[pick % len(void)])
            except MNSServerException as error:
                assert error.type == "MessageNotExist"  # noqa: PT017 - the else branch is the failure
            else:
                raise AssertionError("a spent handle deleted a message")

    @rule(seconds=st.sampled_from([1, 5, _VISIBILITY, 25]))
    def advance(self, seconds: int) -> None:
        """Time passes; what is too old is gone."""
        self.clock.advance(seconds)
        self.kept = [e for e in self.kept if e.sent_at + _RETENTION > self.clock.now]

    @invariant()
    def nothing_is_lost(self) -> None:
        """The queue holds exactly what was sent and neither deleted nor too old, each in its state."""
        assert sorted(self.server.peek_all(self.name)) == sorted(e.body for e in self.kept)
        active = len(self.visible())
        inactive = sum(e.handle is not None and e.visible_at > self.clock.now for e in self.kept)
        assert self.server.depth(self.name) == Depth(active, inactive, len(self.kept) - active - inactive)

    def pick(self, number: int) -> Expected | None:
        """One of the messages that somebody holds."""
        held = [e for e in self.kept if e.handle and e.visible_at > self.clock.now]
        return held[number % len(held)] if held else None


def test_no_message_is_lost_or_held_twice(account: Any, server: MnsServer, clock: FakeClock) -> None:
    """Any interleaving of send, receive, delete, change of visibility and passing time agrees with the model."""
    machine: Any = partial(QueueMachine, account, server, clock)
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=40, stateful_step_count=30, deadline=None, database=None),
    )
