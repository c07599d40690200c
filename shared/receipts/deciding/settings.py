"""What `decide` is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from receipts.deciding.rules import MOST_TONE
from receipts.errors import SettingError
from receipts.settings import (
    DECIDE_BUDGET_MS,
    DECIDE_CACHE_SECONDS,
    DECIDE_CLOSE_TONE,
    HUAWEI_CONTROL_FORM,
    MNS_ENDPOINT,
    RECEIPTS_QUEUE,
    address,
    choice,
    text,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from receipts.deciding.answers import Form

# Of the time for an answer: what is left is the queue's.
STORE_SHARE = 0.6


class DecideSettings(NamedTuple):
    """How questions are answered. `close_tone`: played when nothing says what to do; None for none."""

    mns_endpoint: str
    receipts_queue: str
    budget_seconds: float
    cache_seconds: float
    close_tone: str | None
    form: Form

    @classmethod
    def read(cls, env: Mapping[str, str]) -> DecideSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is wrong."""
        tone = text(env, DECIDE_CLOSE_TONE)
        if len(tone) > MOST_TONE:
            raise SettingError(DECIDE_CLOSE_TONE.name, f"is longer than {MOST_TONE} characters")
        return cls(
            mns_endpoint=address(env, MNS_ENDPOINT),
            receipts_queue=text(env, RECEIPTS_QUEUE),
            budget_seconds=whole(env, DECIDE_BUDGET_MS, 50, 5000) / 1000,
            cache_seconds=whole(env, DECIDE_CACHE_SECONDS, 0, 60),
            close_tone=tone or None,
            form=cast("Form", choice(env, HUAWEI_CONTROL_FORM, ("object", "array"))),
        )

    @property
    def store_seconds(self) -> float:
        """How long the rule book is waited for."""
        return self.budget_seconds * STORE_SHARE
