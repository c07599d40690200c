"""The vendor's queues beside a store, on a clock that is moved by hand; and what a poll does with them."""

from __future__ import annotations

import itertools
import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from local.cloud.alicom import AlicomServer
from receipts.alicom.draining import Means, drained
from receipts.alicom.storing import ThreadStorer
from receipts.alicom.tokens import Queue, Tokens
from receipts.aliyun.rpc import Rpc
from receipts.credentials import Credentials
from receipts.settings import QueueSettings, StoreSettings
from tests.store.support import KEY, RECEIVED_AT, RULES, Store, running
from tests.store.support import Clock as Stillness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.cloud.alicom import Terms
    from receipts.errors import ReceiptsError
    from tests.store.support import Row, Tables

TYPE = "SecretReport"
TOKEN, RECEIVE, DELETE = "QueryTokenForMnsQueue", "BatchReceiveMessage", "BatchDeleteMessage"
KEYS = Credentials(KEY.key_id, KEY.secret)
# Beyond the time for which a message that was received is hidden.
HIDDEN_SECONDS = 31
# What a letter tells of its deliveries.
DELIVERIES = ("first_seen_at", "last_seen_at", "sightings", "seen", "revision")


class Clock:
    """Epoch seconds."""

    def __init__(self) -> None:
        self.now = RECEIVED_AT / 1000

    def time(self) -> float:
        """The time."""
        return self.now

    def ms(self) -> int:
        """The time in milliseconds."""
        return round(self.now * 1000)


class Vendor:
    """The vendor's servers, the store that receipts end in, and the product between them.

    Attributes:
        alicom: the vendor's queues.
        store: the store.
        clock: what queues and tokens go by.
        trouble: the queues that were left alone, with why.
    """

    def __init__(self, alicom: AlicomServer, store: Store, clock: Clock) -> None:
        self.alicom, self.store, self.clock = alicom, store, clock
        self.trouble: list[tuple[Queue, str]] = []
        self._numbers = itertools.count(1)
        self._tokens: list[Tokens] = []

    def open(self, message_type: str = TYPE) -> Queue:
        """A queue of its own."""
        return Queue(message_type, self.alicom.open_queue(message_type, next(self._numbers)))

    def send(self, queue: Queue, *values: Any, plain: bool = False) -> list[str]:
        """A message for each value, bytes as they are, anything else as JSON; their ids."""
        bodies = [value if isinstance(value, bytes) else json.dumps(value).encode() for value in values]
        return [self.alicom.send(queue.message_type, body, queue.name, plain=plain) for body in bodies]

    def tokens(self, clock: Callable[[], int] | None = None, keys: Credentials = KEYS) -> Tokens:
        """The product's tokens."""
        tokens = Tokens(Rpc(self.alicom.endpoint, "cn-hangzhou", keys), clock or self.clock.ms)
        self._tokens.append(tokens)
        return tokens

    def storer(self) -> ThreadStorer:
        """The product's way to the store; waiting costs no time."""
        stillness, told = Stillness(), self.store.environment()
        return ThreadStorer(
            store=StoreSettings.read(told),
            queue=QueueSettings.read(told),
            rules=RULES,
            keys=self.store.keys,
            clock=time.time,
            monotonic=stillness.monotonic,
            sleep=stillness.sleep,
            chance=lambda: 0.5,
        )

    def poll(
        self,
        *queues: Queue,
        tokens: Tokens | None = None,
        consumers: int = 1,
        out_of_time: Callable[[], bool] = lambda: False,
        wait_seconds: int = 0,
        endpoint: str = "",
    ) -> dict[str, int]:
        """The counts of one poll, that does not wait for empty queues unless it is told to; at another address, too."""
        done = drained(
            queues,
            Means(
                endpoint=endpoint or self.alicom.mns_endpoint,
                tokens=tokens or self.tokens(),
                storer=self.storer,
                wait_seconds=wait_seconds,
                consumers=consumers,
                out_of_time=out_of_time,
                trouble=self._left_alone,
            ),
        )
        return {**done.summary.counts(), **done.counts}

    def left(self, *queues: Queue) -> int:
        """How many messages are in the queues."""
        return sum(self.alicom.left(queue.name) for queue in queues)

    def pass_by(self, seconds: float = HIDDEN_SECONDS) -> None:
        """Let time pass; by default until what was received and not deleted can be received again."""
        self.clock.now += seconds
        self.alicom.tick()

    def asked(self, operation: str) -> int:
        """How often the vendor was asked for it."""
        return self.alicom.faults.calls[operation]

    def close(self) -> None:
        """Close every connection to the vendor."""
        for tokens in self._tokens:
            tokens.close()

    def _left_alone(self, queue: Queue, error: ReceiptsError) -> None:
        self.trouble.append((queue, str(error)))


@contextmanager
def vendor_beside(store: Store, terms: Terms | None = None) -> Iterator[Vendor]:
    """The vendor's servers beside an empty store."""
    clock = Clock()
    with AlicomServer(key=KEY, clock=clock.time, terms=terms) as alicom:
        vendor = Vendor(alicom, store, clock)
        yield vendor
        vendor.close()


@contextmanager
def vendor_alone(terms: Terms | None = None) -> Iterator[Vendor]:
    """The vendor's servers and a store of their own."""
    with running() as store, vendor_beside(store, terms) as vendor:
        yield vendor


def letter_of(row: Row) -> Row:
    """A letter without what tells of its deliveries."""
    return {name: value for name, value in row.items() if name not in DELIVERIES}


def apart_from_deliveries(tables: Tables) -> Tables:
    """The rows, in which two ways of the same receipts do not differ."""
    return {**tables, "dead_letters": [letter_of(row) for row in tables["dead_letters"]]}
