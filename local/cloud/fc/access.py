"""Who may invoke: one key, and the security token that goes with it if it is a temporary one."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, NamedTuple

from local.cloud.fc.errors import FcError

if TYPE_CHECKING:
    from local.cloud.access import AccessKey

LONGEST_SKEW = 15 * 60
"""Seconds by which a client's clock may be wrong."""


class Access(NamedTuple):
    """The key that is accepted; `token` empty: a permanent one, beside which no token is looked at."""

    key: AccessKey
    token: str = ""

    def secret(self, key_id: str, token: str | None) -> str:
        """What `key_id` signs with.

        Raises:
            FcError: InvalidAccessKeyID or InvalidSecurityToken.
        """
        if key_id != self.key.key_id:
            raise FcError("InvalidAccessKeyID")
        if self.token and not hmac.compare_digest(self.token.encode(), (token or "").encode("utf-8", "replace")):
            raise FcError("InvalidSecurityToken")
        return self.key.secret


def check_skew(sent_at: float | None, now: float, header: str) -> None:
    """Let a request pass that is of this quarter of an hour; None is a date that nobody understands.

    Raises:
        FcError: InvalidArgument or RequestTimeExpired.
    """
    if sent_at is None:
        raise FcError("InvalidArgument", f"the header {header} is no date")
    if abs(now - sent_at) > LONGEST_SKEW:
        raise FcError("RequestTimeExpired")


def check_signature(expected: str, given: str) -> None:
    """Compare. Raises FcError SignatureNotMatch."""
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise FcError("SignatureNotMatch")


def required(headers: dict[str, str], name: str) -> str:
    """A header's value. Raises FcError MissingRequiredHeader."""
    value = headers.get(name)
    if not value:
        raise FcError("MissingRequiredHeader", f"required HTTP header {name} was not specified")
    return value
