"""Empties the vendor's own queues: receive, store, then delete."""

from __future__ import annotations

import os
import random
import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts import credentials
from receipts.alicom.draining import Means, drained
from receipts.alicom.settings import PollSettings
from receipts.alicom.storing import ThreadStorer
from receipts.alicom.tokens import Queue, Tokens
from receipts.aliyun.rpc import Rpc
from receipts.deadline import Deadline
from receipts.instance import Instance
from receipts.logs import Log
from receipts.recordings.settings import RecordingRules
from receipts.reporting import broken_off, stopwatch
from receipts.settings import QueueSettings, StoreSettings, log_level
from receipts.times import now_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.alicom.draining import Storer
    from receipts.errors import ReceiptsError


class _Service(NamedTuple):
    settings: PollSettings
    tokens: Tokens
    storer: Callable[[], Storer]
    log: Log


_instance: Instance[_Service] = Instance()


def initialize(context: Any) -> None:
    """Read the settings, once per instance and pair of keys. Raises SettingError."""
    keys = credentials.of(context, os.environ)
    settings = PollSettings.read(os.environ)
    storer = partial(
        ThreadStorer,
        store=StoreSettings.read(os.environ),
        queue=QueueSettings.read(os.environ),
        rules=RecordingRules.read(os.environ),
        keys=keys,
        clock=time.time,
        monotonic=time.monotonic,
        sleep=time.sleep,
        chance=random.random,
    )
    if _instance.made:
        _instance.service.tokens.close()
    tokens = Tokens(Rpc(settings.token_endpoint, settings.region, keys), lambda: now_ms(time.time))
    _instance.keep(_Service(settings, tokens, storer, Log("poll", log_level(os.environ))), keys)


def handler(event: bytes, context: Any) -> dict[str, int]:
    """One poll: until every queue is empty, or the time is over; the next tick goes on."""
    del event
    if not _instance.made_for(credentials.of(context, os.environ)):
        initialize(context)
    service = _instance.service
    log, took = service.log, stopwatch(time.monotonic)
    queues = [Queue(*queue) for queue in service.settings.queues]
    if not queues:
        do = "name queues in ALICOM_QUEUES, or remove the trigger"
        log.info("nothing to poll", context.request_id, do=do, ms=took())
        return {}
    with broken_off(log, "poll broken off", context.request_id, took):
        done = drained(queues, _means(service, context.request_id))
    told = done.summary.told(now_ms(time.time))
    log.info("queues polled", context.request_id, **told, **done.counts, ms=took())
    return {**done.summary.counts(), **done.counts}


def _means(service: _Service, request_id: str) -> Means:
    settings = service.settings

    def trouble(queue: Queue, error: ReceiptsError) -> None:
        service.log.warning(
            "queue left alone", request_id, queue=queue.name, type=queue.message_type, why=str(error), do=error.advice
        )

    return Means(
        endpoint=settings.endpoint,
        tokens=service.tokens,
        storer=service.storer,
        wait_seconds=settings.wait_seconds,
        consumers=settings.consumers,
        out_of_time=Deadline(settings.budget_seconds, time.monotonic).passed,
        trouble=trouble,
    )
