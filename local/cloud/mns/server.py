"""The loopback server of message queues."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from local.cloud.access import AccessKey
from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer
from local.cloud.mns.queues import Queues
from local.cloud.mns.rights import Rights
from local.cloud.mns.service import Guard, MnsService
from local.cloud.mns.signature import AccountKeys, Keyring
from local.cloud.ram import Identities, identities_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.mns.queue import Depth


class MnsServer(LoopbackServer):
    """One account's queues, in memory, on 127.0.0.1.

    Args:
        key: the key that callers sign with, all keys of the account with their rights, or who decides about keys
            and security tokens.
        faults: what is to go wrong.
        port: 0 for any free one.
        clock: epoch seconds that delays, visibility and retention go by; after moving it, call `tick`.
        stamps: epoch seconds that the time stamps of requests are judged by; SDKs stamp by the wall clock,
            whatever clock the queues go by.
        queues: those there are already, which go by a clock of their own; None for an account without any.
        guard: what the holder of a key may do; None for what the account's policies say.
    """

    def __init__(  # noqa: PLR0913 - by name, and most have a default
        self,
        *,
        key: AccessKey | Identities | Keyring,
        faults: Faults | None = None,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        stamps: Callable[[], float] = time.time,
        queues: Queues | None = None,
        guard: Guard | None = None,
    ) -> None:
        self._queues = queues or Queues(clock)
        if isinstance(key, AccessKey | Identities):
            identities = identities_of(key)
            key, guard = AccountKeys(identities), guard or Rights(identities)
        super().__init__(MnsService(self._queues, key, stamps, guard), faults or Faults(), port=port)

    def depth(self, queue: str) -> Depth:
        """How many messages of `queue` are active, inactive and delayed; MnsError if there is no such queue."""
        return self._queues.get(queue).depth()

    def peek_all(self, queue: str) -> list[str]:
        """The bodies in `queue` as sent, whatever their state, oldest first; MnsError as `depth`."""
        return self._queues.get(queue).bodies()

    def tick(self) -> None:
        """Let long polls look at the clock again."""
        self._queues.wake()

    def stop(self) -> None:
        """End every long poll, then as every loopback server."""
        self._queues.wake(stopping=True)
        super().stop()
