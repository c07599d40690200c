"""Law 5, Crash, of a poll: whatever call it dies at, the next poll leaves the rows of one that did not die."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from mns.mns_exception import MNSExceptionBase
from mns.queue import Queue as VendorQueue
from tablestore import OTSClient

from local.cloud.faults import Fault
from local.host.host import Host
from local.stack import LAYER
from local.story import story
from receipts.journal.queue import Queue as JobQueue
from template.reading import TEMPLATE, read_functions
from tests.poll.support import DELETE, apart_from_deliveries
from tests.recordings.mortal import Killed, Life
from tests.store.support import KEY, WRITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from receipts.alicom.tokens import Queue
    from tests.poll.support import Vendor
    from tests.store.support import Tables

# Every call of a poll to the outside, but those for tokens: they change nothing.
CALLS = [
    (VendorQueue, "batch_receive_message"),
    (VendorQueue, "batch_delete_message"),
    (OTSClient, "batch_get_row"),
    (OTSClient, "batch_write_row"),
    (JobQueue, "send"),
]
DAY = story(5, calls=3).pushes


@contextlib.contextmanager
def living(life: Life) -> Iterator[None]:
    """Every call goes through that life."""

    def through(name: str, call: Any) -> Any:
        def outcome(*args: Any) -> tuple[Any, Exception | None]:
            try:
                return call(*args), None
            except MNSExceptionBase as error:
                # An empty queue answers with one; it must not be taken for a death that did not come.
                return None, error

        def called(*args: Any) -> Any:
            answer, error = life.call(name, outcome, *args)
            if error is not None:
                raise error
            return answer

        return called

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in CALLS:
            patch.setattr(owner, name, through(name, getattr(owner, name)))
        yield


def filled(vendor: Vendor) -> list[Queue]:
    """Queues with the day in them, receipts that are none among them, each with something of it."""
    queues = {message_type: vendor.open(message_type) for message_type in ("SecretReport", "SecretRecording")}
    for one in DAY:
        if one.message_type in queues:
            vendor.send(queues[one.message_type], one.body)
    vendor.send(queues["SecretReport"], *(f"garbage {number}".encode() for number in range(2)))
    return list(queues.values())


def gone_through(vendor: Vendor, queues: list[Queue]) -> Tables:
    """The rows of a poll that nothing happens to, without what tells of deliveries."""
    counts = vendor.poll(*queues)
    assert (counts["left"], vendor.left(*queues)) == (0, 0)
    # A message that comes again is no new sighting.
    assert all(row["seen"] == 1 for row in vendor.store.letters())
    return apart_from_deliveries(vendor.store.drained())


def test_law_crash_at_every_call_of_a_poll(vendor: Vendor) -> None:
    """Before or after any call is carried out, between store and deletion and between two deletions among them."""
    started_at = vendor.clock.now
    life = Life()
    queues = filled(vendor)
    with living(life):
        vendor.poll(*queues)
    reference = gone_through(vendor, queues)
    assert {name for _, name in CALLS} == set(life.calls)
    assert life.calls.count("batch_delete_message") >= 2
    for at in range(len(life.calls)):
        for carried_out in (False, True):
            # Times are the same as of the reference.
            vendor.clock.now = started_at
            queues = filled(vendor)
            with living(Life(at, carried_out=carried_out)), pytest.raises(Killed):
                vendor.poll(*queues)
            vendor.pass_by()
            assert gone_through(vendor, queues) == reference, f"{life.calls[at]}, {at}, carried out: {carried_out}"


def test_law_crash_of_one_consumer_of_several(vendor: Vendor) -> None:
    """Dead in the midst of others, and again in the next poll: the third one ends it."""
    started_at = vendor.clock.now
    reference = gone_through(vendor, filled(vendor))
    vendor.clock.now = started_at
    queues = filled(vendor)
    for at, carried_out in ((3, True), (5, False)):
        with living(Life(at, carried_out=carried_out)), contextlib.suppress(Killed):
            vendor.poll(*queues, consumers=3)
        vendor.pass_by()
    assert gone_through(vendor, queues) == reference


def test_law_crash_of_the_real_process(vendor: Vendor, tmp_path: Path) -> None:
    """SIGKILL right after the store has taken the rows: nothing was deleted, all of it comes again, and once only."""
    started_at = vendor.clock.now
    reference = gone_through(vendor, filled(vendor))
    vendor.clock.now = started_at
    queues = filled(vendor)
    messages = vendor.left(*queues)
    told = vendor.store.environment(
        ALIYUN_PUSH_TOKENS="t",
        ALICOM_QUEUES=",".join(f"{queue.message_type}:{queue.name}" for queue in queues),
        ALICOM_ENDPOINT=vendor.alicom.mns_endpoint,
        ALICOM_API_ENDPOINT=vendor.alicom.endpoint,
        POLL_WAIT_SECONDS="0",
        POLL_CONSUMERS="1",
    )
    functions = [one for one in read_functions(TEMPLATE, told) if one.name == "poll"]
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": KEY.key_id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY.secret}
    with Host(functions, layer_paths=[LAYER], environment=keys, log_dir=tmp_path, timers=False) as host:

        def kill() -> None:
            host.kill("poll")

        vendor.store.server.faults.plan(Fault(after=kill), on=WRITE)
        deleted = vendor.asked(DELETE)
        assert b"signal 9" in host.tick("poll").payload
        assert (vendor.asked(DELETE) - deleted, vendor.left(*queues)) == (0, messages)
        assert vendor.store.tables()["calls"]
        vendor.pass_by()
        counts = json.loads(host.tick("poll").payload)
    assert (counts["messages"], counts["left"], vendor.left(*queues)) == (messages, 0, 0)
    assert all(row["seen"] == 1 for row in vendor.store.letters())
    assert apart_from_deliveries(vendor.store.drained()) == reference
