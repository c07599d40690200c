"""Takes journalled pushes from the queue: parse, join, store; what cannot be stored becomes a dead letter."""

from __future__ import annotations

import os
import random
import time
from typing import Any, NamedTuple

from receipts import collector, credentials
from receipts.instance import Instance
from receipts.intake.claims import Claims
from receipts.intake.opening import opened
from receipts.intake.pipeline import Stores, take_in
from receipts.journal.bucket import Bucket
from receipts.journal.queue import Queue
from receipts.logs import Log
from receipts.recordings.jobs import Jobs
from receipts.recordings.settings import RecordingRules
from receipts.reporting import broken_off, stopwatch
from receipts.settings import BucketSettings, QueueSettings, StoreSettings, log_level
from receipts.store.client import client
from receipts.store.patience import Patience
from receipts.store.rows import Rows
from receipts.times import now_ms
from receipts.triggers.queue_messages import messages_in


class _Service(NamedTuple):
    settings: StoreSettings
    stores: Stores
    bucket: Bucket
    log: Log


_instance: Instance[_Service] = Instance()


def initialize(context: Any) -> None:
    """Read the settings and make every client, once per instance and pair of keys. Raises SettingError."""
    settings = StoreSettings.read(os.environ)
    bucket = Bucket(BucketSettings.read(os.environ), time.time)
    keys = credentials.of(context, os.environ)
    where = QueueSettings.read(os.environ)
    stores = Stores(
        rows=Rows(client(settings, keys), settings.table_prefix),
        jobs=Jobs(Queue(where.endpoint, where.name, time.time), keys, time.time, time.monotonic),
        rules=RecordingRules.read(os.environ),
    )
    if _instance.made:
        _instance.service.stores.jobs.close()
        _instance.service.bucket.close()
    _instance.keep(_Service(settings, stores, bucket, Log("ingest", log_level(os.environ))), keys)


@collector.paused()
def handler(event: bytes, context: Any) -> dict[str, int]:
    """Store one batch whole, or raise, so that the platform delivers it again."""
    keys = credentials.of(context, os.environ)
    if not _instance.made_for(keys):
        initialize(context)
    settings, stores, bucket, log = _instance.service
    took = stopwatch(time.monotonic)
    patience = Patience(settings.budget_seconds, time.monotonic, time.sleep, random.random)
    messages = messages_in(event)
    pushes, letters = opened(messages, now_ms(time.time))
    claiming, pushes = [push for push in pushes if push.claim], [push for push in pushes if not push.claim]
    claims = Claims(bucket, keys, settings.budget_seconds, time.monotonic, time.time)
    with broken_off(log, "batch not stored", context.request_id, took, messages=len(messages)):
        summary = take_in(pushes, letters, stores, patience)
        for fetched, lost in claims.fetched(claiming):
            summary = summary.plus(take_in(fetched, lost, stores, patience, claims.kept))
        # Only now: what else there was is stored, whatever becomes of the bucket.
        claims.check()
    told = summary.told(now_ms(time.time))
    log.info("batch stored", context.request_id, messages=len(messages), **told, ms=took())
    left = claims.remove()
    if claims.gone or left:
        reason = claims.why_left
        because = {} if reason is None else {"why": str(reason), "do": reason.advice}
        log.warning("claims without an object", context.request_id, gone=claims.gone, left=left, **because)
    return {"messages": len(messages), **summary.counts()}
