"""What the functions that vendors call are told. Standard library only, as every cold start of `receive` reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts.errors import SettingError
from receipts.settings import (
    ACK_BUDGET_MS,
    ALIYUN_PUSH_TOKENS,
    HUAWEI_APPS,
    HUAWEI_AUTH,
    HUAWEI_MAX_AGE_HOURS,
    KIB,
    MAX_BODY_BYTES,
    MNS_ENDPOINT,
    RECEIPTS_QUEUE,
    address,
    choice,
    text,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_KEY_CHARACTERS = 128
SECONDS_PER_HOUR = 60 * 60
TEN_YEARS_IN_HOURS = 24 * 3652


class HuaweiSettings(NamedTuple):
    """Whose pushes are taken in as Huawei's: the secret of each app key, and how it is looked at."""

    apps: dict[str, bytes]
    enforce: bool
    max_age_seconds: float
    max_body_bytes: int

    @classmethod
    def read(cls, env: Mapping[str, str]) -> HuaweiSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is wrong."""
        return cls(
            apps=huawei_apps(env),
            enforce=choice(env, HUAWEI_AUTH, ("enforce", "log")) == "enforce",
            max_age_seconds=whole(env, HUAWEI_MAX_AGE_HOURS, 1, TEN_YEARS_IN_HOURS) * SECONDS_PER_HOUR,
            max_body_bytes=_max_body_bytes(env),
        )


class ReceiveSettings(NamedTuple):
    """What `receive` needs besides."""

    push_tokens: tuple[bytes, ...]
    mns_endpoint: str
    receipts_queue: str
    max_body_bytes: int
    ack_budget_seconds: float

    @classmethod
    def read(cls, env: Mapping[str, str]) -> ReceiveSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is missing or wrong."""
        return cls(
            push_tokens=_tokens(env),
            mns_endpoint=address(env, MNS_ENDPOINT),
            receipts_queue=text(env, RECEIPTS_QUEUE),
            max_body_bytes=_max_body_bytes(env),
            ack_budget_seconds=whole(env, ACK_BUDGET_MS, 50, 500) / 1000,
        )


def _max_body_bytes(env: Mapping[str, str]) -> int:
    return whole(env, MAX_BODY_BYTES, 1 * KIB, 32 * KIB * KIB)


def push_tokens(written: str) -> list[str]:
    """The tokens in the text of ALIYUN_PUSH_TOKENS, in their order, without the empty ones."""
    return [token for word in written.split(",") if (token := word.strip())]


def huawei_apps(env: Mapping[str, str]) -> dict[str, bytes]:
    """The secret of each application in HUAWEI_APPS by its key. Raises SettingError."""
    written = text(env, HUAWEI_APPS)
    pairs = _pairs(written) if written else ()
    if pairs is None:
        raise SettingError(HUAWEI_APPS.name, f"is not a JSON object of texts. {HUAWEI_APPS.meaning}")
    apps = dict(pairs)
    if len(apps) < len(pairs):
        raise SettingError(HUAWEI_APPS.name, "names an app key twice")
    if not all(0 < len(key) <= MOST_KEY_CHARACTERS and secret for key, secret in pairs):
        raise SettingError(HUAWEI_APPS.name, "holds an empty secret, or an app key that is empty or too long")
    return apps


def _tokens(env: Mapping[str, str]) -> tuple[bytes, ...]:
    written = text(env, ALIYUN_PUSH_TOKENS)
    if not written:
        # With one vendor only, the other's setting stays empty; with neither, nobody could push anything.
        if not huawei_apps(env):
            raise SettingError(ALIYUN_PUSH_TOKENS.name, f"is not set. {ALIYUN_PUSH_TOKENS.meaning}")
        return ()
    tokens = push_tokens(written)
    if len(tokens) <= written.count(","):
        raise SettingError(ALIYUN_PUSH_TOKENS.name, "holds an empty token")
    try:
        return tuple(token.encode() for token in tokens)
    except UnicodeEncodeError:
        raise SettingError(ALIYUN_PUSH_TOKENS.name, "is not UTF-8") from None


def _pairs(written: str) -> tuple[tuple[str, bytes], ...] | None:
    """The object's names and texts without blanks around them; None where it is no such object."""
    try:
        # As pairs: an app key that stands there twice would lose one of its secrets without a word.
        read: Any = json.loads(written, object_pairs_hook=tuple)
        pairs = tuple((key.strip(), secret.strip().encode()) for key, secret in read)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return pairs if isinstance(read, tuple) else None
