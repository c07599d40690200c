"""Requests, rows and bytes of the functions' work, counted on loopback services in this process."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sqlite3
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

import tablestore.protobuf.table_store_pb2 as pb2

from benchmarks.archive import POOL, Archive
from benchmarks.codec import Recorder
from benchmarks.loopback import Cloud
from local.cloud.files import FileHost
from local.cloud.mns import MnsServer
from local.cloud.oss import OssServer
from local.cloud.pls import PlsServer
from local.cloud.tablestore import TableStoreServer
from local.golden.shapes import cloud_event
from local.stack import INSTANCE, KEY
from receipts.recordings import jobs
from receipts.store.client import client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONTEXT = SimpleNamespace(request_id="1-6b0f0000-000000000001")
ANSWERS = {"BatchGetRow": pb2.BatchGetRowResponse, "BatchWriteRow": pb2.BatchWriteRowResponse}
MB = 1 << 20


class Counts(NamedTuple):
    """Requests by service and operation, what the store counted, and bytes of log, of so many invocations."""

    requests: Counter[str]
    store: Counter[str]
    log_bytes: int
    returned: list[dict[str, Any]]

    def each(self, name: str) -> float:
        """Requests to a service, or of an operation, or what the store counted, per invocation."""
        return (self.requests[name] or self.store[name]) / len(self.returned)


class Services:
    """The loopback cloud of one process, provisioned, and the vendor's API and files."""

    def __init__(self, folder: Path, opened: contextlib.ExitStack) -> None:
        self.database = folder / "tables.sqlite"
        self._tables = opened.enter_context(TableStoreServer(self.database, instance=INSTANCE, key=KEY))
        self.queues = opened.enter_context(MnsServer(key=KEY))
        self._objects = opened.enter_context(OssServer(key=KEY))
        self.files = opened.enter_context(FileHost())
        self.api = opened.enter_context(PlsServer(key=KEY, link=self.files.url))
        self.cloud = Cloud(self.queues.endpoint, self._tables.endpoint, self._objects.endpoint)
        self.cloud.provision()

    def calls(self) -> Counter[str]:
        """Requests so far: `tablestore`, `queue`, `bucket`, `vendor`, and by operation."""
        by_service = {"tablestore": self._tables, "queue": self.queues, "bucket": self._objects, "vendor": self.api}
        found: Counter[str] = Counter()
        for name, server in by_service.items():
            found[name] = sum(server.faults.calls.values())
            found.update(server.faults.calls)
        found["vendor"] += sum(self.files.faults.calls.values())
        return found

    def environment(self) -> dict[str, str]:
        """The settings of every function."""
        return {
            **self.cloud.environment(),
            "PLS_ENDPOINT": self.api.endpoint,
            "RECORDING_HOSTS": self.files.endpoint,
            "RECORDING_NETWORKS": "127.0.0.0/8",
        }


@contextlib.contextmanager
def services() -> Iterator[Services]:
    """They end with the block; for a process of its own, whose environment is changed."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as opened:
        yield Services(Path(name), opened)


def counted(services_: Services, name: str, events: list[bytes]) -> Counts:
    """Run the function with each event."""
    os.environ.update(services_.environment())
    function: Any = importlib.import_module(f"functions.{name}.index")
    recorders: list[Recorder] = []

    def recorded(*arguments: Any) -> Any:
        made = client(*arguments)
        recorders.append(Recorder(made))
        return made

    with mock.patch.object(function, "client", recorded, create=True):
        function.initialize(CONTEXT)
    return _watched(services_, recorders, lambda: [function.handler(event, CONTEXT) for event in events])


def archived(services_: Services) -> Counts:
    """Archive two recordings of 1 MB."""
    os.environ.update(services_.environment())
    called_at = round(time.time()) * 1000
    services_.files.put("1.mp3", MB)
    calls = ["one", "other"]
    for call in calls:
        services_.api.recordings.add(call, called_at, POOL, "1.mp3")
    Archive(services_.environment()).announce(calls, called_at)
    jobs_ = [jobs.written(f"aliyun:{call}:call").decode("ascii") for call in calls]
    messages = [json.dumps([cloud_event(job, at, queue="recordings")]).encode() for at, job in enumerate(jobs_)]
    return counted(services_, "archive", messages)


def _watched(services_: Services, recorders: list[Recorder], work_: Callable[[], list[dict[str, Any]]]) -> Counts:
    before, log = services_.calls(), io.StringIO()
    with contextlib.redirect_stdout(log):
        returned = work_()
    requests = services_.calls()
    requests.subtract(before)
    store: Counter[str] = Counter()
    for recorder in recorders:
        for exchange in recorder.exchanges:
            store.update(_consumed(exchange.api, exchange.answer))
    return Counts(requests, store, len(log.getvalue().encode()), returned)


def _consumed(api: str, answer: bytes) -> Counter[str]:
    """Rows, and the capacity units that the store counted for them."""
    if api not in ANSWERS:
        return Counter()
    rows = [row for table in ANSWERS[api].FromString(answer).tables for row in table.rows]
    used = [row.consumed.capacity_unit for row in rows]
    return Counter(
        {
            f"{api} rows": len(rows),
            "read units": sum(one.read for one in used),
            "write units": sum(one.write for one in used),
        }
    )


def weighed(database: Path) -> dict[str, tuple[bool, int, int]]:
    """By table and index: whether it is an index, its rows, and their bytes as the loopback keeps them."""
    with contextlib.closing(sqlite3.connect(database)) as file:
        found = file.execute(
            "SELECT name, main IS NOT NULL, count(*), sum(length(row) + length(key)) FROM spaces"
            " JOIN rows ON rows.space = spaces.id GROUP BY name"
        )
        return {name: (bool(index), rows, size) for name, index, rows, size in found}
