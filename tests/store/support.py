"""A loopback TableStore with every table in it, reached through the unmodified SDK; and time that does not pass."""

from __future__ import annotations

import contextlib
import itertools
import json
import time
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from tablestore import decoder, encoder

from local.cloud.access import AccessKey
from local.cloud.mns import MnsServer
from local.cloud.tablestore import TableStoreServer
from local.demo.reading import rows_of
from ops.provisioning.provision import provision
from ops.settings import OpsSettings
from receipts.credentials import Credentials
from receipts.intake.pipeline import Stores, Summary, take_in
from receipts.journal.envelope import Envelope
from receipts.journal.queue import Queue
from receipts.recordings.jobs import Jobs
from receipts.recordings.settings import RecordingRules
from receipts.settings import StoreSettings
from receipts.store import schema
from receipts.store.client import client
from receipts.store.patience import Patience
from receipts.store.rows import MOST_WRITTEN_ROWS, Rows
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    from receipts.domain.letter import Letter

Row = dict[str, Any]
Tables = dict[str, list[Row]]

KEY = AccessKey("LTAItest", "a-secret-of-the-tests")
INSTANCE = "loopback"
BUCKET = "receipts-test"
# 2026-11-20 18:00:00 in China.
RECEIVED_AT = 1795168800000
SECONDS = 60.0
READ, WRITE = "BatchGetRow", "BatchWriteRow"
# What provisioning makes before it turns to the bucket: tables with their indexes, and four queues.
PARTS = sum(1 + len(table.indexes) for table in schema.TABLES) + 4
RULES = RecordingRules(aliyun_days=30, url_delay_seconds=1200)
NATIVE = encoder.NATIVE_ENCODER_AVAILABLE and decoder.NATIVE_DECODER_AVAILABLE and decoder.NATIVE_PARSER_AVAILABLE
CODECS = [
    "python",
    pytest.param(
        "native",
        marks=pytest.mark.skipif(
            not NATIVE, reason="the SDK has its native codec for CPython 3.12 on Linux x86-64 only"
        ),
    ),
]


class Clock:
    """Seconds that pass only when somebody sleeps; remembers every sleep."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.now += seconds
        self.slept.append(seconds)

    def patience(self, seconds: float = SECONDS) -> Patience:
        """Patience that costs the tests no time."""
        return Patience(seconds, self.monotonic, self.sleep, lambda: 0.5)


class Store:
    """The server with its tables, and a client of it.

    Attributes:
        server: the loopback server.
        mns: the loopback server of the queues.
        client: the unmodified SDK, as the functions make it.
        rows: the product's way to the rows.
    """

    def __init__(self, server: TableStoreServer, mns: MnsServer, codec: str = "python") -> None:
        self.server = server
        self.mns = mns
        self.codec = codec
        self.client: Any = self.connect()
        self.rows = Rows(self.client, "")
        self._queue = self.queue()

    @property
    def keys(self) -> Credentials:
        """Of every server here."""
        return Credentials(KEY.key_id, KEY.secret)

    def queue(self) -> Queue:
        """The product's way to the queue of recordings; not for two threads at once."""
        return Queue(self.mns.endpoint, "recordings", time.time)

    def stores(self, rows: Rows | None = None, queue: Queue | None = None) -> Stores:
        """Where a batch goes; `rows` and `queue` in place of the usual ones."""
        return Stores(rows or self.rows, Jobs(queue or self._queue, self.keys, time.time, time.monotonic), RULES)

    def connect(self) -> Any:
        """Another client, as the functions make it."""
        settings = StoreSettings(self.server.endpoint, INSTANCE, None, self.codec, "", SECONDS)
        return client(settings, self.keys)

    def environment(self, **more: str) -> dict[str, str]:
        """What a function or the operator command is told about this store."""
        return {
            "TABLESTORE_ENDPOINT": self.server.endpoint,
            "TABLESTORE_INSTANCE": INSTANCE,
            "TABLESTORE_CODEC": self.codec,
            "MNS_ENDPOINT": self.mns.endpoint,
            # Nobody is there: who needs a bucket brings one.
            "OSS_ENDPOINT": "http://127.0.0.1:9",
            "OSS_BUCKET": BUCKET,
            "OSS_REGION": "cn-hangzhou",
            "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY.key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY.secret,
            **more,
        }

    def provision(self) -> None:
        """Make the tables, indexes and queues that are missing."""
        for _ in itertools.islice(provision(OpsSettings.read(self.environment())), PARTS):
            pass

    def take_in(
        self, pushes: Iterable[Envelope], letters: Iterable[Letter] = (), patience: Patience | None = None
    ) -> Summary:
        """One batch, as `ingest` takes it in."""
        return take_in(pushes, letters, self.stores(), patience or Clock().patience())

    def tables(self) -> Tables:
        """Every row of every table, all columns."""
        return {table.name: list(rows_of(self.client, table)) for table in schema.TABLES}

    def letters(self) -> list[Row]:
        """Every dead letter."""
        return list(rows_of(self.client, schema.DEAD_LETTERS))

    def calls(self) -> dict[str, Row]:
        """Every call by the vendor's id."""
        return {row["call_id"].partition(":")[2]: row for row in rows_of(self.client, schema.CALLS)}

    def clear(self) -> None:
        """Forget every fault and row."""
        self.drained()

    def drained(self) -> Tables:
        """Every row; after that there is none left, and no fault."""
        self.server.faults.clear()
        tables = self.tables()
        for table in schema.TABLES:
            keys = [[(name, row[name]) for name in table.keys] for row in tables[table.name]]
            items = [tablestore.DeleteRowItem(tablestore.Row(key), tablestore.Condition("IGNORE")) for key in keys]
            for start in range(0, len(items), MOST_WRITTEN_ROWS):
                request = tablestore.BatchWriteRowRequest()
                chunk = items[start : start + MOST_WRITTEN_ROWS]
                request.add(tablestore.TableInBatchWriteRowItem(table.name, chunk))
                self.client.batch_write_row(request)
        return tables

    @contextlib.contextmanager
    def counted(self) -> Iterator[Counter[str]]:
        """What the server is asked within the block, by operation: filled when the block is over."""
        before = self.server.faults.calls.copy()
        calls: Counter[str] = before.copy()
        calls.clear()
        yield calls
        calls.update(self.server.faults.calls - before)

    def close(self) -> None:
        """Close the clients' connections."""
        self.client.connection.pool.clear()
        self._queue.close()


@contextlib.contextmanager
def running(codec: str = "python") -> Iterator[Store]:
    """A store of its own."""
    with TableStoreServer(None, instance=INSTANCE, key=KEY) as server, MnsServer(key=KEY) as mns:
        store = Store(server, mns, codec)
        store.provision()
        yield store
        store.close()


def push(message_type: str, value: Any, number: int = 1, at: int = RECEIVED_AT, part: int = 0) -> Envelope:
    """An envelope around a body: bytes as they are, anything else as JSON. `number` tells pushes apart."""
    body = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return Envelope("aliyun", message_type, at, f"1-{number:08x}", body, part)


def body_of(letter: Row) -> bytes:
    """The bytes that a dead letter keeps."""
    body = letter["body"]
    if letter["body_encoding"] == "utf-8":
        assert isinstance(body, str)
        return body.encode()
    return zlib.decompress(body) if letter["body_encoding"] == "zlib" else bytes(body)


def ended(call_id: str, **fields: Any) -> dict[str, Any]:
    """A call record of an answered call, complete."""
    return {
        "call_id": call_id,
        "pool_key": "FC100000000000001",
        "sub_id": 1000000000001000,
        "out_id": "order-1",
        "phone_no": "13900000001",
        "secret_no": "17000000002",
        "peer_no": "13700000003",
        "call_type": 0,
        "call_time": "2026-11-20 12:00:00",
        "call_out_time": "2026-11-20 12:00:01",
        "ring_time": "2026-11-20 12:00:03",
        "start_time": "2026-11-20 12:00:10",
        "release_time": "2026-11-20 12:01:10",
        "release_dir": 1,
        "release_cause": 16,
        **fields,
    }


def started(call_id: str, **fields: Any) -> dict[str, Any]:
    """The first receipt of a call."""
    return {"call_id": call_id, "phone_no": "13900000001", "secret_no": "17000000002", **fields}
