"""Copies one recording per message into the bucket, before the vendor deletes it."""

from __future__ import annotations

import os
import random
import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts import credentials
from receipts.aliyun.record_links import RecordLinks
from receipts.domain.letter import UNKNOWN, Letter, sighting
from receipts.domain.recording import OPEN
from receipts.errors import BadEnvelope
from receipts.fetching.limits import Limits
from receipts.fetching.network import SystemNetwork
from receipts.huawei.record_links import RecordLinks as HuaweiRecordLinks
from receipts.intake.pipeline import store_letters
from receipts.journal.queue import Queue
from receipts.logs import Log
from receipts.recordings.archive import Desk, Outcome, archive
from receipts.recordings.attempt import Means
from receipts.recordings.bucket import RecordingBucket
from receipts.recordings.jobs import Jobs, recording_id
from receipts.recordings.naming import shown
from receipts.recordings.policy import policy
from receipts.recordings.settings import ArchiveSettings, HuaweiLinkSettings, LinkSettings
from receipts.reporting import broken_off, stopwatch
from receipts.settings import BucketSettings, QueueSettings, StoreSettings, log_level
from receipts.store.client import client
from receipts.store.patience import Patience
from receipts.store.rows import Rows
from receipts.triggers.queue_messages import QueueMessage, messages_in

if TYPE_CHECKING:
    from receipts.domain.recording import Recording

# A lease outlives the attempt by what storing its outcome may take.
LEASE_MARGIN_SECONDS = 60


class _Service(NamedTuple):
    keys: credentials.Credentials
    desk: Desk
    log: Log


_services: list[_Service] = []


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
    desk = Desk(
        rows=Rows(client(store, keys), store.table_prefix),
        jobs=Jobs(Queue(queue.endpoint, queue.name, time.time), keys, time.time, time.monotonic),
        means=means,
        patience=lambda: Patience(store.budget_seconds, time.monotonic, time.sleep, random.random),
        clock=_now,
        lease_seconds=round(limits.budget_seconds) + LEASE_MARGIN_SECONDS,
        owner=lambda: uuid.uuid4().hex,
    )
    _services[:] = [_Service(keys, desk, Log("archive", log_level(os.environ)))]


def handler(event: bytes, context: Any) -> dict[str, int]:
    """Do the job of every message, or raise, so that the platform delivers it again."""
    if not _services or _services[0].keys != credentials.of(context, os.environ):
        initialize(context)
    _, desk, log = _services[0]
    with broken_off(log, "job not done", context.request_id, stopwatch(time.monotonic)):
        return dict(Counter(_done(message, desk, log, context.request_id) for message in messages_in(event)))


def _done(message: QueueMessage, desk: Desk, log: Log, request_id: str) -> str:
    """Do one job; one word for what came of it."""
    took = stopwatch(time.monotonic)
    try:
        wanted = recording_id(message.body)
    except BadEnvelope as error:
        seen = sighting(message.id, message.raw)
        store_letters(
            [Letter(error.reason, UNKNOWN, UNKNOWN, message.raw, str(error), _now(), seen)], desk.rows, desk.patience()
        )
        do = "look at the dead letter: who writes to the queue of recordings?"
        log.warning("not a job", request_id, do=do, ms=took())
        return "letter"
    outcome = archive(wanted, desk)
    _tell(wanted, outcome, log, request_id, took())
    return outcome.recording.state if outcome.recording is not None else "unknown"


def _tell(wanted: str, outcome: Outcome, log: Log, request_id: str, ms: int) -> None:
    found, which = outcome.recording, shown(wanted)
    if found is None:
        do = "look whether tables were emptied, or renamed"
        log.warning("no such recording", request_id, **which, do=do, ms=ms)
    elif not outcome.tried and found.state not in ("expired", "absent"):
        log.info("nothing to do", request_id, **which, vendor=found.vendor, state=found.state, ms=ms)
    elif found.state == "archived":
        waited = (found.archived_at or 0) - found.announced_at
        log.info(
            "recording archived",
            request_id,
            **which,
            vendor=found.vendor,
            bytes=found.bytes,
            attempts=found.attempts,
            waited_ms=waited,
            ms=ms,
        )
    elif found.state == "failed":
        log.warning("recording not archived yet", request_id, **which, **_put_off(found), ms=ms)
    elif found.state in OPEN:
        # Too early, or something in passing: if it stays so, the sweep warns in time.
        log.info("recording put off", request_id, **which, **_put_off(found), ms=ms)
    else:
        told = {"vendor": found.vendor, "state": found.state, "attempts": found.attempts, "why": found.last_error}
        log.warning("recording lost", request_id, **which, **told, ms=ms)


def _put_off(found: Recording) -> dict[str, object]:
    return {
        "vendor": found.vendor,
        "state": found.state,
        "attempts": found.attempts,
        "why": found.last_error,
        "next_in_seconds": max(0, (found.next_attempt_at or 0) - _now()) // 1000,
        "do": "mend what it says, it is tried again" if found.state == "failed" else "nothing: it is tried again",
    }


def _now() -> int:
    """Epoch milliseconds."""
    return round(time.time() * 1000)
