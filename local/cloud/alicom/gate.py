"""Who may do what: the holder of a token consumes from its one queue, not too carelessly; the vendor sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local.cloud.mns.errors import MnsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.cloud.access import AccessKey
    from local.cloud.alicom.ledger import QueueLedger
    from local.cloud.alicom.terms import Terms
    from local.cloud.alicom.tokens import Tokens
    from local.cloud.mns.call import Call


_SENDING = frozenset(["SendMessage", "BatchSendMessage"])


class Keys(NamedTuple):
    """See `local.cloud.mns.signature.Keyring`: the tokens, and the key that the vendor sends with, if it has one."""

    tokens: Tokens
    vendor: AccessKey | None

    def secret(self, key_id: str, security_token: str | None) -> str:
        """The secret of a key that is good; MnsError as `Tokens.secret`."""
        if self.vendor is not None and key_id == self.vendor.key_id:
            return self.vendor.secret
        return self.tokens.secret(key_id, security_token)


class Gate:
    """See `local.cloud.mns.service.Guard`.

    Args:
        keys: which token opens which queue, and which key is the vendor's.
        ledgers: the book on each queue there is; read at every request.
        terms: what a token is good for, and when receivers are slowed down.
        clock: epoch seconds that the queues go by.
        pause: waits so many seconds.
    """

    def __init__(
        self,
        keys: Keys,
        ledgers: Mapping[str, QueueLedger],
        terms: Terms,
        clock: Callable[[], float],
        pause: Callable[[float], None],
    ) -> None:
        self._keys = keys
        self._ledgers = ledgers
        self._terms = terms
        self._clock = clock
        self._pause = pause

    def check(self, key_id: str, call: Call) -> None:
        """Let `call` pass.

        Raises:
            MnsError: AccessDenied, QueueNotExist, or TooManyRequests after a while.
        """
        sends = self._keys.vendor is not None and key_id == self._keys.vendor.key_id
        if call.operation not in (_SENDING if sends else self._terms.operations):
            raise MnsError("AccessDenied")
        ledger = self._ledgers.get(call.queue)
        if ledger is None:
            raise MnsError("QueueNotExist")
        if sends:
            return
        if self._keys.tokens.queue_of(key_id) != call.queue:
            raise MnsError("AccessDenied")
        if "Receive" in call.operation and not ledger.admits(int(self._clock() * 1000)):
            self._pause(self._terms.thresholds.hold)
            raise MnsError("TooManyRequests")
