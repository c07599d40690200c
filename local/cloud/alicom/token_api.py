"""`QueryTokenForMnsQueue`: the temporary key to one queue of receipts."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from local.cloud.alicom.names import MESSAGE_TYPES, queue_name
from local.cloud.rpc.errors import RpcError, missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud.alicom.tokens import Tokens

_CHINA = timezone(timedelta(hours=8))


class TokenCodes(NamedTuple):
    """What the API says when there is no token to give.

    The vendor publishes no code for any of these. The default is made up on purpose and the same for all: a client
    that needs to know the code, or to tell them apart by it, fails here first. `OK` is possible too: then a token
    is given all the same, and the queue service is who says that there is no such queue.

    Attributes:
        unknown_type: no such type of receipt.
        not_opened: the account has no queue for the type.
        unknown_queue: not a queue of this account and type; or the type has further queues only, and none was named.
    """

    unknown_type: str = "isv.QUEUE_NOT_EXIST"
    not_opened: str = "isv.QUEUE_NOT_EXIST"
    unknown_queue: str = "isv.QUEUE_NOT_EXIST"


class QueueTokens:
    """The API.

    Args:
        account: the number of the account that asks.
        queues: the type of each queue there is, by the queue's name; read at every request.
        tokens: issues them.
        codes: what to say when there is none.
    """

    action = "QueryTokenForMnsQueue"
    product = "dybase"
    version = "2017-05-25"

    def __init__(self, account: str, queues: Mapping[str, str], tokens: Tokens, codes: TokenCodes) -> None:
        self._account = account
        self._queues = queues
        self._tokens = tokens
        self._codes = codes

    def answer(self, parameters: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
        """A token for the queue `QueueName`, or for the default queue of `MessageType`; times are text in UTC+8.

        Raises:
            RpcError: MissingMessageType, or one of the codes.
        """
        message_type = parameters.get("MessageType")
        if not message_type:
            raise missing("MessageType")
        queue = parameters.get("QueueName") or queue_name(self._account, message_type)
        code = self._verdict(message_type, queue)
        if code != "OK":
            raise RpcError(code)
        token = self._tokens.issue(queue)
        return {
            "MessageTokenDTO": {
                "AccessKeyId": token.key.key_id,
                "AccessKeySecret": token.key.secret,
                "SecurityToken": token.security_token,
                "CreateTime": _text(token.created_at),
                "ExpireTime": _text(token.expires_at),
            }
        }

    def _verdict(self, message_type: str, queue: str) -> str:
        queues = dict(self._queues)
        if message_type not in queues.values():
            return self._codes.not_opened if message_type in MESSAGE_TYPES else self._codes.unknown_type
        return "OK" if queues.get(queue) == message_type else self._codes.unknown_queue


def _text(moment: int) -> str:
    return datetime.fromtimestamp(moment, _CHINA).strftime("%Y-%m-%d %H:%M:%S")
