"""B6 by counts: what `ingest` holds, opens and asks after thousands of receipts; and the means to measure it with."""

from __future__ import annotations

import contextlib
import gc
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.million.events import Events
from benchmarks.million.recent import RecentRows
from benchmarks.million.run import run
from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer
from local.cloud.mns import MnsServer
from local.cloud.oss import OssServer
from local.cloud.ram import identities_of
from local.cloud.tablestore.instance import Instance
from local.cloud.tablestore.store import Store
from local.stack import BUCKET, INSTANCE, KEY, REGION, credentials_environment
from ops.provisioning.provision import provision
from ops.settings import OpsSettings
from receipts.domain.letter import Letter
from receipts.intake.parsing import told_by
from receipts.joining.known import KnownFacts
from receipts.journal import envelope as envelopes
from receipts.store import pending
from receipts.store.client import opened
from receipts.store.sdk import tablestore
from receipts.triggers.queue_messages import messages_in
from tests.budgets.support import Context, changed, loaded, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The first of these events and the last one are of the stretch that brings letters.
NUMBERS, WARM = range(8, 17), 3
# Of 400,000 and more that are made meanwhile: what a cache has more or less when it is looked at.
MOST_MORE_OBJECTS = 600
STEP = "    messages = messages_in(event)\n"
# A row of `calls`, as far as the store cares.
SHARD, CALL = ("shard", "0000"), "call_id"
ABSENT, PRESENT = tablestore.RowExistenceExpectation.EXPECT_NOT_EXIST, tablestore.RowExistenceExpectation.EXPECT_EXIST


class Services:
    """A store that keeps so many rows, queues and a bucket, in this process."""

    def __init__(self, most: int, opened_: contextlib.ExitStack) -> None:
        store = Store(None)
        opened_.callback(store.close)
        self.rows = RecentRows(Instance(store, time.time), INSTANCE, identities_of(KEY), time.time, most)
        self.tables = opened_.enter_context(LoopbackServer(self.rows, Faults()))
        self.queues = opened_.enter_context(MnsServer(key=KEY))
        objects = opened_.enter_context(OssServer(key=KEY))
        self.settings = {
            **credentials_environment(),
            "TABLESTORE_ENDPOINT": self.tables.endpoint,
            "TABLESTORE_INSTANCE": INSTANCE,
            "MNS_ENDPOINT": self.queues.endpoint,
            "OSS_ENDPOINT": objects.endpoint,
            "OSS_BUCKET": BUCKET,
            "OSS_REGION": REGION,
        }
        self.there = OpsSettings.read(self.settings)
        for _ in provision(self.there):
            pass


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """They are there, and the settings lead to them."""
    with contextlib.ExitStack() as opened_:
        made = Services(2_000, opened_)
        for name, value in made.settings.items():
            monkeypatch.setenv(name, value)
        yield made


def check(ingest: Any, services: Services) -> None:
    """Fails when `ingest` holds more, opens more or asks for more after some thousand receipts than after one."""
    events, asked, objects, connections = Events(), [], [], []
    ingest.initialize(Context)
    clients: list[Any] = []
    try:
        for number in NUMBERS:
            _, event = events.event(number)
            before = services.tables.faults.calls.total()
            ingest.handler(event, Context)
            asked.append(services.tables.faults.calls.total() - before)
            del event
            gc.collect()
            objects.append(len(gc.get_objects()))
            client = ingest._instance.service.stores.rows._client
            clients += [client] * (client not in clients)
            connections.append(sum(_opened(one) for one in clients))
    finally:
        ingest._instance.service.stores.jobs.close()
        for one in clients:
            one.connection.pool.clear()
    assert objects[-1] - objects[WARM] < MOST_MORE_OBJECTS, objects
    assert connections[-1] == connections[0] == 1
    assert asked[-1] <= asked[0]
    assert max(asked[WARM:-1]) <= max(asked[1:WARM]) < asked[0], asked


def _opened(client: Any) -> int:
    """Connections to the store that a client has ever opened."""
    pools = client.connection.pool.pools
    # Not a mapping that can be iterated over: other threads may use it.
    return sum(pools[key].num_connections for key in pools.keys())  # noqa: SIM118


@pytest.fixture
def _small_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is known of earlier calls is full after the first events, not after thousands of calls."""
    monkeypatch.setattr(pending, "_KNOWN", KnownFacts(most_characters=50_000))


@pytest.mark.usefixtures("_small_cache")
def test_b6_nothing_grows_with_the_receipts(services: Services, tmp_path: Path) -> None:
    """After three thousand receipts `ingest` holds no more objects and no more connections, and asks no more."""
    check(loaded(source("ingest"), tmp_path), services)


@pytest.mark.usefixtures("_small_cache")
@pytest.mark.parametrize(
    ("step", "spoiled"),
    [
        (STEP, STEP + "    globals().setdefault('seen', []).extend([[one.id], []] for one in messages)\n"),
        ("if not _instance.made_for(keys):", "if True:"),
    ],
    ids=["keeps what it saw", "a client for each event"],
)
def test_b6_guard_notices_what_is_kept(services: Services, tmp_path: Path, step: str, spoiled: str) -> None:
    """The guard fails for a copy of `ingest` that remembers messages, and for one that opens a connection each time."""
    with pytest.raises(AssertionError):
        check(loaded(changed(source("ingest"), step, spoiled), tmp_path), services)


def _told(event: bytes) -> tuple[set[tuple[str, str]], set[str]]:
    """The rows that an event tells of, and its letters."""
    envelopes_ = [envelopes.opened(message.body, json.loads) for message in messages_in(event)]
    items = [item for envelope in envelopes_ for item in told_by(envelope)]
    rows = {(item.subject.table, item.identity) for item in items if not isinstance(item, Letter)}
    return rows, {item.letter_id for item in items if isinstance(item, Letter)}


def test_b6_events_tell_of_new_calls_each_time() -> None:
    """Only the pushes that come late tell of calls of the event before; letters are new ones; numbers may recur."""
    events = Events()
    told = [_told(events.event(number)[1]) for number in (8, 9, 16, 17, 24, 25)]
    calls = [{row for row in rows if row[0] in ("calls", "texts", "parcels")} for rows, _ in told]
    for one, other in ((0, 1), (2, 3), (4, 5)):
        assert 0 < len(calls[one] & calls[other]) < len(calls[one]) / 2
    for one, other in ((0, 2), (0, 3), (1, 2), (2, 4), (3, 5)):
        assert not calls[one] & calls[other]
    letters = [found for _, found in told]
    assert letters[0] or letters[1]
    assert len(set().union(*letters)) == sum(len(found) for found in letters[::2]) + len(
        set().union(*letters[1::2]) - set().union(*letters[::2])
    )
    assert not (letters[0] | letters[1]) & (letters[2] | letters[3])


def test_b6_an_event_is_the_same_whenever_it_is_made() -> None:
    """The same number, the same bytes, and as many receipts as it says."""
    held, event = Events().event(9)
    assert Events().event(9) == (held, event)
    told = [item for message in messages_in(event) for item in told_by(envelopes.opened(message.body, json.loads))]
    assert held <= len(told) + 2


def _put(call: str, revision: int, existence: Any, unmoved: int | None = None) -> Any:
    condition = (
        tablestore.Condition(existence)
        if unmoved is None
        else tablestore.Condition(
            existence,
            tablestore.SingleColumnCondition(
                "revision", unmoved, tablestore.ComparatorType.EQUAL, pass_if_missing=False
            ),
        )
    )
    columns = [("facts", "{}"), ("revision", revision), ("city", "杭州")]
    return tablestore.PutRowItem(tablestore.Row([SHARD, (CALL, call)], columns), condition)


def _written(client: Any, *items: Any) -> list[str]:
    request = tablestore.BatchWriteRowRequest()
    request.add(tablestore.TableInBatchWriteRowItem("calls", list(items)))
    return [item.error_code or "" for item in client.batch_write_row(request).get_put_by_table("calls")]


def _read(client: Any, *calls: str) -> list[dict[str, Any] | None]:
    request = tablestore.BatchGetRowRequest()
    keys = [[SHARD, (CALL, call)] for call in calls]
    request.add(tablestore.TableInBatchGetRowItem("calls", keys, ["facts", "revision", CALL], max_version=1))
    rows = [item.row for item in client.batch_get_row(request).get_result_by_table("calls")]
    return [{name: value for name, value, *_ in row.attribute_columns} if row else None for row in rows]


def test_b6_the_store_that_forgets_keeps_conditions_and_the_latest_rows() -> None:
    """The SDK reads what it wrote, a row that moved is a conflict, and the row written longest ago is forgotten."""
    failed = "OTSConditionCheckFail"
    with contextlib.ExitStack() as opened_:
        services = Services(2, opened_)
        client = opened_.enter_context(opened(services.there.store, services.there.keys))
        assert _written(client, _put("a", 1, ABSENT), _put("b", 1, ABSENT)) == ["", ""]
        assert _written(client, _put("a", 2, ABSENT), _put("c", 2, PRESENT)) == [failed, failed]
        assert _written(client, _put("a", 3, PRESENT, unmoved=2)) == [failed]
        assert _written(client, _put("a", 3, PRESENT, unmoved=1)) == [""]
        assert _read(client, "a", "b", "c") == [{"facts": "{}", "revision": 3}, {"facts": "{}", "revision": 1}, None]
        assert _written(client, _put("c", 1, ABSENT)) == [""]
        assert _read(client, "a", "b", "c") == [{"facts": "{}", "revision": 3}, None, {"facts": "{}", "revision": 1}]
        assert len(services.rows) == 2


def test_b6_a_run_is_watched_from_outside(services: Services) -> None:
    """A process of its own stores the receipts and tells what it took; none is left behind."""
    (sample,) = run(services.settings, 300, first=1)
    assert sample.receipts >= 300
    assert 0 < sample.cpu < sample.wall
    assert 10 < sample.megabytes <= sample.peak
    assert sample.files > 3


def test_b6_a_run_that_breaks_off_says_so(services: Services, capfd: pytest.CaptureFixture[str]) -> None:
    """What stops the process stops the measurement."""
    with pytest.raises(RuntimeError, match="ended with 1"):
        list(run({**services.settings, "STORE_BUDGET_SECONDS": "none"}, 300, first=1))
    assert "STORE_BUDGET_SECONDS" in capfd.readouterr().err
