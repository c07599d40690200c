"""Temporary keys to one queue each, kept until shortly before they end.

Source: Alibaba Cloud Dybaseapi 2017-05-25, QueryTokenForMnsQueue. Its times are on a clock in China, wherever this
runs. A token is kept per type and queue, as it is not said to open another one.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

from receipts.aliyun.rpc import ApiRefused, Unanswered
from receipts.credentials import Credentials
from receipts.errors import ReceiptsError
from receipts.refusal_codes import denied
from receipts.times import SECOND_MS
from receipts.vendor.fields import china_time_or_none

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.aliyun.rpc import Rpc

VERSION, ACTION = "2017-05-25", "QueryTokenForMnsQueue"
# The vendor's clock and this one differ, and a request may take as long as a long poll.
SPARE_MS = 2 * 60 * SECOND_MS
NAMES = ("AccessKeyId", "AccessKeySecret", "SecurityToken")


class Queue(NamedTuple):
    """One of the vendor's queues: the message type of all that is in it, and its name."""

    message_type: str
    name: str


class Token(NamedTuple):
    """Keys to a queue until `ends_at` (epoch milliseconds)."""

    keys: Credentials
    ends_at: int


class TokenRefused(ReceiptsError):
    """No token for a queue: the message names queue, type and what is likely to be the cause."""

    advice = "look at ALICOM_QUEUES, and at the rights of the function's role"

    def __init__(self, queue: Queue, why: str) -> None:
        super().__init__(f"no token for queue {queue.name} of type {queue.message_type}: {why}")


class _NoToken(Exception):
    """Why an attempt gave none."""


class _Place:
    """What is held for one queue, to be looked at by whoever has its lock.

    Attributes:
        lock: held while a token is asked for, by this queue's callers only.
        token: the latest one, if there is one that was not refused.
        why: why the latest attempt gave none; empty if it gave one.
        refusals: how many attempts gave none.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.token: Token | None = None
        self.why, self.refusals = "", 0


class Tokens:
    """The tokens of one account. Thread-safe: an answer that is slow to come holds up the callers of its queue only.

    Args:
        rpc: the way to the API. Several threads ask at once: the SDK keeps what a request is made of with the request,
            and its session's connections and cookies have locks of their own.
        clock: the time of day in epoch milliseconds.
    """

    def __init__(self, rpc: Rpc, clock: Callable[[], int]) -> None:
        self._rpc, self._clock = rpc, clock
        self._places: dict[Queue, _Place] = {}
        self._lock = threading.Lock()

    def of(self, queue: Queue) -> Credentials:
        """Keys to the queue that are good for two minutes more at least, or as fresh as there are.

        Raises:
            TokenRefused: there are none to be had.
        """
        place = self._place(queue)
        refusals = place.refusals
        with place.lock:
            # A caller that waited while another one was refused takes that refusal: if all fifty asked one after the
            # other, they would wait fifty times as long.
            waited_for_it = place.why and place.refusals != refusals
            if not waited_for_it and (place.token is None or self._clock() >= place.token.ends_at - SPARE_MS):
                self._renew(queue, place)
            # An old one does as long as it lasts.
            if place.token is None or (place.why and self._clock() >= place.token.ends_at):
                raise TokenRefused(queue, place.why)
            return place.token.keys

    def drop(self, queue: Queue, keys: Credentials) -> None:
        """Forget keys that the queue refuses."""
        place = self._place(queue)
        with place.lock:
            if place.token is not None and place.token.keys == keys:
                place.token = None

    def close(self) -> None:
        """Close the connections to the API."""
        self._rpc.close()

    def _place(self, queue: Queue) -> _Place:
        with self._lock:
            return self._places.setdefault(queue, _Place())

    def _renew(self, queue: Queue, place: _Place) -> None:
        try:
            place.token, place.why = self._fetched(queue), ""
        except _NoToken as none:
            place.why = str(none)
            place.refusals += 1

    def _fetched(self, queue: Queue) -> Token:
        asked = {"MessageType": queue.message_type, "QueueName": queue.name}
        try:
            answer = self._rpc.asked(VERSION, ACTION, asked).get("MessageTokenDTO")
        except ApiRefused as refused:
            told = f"{refused} to dybase:{ACTION}" if denied(refused.code) else str(refused)
            raise _NoToken(f"{told}. Is the type switched on, the name right, the role allowed?") from None
        except Unanswered as unanswered:
            raise _NoToken(f"{unanswered}. Is ALICOM_API_ENDPOINT right, and reachable?") from None
        fields = answer if isinstance(answer, dict) else {}
        keys = [fields.get(name) for name in NAMES]
        if not all(isinstance(key, str) and key for key in keys):
            raise _NoToken("the API's answer holds none")
        return Token(Credentials(*map(str, keys)), self._ends_at(fields.get("ExpireTime")))

    def _ends_at(self, told: object) -> int:
        try:
            at = china_time_or_none(told)
        except ValueError:
            at = None
        # A token whose end cannot be read is asked for again the next time.
        return self._clock() if at is None else at
