"""What the vendor decides about its queues and tokens."""

from __future__ import annotations

from typing import NamedTuple

from local.cloud.alicom.neglect import Thresholds
from local.cloud.alicom.token_api import TokenCodes
from local.cloud.mns.attributes import QueueAttributes

_CONSUMING = frozenset(
    ["ReceiveMessage", "BatchReceiveMessage", "DeleteMessage", "BatchDeleteMessage", "ChangeMessageVisibility"]
)


class Terms(NamedTuple):
    """Hardly any of this is published; the defaults are what a careful client has to expect.

    Attributes:
        life_seconds: how long a token is good for; samples assume ten minutes.
        queue: the attributes of every queue; those that a new queue has anywhere.
        codes: what the token API says when there is no token to give.
        expired: HTTP status and code of the queue service for a token that has run out.
        thresholds: when whoever receives without deleting is slowed down.
        operations: what a token is good for.
    """

    life_seconds: int = 600
    queue: QueueAttributes = QueueAttributes()
    codes: TokenCodes = TokenCodes()
    expired: tuple[int, str] = (403, "InvalidAccessKeyId")
    thresholds: Thresholds = Thresholds()
    operations: frozenset[str] = _CONSUMING
