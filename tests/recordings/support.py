"""A vendor with recordings, a store, a queue and a bucket on loopback, and a clock that the tests push forward."""

from __future__ import annotations

import contextlib
import time
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from mns.account import Account
from mns.mns_exception import MNSExceptionBase

from local.cloud.files import FileHost
from local.cloud.mns import MnsServer
from local.cloud.oss import OssServer
from local.cloud.pls import PlsServer
from local.cloud.tablestore import TableStoreServer
from local.demo.reading import rows_of
from ops.provisioning.provision import provision_bucket
from receipts.aliyun.record_links import RecordLinks
from receipts.fetching.limits import Limits
from receipts.fetching.network import SystemNetwork
from receipts.intake.pipeline import Stores, Summary, take_in
from receipts.journal.queue import Queue
from receipts.recordings import jobs
from receipts.recordings.archive import ArchiveTools, Outcome, archive
from receipts.recordings.attempt import Means
from receipts.recordings.bucket import RecordingBucket
from receipts.recordings.jobs import Jobs
from receipts.recordings.policy import policy
from receipts.recordings.settings import ArchiveSettings, LinkSettings
from receipts.recordings.sweeping import SweepTools, sweep
from receipts.settings import BucketSettings
from receipts.store import schema
from receipts.store.scanning import IndexRows
from tests.store.support import INSTANCE, KEY, RULES, Clock, Store, ended, push

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.journal.envelope import Envelope
    from receipts.recordings.sweeping import Swept

BUCKET, REGION = "recordings-test", "cn-hangzhou"
POOL = "FC100000000000001"
DAY = 24 * 60 * 60
LEASE_SECONDS = 300
MOST_JOBS = 1000
# Far beyond what a busy machine takes; tests of the limits themselves bring their own.
LIMITS = Limits(first_byte_seconds=20.0, idle_seconds=20.0, total_seconds=60.0, max_bytes=1 << 30)


class Moving:
    """The time of day, and what it was pushed forward by."""

    def __init__(self) -> None:
        self.pushed = 0.0

    def __call__(self) -> float:
        """Epoch seconds."""
        return time.time() + self.pushed

    def milliseconds(self) -> int:
        """Epoch milliseconds."""
        return round(self() * 1000)

    def push(self, seconds: float) -> None:
        """Let so many seconds have passed."""
        self.pushed += seconds


class Message(NamedTuple):
    """A message that was received and not deleted yet."""

    body: str
    handle: str


class World:
    """Everything that archiving touches.

    Attributes:
        clock: of the queue, the links and the functions; services judge signatures by the real one.
        store: TableStore, with the tables.
        files: the vendor's files. pls: the API that gives links to them.
        oss: the bucket's service.
    """

    def __init__(self, running: contextlib.ExitStack) -> None:
        self.clock = Moving()
        self.mns = running.enter_context(MnsServer(key=KEY, clock=self.clock))
        tables = running.enter_context(TableStoreServer(None, instance=INSTANCE, key=KEY))
        self.oss = running.enter_context(OssServer(key=KEY))
        self.files = running.enter_context(FileHost(clock=self.clock))
        self.pls = running.enter_context(PlsServer(key=KEY, link=self.files.url))
        self.store = Store(tables, self.mns)
        running.callback(self.store.close)
        self.store.provision()
        self.settings = BucketSettings(self.oss.endpoint, BUCKET, REGION, "AES256")
        for _ in provision_bucket(self.settings, self.store.keys):
            pass
        self.queue = Queue(self.mns.endpoint, "recordings", time.time)
        running.callback(self.queue.close)
        self.jobs = Jobs(self.queue, self.store.keys, self.clock, time.monotonic)
        self.links = RecordLinks(LinkSettings(self.pls.endpoint, REGION, ("isv.RECORD_DELETED",)), self.store.keys)
        running.callback(self.links.close)
        self.bucket = RecordingBucket(self.settings, self.store.keys)
        running.callback(self.bucket.close)
        self._account = Account(self.mns.endpoint, KEY.key_id, KEY.secret)
        running.callback(self._account.mns_client.close_connection)

    @property
    def tools(self) -> ArchiveTools:
        """What a function would archive with."""
        host = ArchiveSettings(f"http://{self.files.endpoint.removeprefix('http://')}", "127.0.0.0/8", 1 << 30, 20.0)
        means = Means({"aliyun": self.links}, policy(host), LIMITS, SystemNetwork(), self.bucket)
        return ArchiveTools(
            rows=self.store.rows,
            jobs=self.jobs,
            means=means,
            patience=Clock().patience,
            clock=self.clock.milliseconds,
            lease_seconds=LEASE_SECONDS,
            owner=lambda: uuid.uuid4().hex,
        )

    def environment(self, **more: str) -> dict[str, str]:
        """What a function is told about this world."""
        return self.store.environment(
            OSS_ENDPOINT=self.oss.endpoint,
            OSS_BUCKET=BUCKET,
            OSS_REGION=REGION,
            PLS_ENDPOINT=self.pls.endpoint,
            RECORDING_HOSTS=self.files.endpoint,
            RECORDING_NETWORKS="127.0.0.0/8",
            **more,
        )

    def announce(self, call_id: str, size: int = 20_000, at: int | None = None, suffix: str = ".mp3") -> str:
        """Have a recording of a call at `at` (epoch milliseconds; None: now), and let it be told. Returns its id."""
        at = self.clock.milliseconds() if at is None else at
        self.files.put(f"{call_id}{suffix}", size)
        self.pls.recordings.add(call_id, at, POOL, f"{call_id}{suffix}")
        self.take_in([made(call_id, at)])
        return f"aliyun:{call_id}:call"

    def take_in(self, pushes: list[Envelope]) -> Summary:
        """One batch, as `ingest` takes it in."""
        return take_in(pushes, [], Stores(self.store.rows, self.jobs, RULES), Clock().patience())

    def archive(self, recording_id: str) -> Outcome:
        """Do one job."""
        return archive(recording_id, self.tools)

    def received(self) -> list[Message]:
        """The messages that can be had now; they stay in the queue until deleted."""
        found: list[Message] = []
        queue = self._account.get_queue("recordings")
        while True:
            try:
                batch = queue.batch_receive_message(16, 0)
            except MNSExceptionBase as error:
                if error.type == "MessageNotExist":
                    return found
                raise
            found += [Message(bytes(one.message_body).decode(), one.receipt_handle) for one in batch]

    def delete(self, message: Message) -> None:
        """Give a message back as done."""
        self._account.get_queue("recordings").delete_message(message.handle)

    def delete_all(self) -> list[str]:
        """Lose every message that can be had now; the recordings that they asked for."""
        lost = self.received()
        for message in lost:
            self.delete(message)
        return [jobs.recording_id(message.body) for message in lost]

    def work(self) -> list[Outcome]:
        """Every job that is due now, and those that come of them at once."""
        outcomes: list[Outcome] = []
        while messages := self.received():
            for message in messages:
                outcomes.append(self.archive(jobs.recording_id(message.body)))
                self.delete(message)
            assert len(outcomes) < MOST_JOBS, "a job asks for itself again and again"
        return outcomes

    def sweep(self) -> list[Swept]:
        """One sweep."""
        return list(sweep(self.sweep_tools()))

    def sweep_tools(self) -> SweepTools:
        """What a function would sweep with."""
        indexes = IndexRows(self.store.client, "", schema.RECORDINGS)
        return SweepTools(
            self.store.rows, indexes, self.jobs, Clock().patience, self.clock.milliseconds(), lambda: False
        )

    def recordings(self) -> dict[str, dict[str, Any]]:
        """Every row, by its id."""
        return {str(row["recording_id"]): row for row in rows_of(self.store.client, schema.RECORDINGS)}

    def objects(self) -> list[str]:
        """Every key in the bucket."""
        return self.oss.keys(BUCKET)


def made(call_id: str, at: int) -> Envelope:
    """A SecretRecording, of a call and received at `at` (epoch milliseconds)."""
    return push("SecretRecording", [{"call_id": call_id, "pool_key": POOL, "call_time": at}], at=at)


def end_of(call_id: str, at: int, **fields: Any) -> Envelope:
    """A SecretReport with a link, of a call and received at `at` (epoch milliseconds); `fields` beside or in place."""
    told = ended(call_id, call_time=at, record_url="https://records.example.com/r.mp3?Signature=s") | fields
    return push("SecretReport", [told], at=at)


@contextlib.contextmanager
def world() -> Iterator[World]:
    """A world of its own."""
    with contextlib.ExitStack() as running:
        yield World(running)
