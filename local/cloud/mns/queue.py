"""One queue in memory: who may receive which message when."""

from __future__ import annotations

import heapq
import itertools
import secrets
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple, Protocol

from local.cloud.mns.errors import MnsError
from local.cloud.mns.handles import is_handle, new_handle
from local.cloud.mns.message import Draft, Message

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Callable, Iterable

    from local.cloud.mns.attributes import QueueAttributes

# A clock that a test holds still must not make a long poll spin.
_SHORTEST_WAIT = 0.005
# Heaps are swept when more than half of what they hold, and more than this, is out of date.
_SWEEP_ABOVE = 64

# What a heap sorts by, then the order of arrival.
_Entry = tuple[int, int, Message]


class Depth(NamedTuple):
    """How many messages can be received, are with a receiver, or are not due yet."""

    active: int
    inactive: int
    delayed: int


class Ledger(Protocol):
    """Keeps the book on a queue's messages. It is called with the queue locked: it must not call the queue."""

    def handed_out(self, message: Message, now: int) -> None:
        """A receiver was given `message`, at `now` (epoch milliseconds) by the queue's clock."""

    def deleted(self, message: Message, now: int) -> None:
        """A receiver has deleted `message`."""

    def expired(self, message: Message) -> None:
        """`message` has become too old."""


class Queue:
    """A queue; safe for any number of threads.

    Messages never change: a receive or a change of visibility puts a new state in the place of the old
    one. `_messages` holds the present state of each, oldest first. A heap entry counts only as long as
    it holds the present state, so nothing has to be searched for in a heap.
    """

    def __init__(
        self, name: str, attributes: QueueAttributes, clock: Callable[[], float], ledger: Ledger | None = None
    ) -> None:
        self.name = name
        self.attributes = attributes
        self.created_at = self.modified_at = int(clock())
        self._clock = clock
        self._ledger = ledger
        self._changed = threading.Condition()
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._holders: dict[str, str] = {}  # handle -> message id
        self._ready: list[_Entry] = []  # by priority
        self._later: list[_Entry] = []  # by visible_at
        self._order = itertools.count()
        self._deleted = False
        self._stopping = False

    def configure(self, wanted: ET.Element) -> None:
        """Use other settings from now on, as a `Queue` element names them; MnsError if they are not valid."""
        with self._changed:
            self.attributes = self.attributes.changed_by(wanted)
            self.modified_at = int(self._clock())
            self._changed.notify_all()

    def send(self, drafts: Iterable[Draft]) -> list[Message]:
        """Put messages in, in this order."""
        with self._changed:
            now = self._settle()
            sent = []
            for draft in drafts:
                delay = self.attributes.delay_seconds if draft.delay is None else draft.delay
                message_id = secrets.token_hex(16).upper()
                message = Message(message_id, draft.body, draft.priority, now, now + delay * 1000)
                self._place(message)
                sent.append(message)
            self._changed.notify_all()
            return sent

    def receive(self, most: int, wait: float) -> list[Message]:
        """Take up to `most` messages; if there is none, wait up to `wait` seconds for the first one.

        The wait ends by real time or by the queue's clock, whichever is first.
        """
        by_watch, by_clock = time.monotonic() + wait, self._clock() + wait
        with self._changed:
            while True:
                now = self._settle()
                taken = [self._take(entry[2], now) for entry in self._next_ready(most)]
                left = min(by_watch - time.monotonic(), by_clock - self._clock())
                if taken or left <= 0 or self._stopping:
                    return taken
                self._changed.wait(min(left, self._until_next(now)))

    def peek(self, most: int) -> list[Message]:
        """Up to `most` messages that could be received now, left as they are."""
        with self._changed:
            self._settle()
            entries = self._next_ready(most)
            for entry in entries:
                heapq.heappush(self._ready, entry)
            return [entry[2] for entry in entries]

    def delete(self, handle: str) -> None:
        """Remove the message that `handle` holds.

        Raises:
            MnsError: ReceiptHandleError for what never was a handle; MessageNotExist for one that is spent.
        """
        with self._changed:
            message, now = self._held(handle)
            self._forget(message)
            if self._ledger is not None:
                self._ledger.deleted(message, now)

    def change_visibility(self, handle: str, seconds: int) -> Message:
        """Let the message be received in `seconds` from now; the handle is replaced. Raises as `delete`."""
        with self._changed:
            message, now = self._held(handle)
            changed = self._hand_out(message, now + seconds * 1000)
            self._changed.notify_all()
            return changed

    def depth(self) -> Depth:
        """How many messages there are, by state."""
        with self._changed:
            now = self._settle()
            hidden = [message for message in self._messages.values() if message.visible_at > now]
            inactive = sum(message.dequeue_count > 0 for message in hidden)
            return Depth(len(self._messages) - len(hidden), inactive, len(hidden) - inactive)

    def bodies(self) -> list[str]:
        """The bodies of all messages in whatever state, oldest first."""
        with self._changed:
            self._settle()
            return [message.body for message in self._messages.values()]

    def wake(self, *, deleted: bool = False, stopping: bool = False) -> None:
        """Let whoever waits look again: the clock moved, the queue is gone, or waiting is over for good."""
        with self._changed:
            self._deleted |= deleted
            self._stopping |= stopping
            self._changed.notify_all()

    # What follows is called with the lock held.

    def _settle(self) -> int:
        """Bring the state up to the present and return that."""
        if self._deleted:
            raise MnsError("QueueNotExist")
        now = int(self._clock() * 1000)
        expired_from = now - self.attributes.message_retention_period * 1000
        while self._messages and (oldest := next(iter(self._messages.values()))).enqueued_at <= expired_from:
            self._forget(oldest)
            if self._ledger is not None:
                self._ledger.expired(oldest)
        for heap in (self._ready, self._later):
            if len(heap) > _SWEEP_ABOVE + 2 * len(self._messages):
                heap[:] = [entry for entry in heap if self._is_present(entry[2])]
                heapq.heapify(heap)
        while self._later and self._later[0][0] <= now:
            message = heapq.heappop(self._later)[2]
            if self._is_present(message):
                heapq.heappush(self._ready, (message.priority, next(self._order), message))
        return now

    def _next_ready(self, most: int) -> list[_Entry]:
        """Up to `most` entries off the ready heap; the caller has to place them, or their messages, anew."""
        found: list[_Entry] = []
        while self._ready and len(found) < most:
            entry = heapq.heappop(self._ready)
            if self._is_present(entry[2]):
                found.append(entry)
        return found

    def _take(self, message: Message, now: int) -> Message:
        counted = message._replace(
            dequeue_count=message.dequeue_count + 1, first_dequeued_at=message.first_dequeued_at or now
        )
        taken = self._hand_out(counted, now + self.attributes.visibility_timeout * 1000)
        if self._ledger is not None:
            self._ledger.handed_out(taken, now)
        return taken

    def _hand_out(self, message: Message, visible_at: int) -> Message:
        self._holders.pop(message.handle or "", None)
        held = message._replace(handle=(handle := new_handle()), visible_at=visible_at)
        self._holders[handle] = message.message_id
        self._place(held)
        return held

    def _place(self, message: Message) -> None:
        self._messages[message.message_id] = message
        heapq.heappush(self._later, (message.visible_at, next(self._order), message))

    def _held(self, handle: str) -> tuple[Message, int]:
        now = self._settle()
        if not is_handle(handle):
            raise MnsError("ReceiptHandleError")
        message = self._messages.get(self._holders.get(handle, ""))
        if message is None or message.visible_at <= now:
            raise MnsError("MessageNotExist")
        return message, now

    def _forget(self, message: Message) -> None:
        del self._messages[message.message_id]
        self._holders.pop(message.handle or "", None)

    def _is_present(self, message: Message) -> bool:
        return self._messages.get(message.message_id) is message

    def _until_next(self, now: int) -> float:
        """Seconds until a message becomes visible or expires by the queue's clock."""
        if not self._later:
            return threading.TIMEOUT_MAX
        return max((self._later[0][0] - now) / 1000, _SHORTEST_WAIT)
