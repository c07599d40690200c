"""Copies one recording per message into the bucket, before the vendor deletes it."""

from __future__ import annotations

import os
import random
import time
import uuid
from collections import Counter
from typing import Any, NamedTuple

from receipts import credentials
from receipts.aliyun.record_links import RecordLinks
from receipts.errors import BadEnvelope
from receipts.fetching.limits import Limits
from receipts.fetching.network import SystemNetwork
from receipts.huawei.record_links import RecordLinks as HuaweiRecordLinks
from receipts.instance import Instance
from receipts.intake.opening import letter_of
from receipts.intake.pipeline import store_letters
from receipts.journal.queue import Queue
from receipts.logs import Log
from receipts.recordings.archive import ArchiveTools, archive
from receipts.recordings.attempt import Means
from receipts.recordings.bucket import RecordingBucket
from receipts.recordings.jobs import Jobs, recording_id
from receipts.recordings.outcome_line import outcome_line
from receipts.recordings.policy import policy
from receipts.recordings.settings import ArchiveSettings, HuaweiLinkSettings, LinkSettings
from receipts.reporting import broken_off, stopwatch, tell
from receipts.settings import BucketSettings, QueueSettings, StoreSettings, log_level
from receipts.store.client import client
from receipts.store.patience import Patience
from receipts.store.rows import Rows
from receipts.times import now_ms
from receipts.triggers.queue_messages import QueueMessage, messages_in

# A lease outlives the attempt by what storing its outcome may take.
LEASE_MARGIN_SECONDS = 60


class _Service(NamedTuple):
    desk: ArchiveTools
    log: Log


_instance: Instance[_Service] = Instance()


def initialize(context: Any) -> None:
    """Read the settings and make every client, once per instance and pair of keys. Raises SettingError."""
    keys = credentials.of(context, os.environ)
    store, limits = StoreSettings.read(os.environ), ArchiveSettings.read(os.environ)
    queue = QueueSettings.read(os.environ)
    network = SystemNetwork()
    means = Means(
        links={
            "aliyun": RecordLinks(LinkSettings.read(os.environ), keys),
            "huawei": HuaweiRecordLinks(
                HuaweiLinkSettings.read(os.environ), network, time.time, lambda: uuid.uuid4().hex
            ),
        },
        policy=policy(limits),
        limits=Limits(total_seconds=limits.budget_seconds, max_bytes=limits.max_bytes),
        network=network,
        bucket=RecordingBucket(BucketSettings.read(os.environ), keys),
    )
    desk = ArchiveTools(
        rows=Rows(client(store, keys), store.table_prefix),
        jobs=Jobs(Queue(queue.endpoint, queue.name, time.time), keys, time.time, time.monotonic),
        means=means,
        patience=lambda: Patience(store.budget_seconds, time.monotonic, time.sleep, random.random),
        clock=_now,
        lease_seconds=round(limits.budget_seconds) + LEASE_MARGIN_SECONDS,
        owner=lambda: uuid.uuid4().hex,
    )
    _instance.keep(_Service(desk, Log("archive", log_level(os.environ))), keys)


def handler(event: bytes, context: Any) -> dict[str, int]:
    """Do the job of every message, or raise, so that the platform delivers it again."""
    if not _instance.made_for(credentials.of(context, os.environ)):
        initialize(context)
    desk, log = _instance.service
    with broken_off(log, "job not done", context.request_id, stopwatch(time.monotonic)):
        return dict(Counter(_done(message, desk, log, context.request_id) for message in messages_in(event)))


def _done(message: QueueMessage, desk: ArchiveTools, log: Log, request_id: str) -> str:
    """Do one job; one word for what came of it."""
    took = stopwatch(time.monotonic)
    try:
        wanted = recording_id(message.body)
    except BadEnvelope as error:
        store_letters([letter_of(message, error, _now())], desk.rows, desk.patience())
        do = "look at the dead letter: who writes to the queue of recordings?"
        log.warning("not a job", request_id, do=do, ms=took())
        return "letter"
    outcome = archive(wanted, desk)
    tell(log, outcome_line(wanted, outcome, _now()), request_id, ms=took())
    return outcome.recording.state if outcome.recording is not None else "unknown"


def _now() -> int:
    """Epoch milliseconds."""
    return now_ms(time.time)
