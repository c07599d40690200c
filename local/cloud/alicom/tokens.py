"""The tokens that were handed out: each a temporary key for one queue."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from local.cloud.access import AccessKey
from local.cloud.mns.errors import MnsError

if TYPE_CHECKING:
    from collections.abc import Callable


class Token(NamedTuple):
    """One token.

    Attributes:
        key: what requests are signed with.
        security_token: what has to come with them.
        queue: the only one that it opens.
        created_at: epoch seconds.
        expires_at: epoch seconds; at that moment it is no good any more.
    """

    key: AccessKey
    security_token: str
    queue: str
    created_at: int
    expires_at: int


class Tokens:
    """Issues tokens, and is the keyring of the queue service; safe for any number of threads.

    Args:
        clock: epoch seconds that the tokens' life goes by.
        life_seconds: how long a token is good for.
        expired: HTTP status and code for one that has run out.
    """

    def __init__(self, clock: Callable[[], float], life_seconds: int, expired: tuple[int, str]) -> None:
        self._clock = clock
        self._life = life_seconds
        self._expired = expired
        self._issued: dict[str, Token] = {}

    def issue(self, queue: str) -> Token:
        """A new token for `queue`, whether there is such a queue or not."""
        now = int(self._clock())
        key = AccessKey(f"STS.{secrets.token_urlsafe(18)}", secrets.token_urlsafe(32))
        # Real ones are Base64 of a few hundred bytes, so they have plus signs and slashes.
        token = Token(key, f"CAIS+{secrets.token_urlsafe(300)}/==", queue, now, now + self._life)
        self._issued[key.key_id] = token
        return token

    def secret(self, key_id: str, security_token: str | None) -> str:
        """The secret of a token that is good.

        Raises:
            MnsError: AccessIDAuthError for what was not handed out like this; as the terms say for what has run out.
        """
        token = self._issued.get(key_id)
        if token is None or token.security_token != security_token:
            raise MnsError("AccessIDAuthError")
        if self._clock() >= token.expires_at:
            status, code = self._expired
            raise MnsError(code, status=status)
        return token.key.secret

    def queue_of(self, key_id: str) -> str:
        """The queue that the token with this key opens; KeyError if there is no such token."""
        return self._issued[key_id].queue
