"""The loopback servers of the vendor's queues: one gives tokens, one has the queues."""

from __future__ import annotations

import base64
import contextlib
import re
import time
from typing import TYPE_CHECKING

from local.cloud.alicom.gate import Gate, Keys
from local.cloud.alicom.ledger import QueueLedger
from local.cloud.alicom.names import MESSAGE_TYPES, queue_name
from local.cloud.alicom.terms import Terms
from local.cloud.alicom.token_api import QueueTokens
from local.cloud.alicom.tokens import Tokens
from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer
from local.cloud.mns import MnsServer
from local.cloud.mns.message import Draft
from local.cloud.mns.queues import Queues
from local.cloud.rpc.gateway import Gateway

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from typing_extensions import Self

    from local.cloud.access import AccessKey
    from local.cloud.mns import Depth
    from local.cloud.ram import Identities
    from local.cloud.rpc.signature import Keyring

ACCOUNT = "1000000000000001"
# What no answer in XML can carry.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AlicomServer:
    """The queues of receipts of one account, which belong to the vendor, on 127.0.0.1; also a context manager.

    `faults` is for both servers: their operations have different names. Refusals of the token API are faults too,
    with status 200: `isp.RAM_PERMISSION_DENY`, `isv.FLOW_LIMIT`.

    Args:
        key: the key that callers of the token API sign with, all keys of the account with their rights, or who
            decides about keys.
        vendor: the key that the vendor sends with over HTTP; None leaves sending to `send`.
        account: the number of their account.
        opened: the types that have their default queue from the start.
        faults: what is to go wrong.
        clock: epoch seconds that the life of tokens and messages goes by; after moving it, call `tick`.
        stamps: epoch seconds that the time stamps of requests are judged by.
        terms: what the vendor decides; None for the defaults.
    """

    def __init__(  # noqa: PLR0913 - by name, and most have a default
        self,
        *,
        key: AccessKey | Identities | Keyring,
        vendor: AccessKey | None = None,
        account: str = ACCOUNT,
        opened: Iterable[str] = MESSAGE_TYPES,
        faults: Faults | None = None,
        clock: Callable[[], float] = time.time,
        stamps: Callable[[], float] = time.time,
        terms: Terms | None = None,
    ) -> None:
        self.account = account
        self.faults = faults = faults or Faults()
        self._terms = terms = terms or Terms()
        self._types: dict[str, str] = {}  # of each queue, by its name
        self._ledgers: dict[str, QueueLedger] = {}
        self._queues = Queues(clock)
        tokens = Tokens(clock, terms.life_seconds, terms.expired)
        keys = Keys(tokens, vendor)
        gate = Gate(keys, self._ledgers, terms, clock, faults.pause)
        self._mns = MnsServer(key=keys, faults=faults, stamps=stamps, queues=self._queues, guard=gate)
        api = QueueTokens(account, self._types, tokens, terms.codes)
        self._api = LoopbackServer(Gateway([api], key, stamps), faults)
        self._running = contextlib.ExitStack()
        for message_type in opened:
            self.open_queue(message_type)

    @property
    def endpoint(self) -> str:
        """Where the token API is: `http://127.0.0.1:<port>`, without a trailing slash."""
        return self._api.endpoint

    @property
    def mns_endpoint(self) -> str:
        """Where the queues are, likewise."""
        return self._mns.endpoint

    @property
    def queues(self) -> dict[str, str]:
        """The type of receipt of each queue, by the queue's name."""
        return dict(self._types)

    def open_queue(self, message_type: str, number: int | None = None) -> str:
        """Make the default queue of a type, or the further one with this number, if it is not there; its name."""
        name = queue_name(self.account, message_type, number)
        if name not in self._ledgers:
            ledger = QueueLedger(self._terms.thresholds)
            self._queues.add(name, self._terms.queue, ledger)
            self._ledgers[name] = ledger
            self._types[name] = message_type
        return name

    def close_queue(self, queue: str) -> None:
        """Remove a queue with what is in it; KeyError if there is none."""
        del self._types[queue]
        del self._ledgers[queue]
        self._queues.delete(queue)

    def send(self, message_type: str, body: bytes | str, queue: str | None = None, *, plain: bool = False) -> str:
        """Put a message in.

        Args:
            message_type: the type of receipt.
            body: what the receiver is to find, after it has undone the Base64; text is sent as UTF-8.
            queue: the name of one of the type's further queues; None for its default queue.
            plain: send `body`, which has to be UTF-8, as it is instead of in Base64.

        Returns:
            The message's id.

        Raises:
            KeyError: there is no such queue of that type.
            ValueError: no queue can carry this: more than 64 KB, or characters that XML does not have.
        """
        name = queue or queue_name(self.account, message_type)
        if self._types[name] != message_type:
            raise KeyError(name)
        raw = body.encode() if isinstance(body, str) else body
        draft = Draft(raw.decode() if plain else base64.b64encode(raw).decode("ascii"))
        if draft.size > self._terms.queue.maximum_message_size or _NOT_XML.search(draft.body):
            raise ValueError("no queue can carry this body")
        return self._queues.get(name).send([draft])[0].message_id

    def depth(self, queue: str) -> Depth:
        """How many messages of `queue` are active, inactive and delayed; MnsError if there is no such queue."""
        return self._mns.depth(queue)

    def left(self, queue: str) -> int:
        """How many messages are in `queue`, whatever their state; MnsError as `depth`."""
        return sum(self.depth(queue))

    def bodies(self, queue: str) -> list[str]:
        """What is in `queue`, as sent, oldest first; MnsError as `depth`."""
        return self._mns.peek_all(queue)

    def handed_out(self, queue: str) -> dict[str, int]:
        """How often each message was handed out, by the ids that `send` gave; KeyError if there is no such queue."""
        return self._ledgers[queue].counts()

    def deletes(self, queue: str) -> int:
        """How many messages were deleted from `queue`; KeyError as `handed_out`."""
        return self._ledgers[queue].deletes

    def tick(self) -> None:
        """Let long polls look at the clock again."""
        self._mns.tick()

    def start(self) -> Self:
        """Begin to serve."""
        with contextlib.ExitStack() as starting:
            starting.enter_context(self._mns)
            starting.enter_context(self._api)
            self._running = starting.pop_all()
        return self

    def stop(self) -> None:
        """Stop serving, end every long poll and cut what hangs."""
        self._running.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
