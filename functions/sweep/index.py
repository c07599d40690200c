"""Queues again what is overdue, ends what is over, and warns of every recording that has less than a day left."""

from __future__ import annotations

import os
import random
import time
from typing import Any, NamedTuple

from receipts import credentials
from receipts.deadline import Deadline
from receipts.instance import Instance
from receipts.journal.queue import Queue
from receipts.logs import Log
from receipts.recordings.jobs import Jobs
from receipts.recordings.settings import sweep_seconds
from receipts.recordings.sweep_lines import deadline_line, page_lines
from receipts.recordings.sweeping import SweepTools, near_deadline, sweep
from receipts.reporting import broken_off, stopwatch, tell
from receipts.settings import QueueSettings, StoreSettings, log_level
from receipts.store.client import client
from receipts.store.patience import Patience
from receipts.store.rows import Rows
from receipts.store.scanning import IndexRows
from receipts.store.schema import RECORDINGS
from receipts.times import now_ms


class _Service(NamedTuple):
    store: StoreSettings
    rows: Rows
    indexes: IndexRows
    jobs: Jobs
    seconds: float
    log: Log


_instance: Instance[_Service] = Instance()


def initialize(context: Any) -> None:
    """Read the settings and make every client, once per instance and pair of keys. Raises SettingError."""
    keys = credentials.of(context, os.environ)
    store, queue = StoreSettings.read(os.environ), QueueSettings.read(os.environ)
    tables = client(store, keys)
    service = _Service(
        store=store,
        rows=Rows(tables, store.table_prefix),
        indexes=IndexRows(tables, store.table_prefix, RECORDINGS),
        jobs=Jobs(Queue(queue.endpoint, queue.name, time.time), keys, time.time, time.monotonic),
        seconds=sweep_seconds(os.environ),
        log=Log("sweep", log_level(os.environ)),
    )
    _instance.keep(service, keys)


def handler(event: bytes, context: Any) -> dict[str, int]:
    """One sweep, as far as the time allows; the next one goes on."""
    del event
    if not _instance.made_for(credentials.of(context, os.environ)):
        initialize(context)
    service, took = _instance.service, stopwatch(time.monotonic)
    with broken_off(service.log, "sweep broken off", context.request_id, took):
        counts = _swept(service, context.request_id)
    service.log.info("sweep done", context.request_id, **counts, ms=took())
    return counts


def _swept(service: _Service, request_id: str) -> dict[str, int]:
    broom, log = _broom(service), service.log
    counts = {"queued": 0, "lost": 0, "near_deadline": 0}
    for page in sweep(broom):
        counts["queued"] += len(page.queued)
        counts["lost"] += len(page.ended)
        for line in page_lines(page):
            tell(log, line, request_id)
    for rows in near_deadline(broom):
        counts["near_deadline"] += len(rows)
        for row in rows:
            tell(log, deadline_line(row, broom.now), request_id)
    return counts


def _broom(service: _Service) -> SweepTools:
    deadline = Deadline(service.seconds, time.monotonic)
    return SweepTools(
        rows=service.rows,
        indexes=service.indexes,
        jobs=service.jobs,
        patience=lambda: Patience(service.store.budget_seconds, time.monotonic, time.sleep, random.random),
        now=now_ms(time.time),
        out_of_time=deadline.passed,
    )
