"""A function as the template describes it: its `props`, typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from template.variables import DEFAULT_REGION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Hook(NamedTuple):
    """A lifecycle hook: `module.function`, and the seconds it may take."""

    handler: str
    timeout: float


class HttpTrigger(NamedTuple):
    """Requests with one of `methods` reach the function; any other is refused by the platform."""

    name: str
    methods: frozenset[str]


class QueueTrigger(NamedTuple):
    """An MNS queue through EventBridge. `batch_seconds` 0 delivers at once; `dead_letters` is a queue's name."""

    name: str
    queue: str
    region: str
    base64_decode: bool
    streaming: bool
    raw_data: bool
    go_on_after_errors: bool
    retry_strategy: str
    batch_count: int
    batch_seconds: float
    dead_letters: str | None
    enabled: bool


class TimerTrigger(NamedTuple):
    """A cron expression of the platform and the payload of its events."""

    name: str
    cron: str
    payload: str
    enabled: bool


class TopicTrigger(NamedTuple):
    """A subscription to an MNS topic; `json_format` False means the bare message (STREAM)."""

    name: str
    topic: str
    json_format: bool


Trigger = HttpTrigger | QueueTrigger | TimerTrigger | TopicTrigger


@dataclass(frozen=True)
class Function:
    """One function of a template.

    Attributes:
        name: the resource's name in the template, which is what the local host calls it.
        handler: `module.function` inside `code`.
        code: the folder that is the function's package.
        timeout: seconds one invocation may take.
        memory: MB, told to the function but not enforced here.
        environment: exactly what the template gives.
        initializer: run once per instance, before its first invocation.
        pre_stop: run before an instance is destroyed.
        min_instances: started before the first invocation.
        max_instances: reserved concurrency, or None for the host's own limit.
        async_retries: how often a failed asynchronous invocation (timer) is repeated.
        function_name: what it is called on the platform; empty: the same as `name`.
        log: `logConfig.project` and `.logstore`, as the context object tells them.
    """

    name: str
    handler: str
    code: Path
    runtime: str = "python3.12"
    region: str = DEFAULT_REGION
    timeout: float = 3.0
    memory: int = 512
    environment: Mapping[str, str] = field(default_factory=dict)
    initializer: Hook | None = None
    pre_stop: Hook | None = None
    triggers: tuple[Trigger, ...] = ()
    min_instances: int = 0
    max_instances: int | None = None
    async_retries: int = 3
    function_name: str = ""
    log: Mapping[str, str] = field(default_factory=lambda: {"project": "", "logstore": ""})

    @property
    def deployed_name(self) -> str:
        """What the function itself is told that it is called."""
        return self.function_name or self.name
