"""What the holder of a token may do: consume from its one queue, and not too carelessly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.mns.errors import MnsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.cloud.alicom.ledger import QueueLedger
    from local.cloud.alicom.terms import Terms
    from local.cloud.alicom.tokens import Tokens
    from local.cloud.mns.call import Call


class Gate:
    """See `local.cloud.mns.service.Guard`.

    Args:
        tokens: which token opens which queue.
        ledgers: the book on each queue there is; read at every request.
        terms: what a token is good for, and when receivers are slowed down.
        clock: epoch seconds that the queues go by.
        pause: waits so many seconds.
    """

    def __init__(
        self,
        tokens: Tokens,
        ledgers: Mapping[str, QueueLedger],
        terms: Terms,
        clock: Callable[[], float],
        pause: Callable[[float], None],
    ) -> None:
        self._tokens = tokens
        self._ledgers = ledgers
        self._terms = terms
        self._clock = clock
        self._pause = pause

    def check(self, key_id: str, call: Call) -> None:
        """Let `call` pass.

        Raises:
            MnsError: AccessDenied, QueueNotExist, or TooManyRequests after a while.
        """
        if call.operation not in self._terms.operations:
            raise MnsError("AccessDenied")
        ledger = self._ledgers.get(call.queue)
        if ledger is None:
            raise MnsError("QueueNotExist")
        if self._tokens.queue_of(key_id) != call.queue:
            raise MnsError("AccessDenied")
        if "Receive" in call.operation and not ledger.admits(int(self._clock() * 1000)):
            self._pause(self._terms.thresholds.hold)
            raise MnsError("TooManyRequests")
