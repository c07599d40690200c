"""What `poll` is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.errors import SettingError
from receipts.settings import (
    ALICOM_API_ENDPOINT,
    ALICOM_ENDPOINT,
    ALICOM_QUEUES,
    PLS_REGION,
    POLL_BUDGET_SECONDS,
    POLL_CONSUMERS,
    POLL_WAIT_SECONDS,
    address,
    text,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class PollSettings(NamedTuple):
    """The vendor's queues, each as its message type and its name, and how they are emptied."""

    queues: tuple[tuple[str, str], ...]
    endpoint: str
    token_endpoint: str
    region: str
    consumers: int
    wait_seconds: int
    budget_seconds: float

    @classmethod
    def read(cls, env: Mapping[str, str]) -> PollSettings:
        """Read them from `env`. Raises SettingError with the name of the first one that is wrong."""
        return cls(
            queues=_queues(env),
            endpoint=address(env, ALICOM_ENDPOINT),
            token_endpoint=address(env, ALICOM_API_ENDPOINT),
            region=text(env, PLS_REGION),
            consumers=whole(env, POLL_CONSUMERS, 1, 50),
            wait_seconds=whole(env, POLL_WAIT_SECONDS, 0, 30),
            budget_seconds=whole(env, POLL_BUDGET_SECONDS, 5, 600),
        )


def _queues(env: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    written = text(env, ALICOM_QUEUES)
    queues = []
    for number, entry in enumerate(written.split(",") if written else (), 1):
        message_type, colon, name = (part.strip() for part in entry.partition(":"))
        if not (message_type and colon and name and ":" not in name):
            raise SettingError(ALICOM_QUEUES.name, f"entry {number} is not of the form MessageType:QueueName")
        queues.append((message_type, name))
    if len(set(queues)) < len(queues):
        raise SettingError(ALICOM_QUEUES.name, "names a queue twice")
    return tuple(queues)
