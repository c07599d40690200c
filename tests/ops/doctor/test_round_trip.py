"""The test receipt: it takes the way of all others, is told where it got stuck, and leaves nothing behind."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from mns.queue import QueueMeta

from local.cloud.faults import Fault
from local.stack import KEY
from ops.doctor import trip
from ops.doctor.sample import MARK, Sample
from ops.provisioning import queues
from ops.reading import store_of
from ops.settings import OpsSettings
from receipts.credentials import Credentials
from receipts.deadline import Deadline
from receipts.journal.journal import Journal
from receipts.journal.queue import Queue
from tests.local.support import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ops.doctor.conftest import Doctor

ROW = "row of the test receipt"


@pytest.fixture
def slow(doctor: Doctor) -> Iterator[str]:
    """A queue as declared that nothing consumes."""
    with queues.opened(doctor.stack.mns.endpoint, Credentials(*KEY)) as account:
        account.get_queue("slow").create(QueueMeta(150, 65536, 604800, polling_wait_sec=10))
        yield "slow"
        account.get_queue("slow").delete()


def test_all_is_well_and_nothing_is_left(doctor: Doctor) -> None:
    """On a cloud that is as it should be every line is ok, the exit code 0, and every row what it was before."""
    before = doctor.rows()
    found = doctor.run()
    assert set(found.states.values()) == {"ok"}, found.troubled
    assert found.code == 0
    assert "and removed again" in found.lines[ROW]["found"]
    assert doctor.rows() == before


def test_a_receipt_that_is_pushed_comes_by_the_function(doctor: Doctor) -> None:
    """With --url the very address of `receive` is tried, token included."""
    before, url = doctor.rows(), doctor.stack.host.url("receive")
    found = doctor.run("--url", url)
    assert found.lines["test receipt"]["found"].startswith("`receive` answered 200")
    assert found.states[ROW] == "ok"
    assert doctor.rows() == before


@pytest.mark.parametrize(
    ("end", "settings", "words", "do"),
    [
        ("", {"ALIYUN_PUSH_TOKENS": "another-token-0123456789"}, "answered 403", "ALIYUN_PUSH_TOKENS of this shell"),
        ("/no/such/path", {}, "answered 404", "without a path"),
    ],
)
def test_a_push_that_is_refused_says_why(
    doctor: Doctor, end: str, settings: dict[str, str], words: str, do: str
) -> None:
    """The status, and what to do about it; the row is not waited for."""
    found = doctor.run("--function", "receive", "--url", doctor.stack.host.url("receive") + end, **settings)
    assert (found.code, found.states["test receipt"]) == (1, "wrong")
    assert words in found.lines["test receipt"]["found"]
    assert do in found.lines["test receipt"]["do"]
    assert ROW not in found.lines


def test_nobody_at_the_url(doctor: Doctor) -> None:
    """The address holds the token, so that it is not repeated (`doctor` looks for it)."""
    found = doctor.run("--function", "receive", "--url", "http://127.0.0.1:9")
    assert found.lines["test receipt"]["found"].startswith("nobody answers at --url")


def test_without_a_token_nothing_is_pushed(doctor: Doctor) -> None:
    """Who has Huawei only puts the receipt on the queue."""
    found = doctor.run("--function", "receive", "--url", doctor.stack.host.url("receive"), ALIYUN_PUSH_TOKENS="")
    assert (found.code, found.states["test receipt"]) == (0, "skipped")
    assert doctor.run("--function", "receive").states[ROW] == "ok"


def test_a_receipt_that_nobody_takes_is_told(doctor: Doctor, slow: str) -> None:
    """It waits in the queue: the trigger is looked at."""
    found = doctor.run("--wait", "0.2", RECEIPTS_QUEUE=slow)
    assert (found.code, found.states["test receipt"], found.states[ROW]) == (1, "ok", "wrong")
    assert "about 1 messages wait in slow, and nobody takes them" in found.lines[ROW]["found"]
    assert "trigger of `ingest`" in found.lines[ROW]["do"]


def test_a_receipt_that_is_held_is_told(doctor: Doctor) -> None:
    """`ingest` has it, and the table does not take it: its log is looked at. What comes late is removed later."""
    doctor.stack.tablestore.faults.plan(Fault(status=503, code="OTSServerBusy"), on="BatchWriteRow", times=None)
    found = doctor.run("--wait", "1")
    assert found.states[ROW] == "wrong"
    assert "log of `ingest`" in found.lines[ROW]["do"]
    doctor.stack.tablestore.faults.clear()
    late = wait_until(lambda: left_over(doctor))
    with store_of(doctor.stack.environment()) as store:
        sample_of(late[0]).remove(store)
    assert not left_over(doctor)


def left_over(doctor: Doctor) -> list[str]:
    """The ids of the doctor's calls in the table."""
    return [row["call_id"] for row in doctor.rows()["calls"] if row["order_id"] == MARK]


def sample_of(identity: str) -> Sample:
    """The sample whose row this is."""
    second, chance = identity.removeprefix(f"aliyun:{MARK}-").split("-")
    return Sample(int(second) * 1000, chance)


def send(doctor: Doctor, sample: Sample, **fields: str) -> None:
    """Put a sample on the queue that `ingest` empties, and wait for its row."""
    settings = OpsSettings.read(doctor.stack.environment())
    journal = Journal(Queue(settings.mns_endpoint, "receipts", time.time), settings.bucket, time.time)
    body = json.dumps([{**json.loads(sample.body)[0], **fields}]).encode()
    journal.put([sample.envelope._replace(body=body)], settings.keys, Deadline(5, time.monotonic))
    journal.close()
    with store_of(doctor.stack.environment()) as store:
        wait_until(lambda: sample.stored(store))


def test_breaking_it_off_removes_the_row(doctor: Doctor, slow: str) -> None:
    """Ctrl-C while it waits, and the row is there by then: it goes."""
    before = doctor.rows()
    sample = Sample(round(time.time() * 1000), "interrupted")

    def interrupt(_: float) -> None:
        send(doctor, sample)
        assert doctor.rows() != before
        raise KeyboardInterrupt

    settings = OpsSettings.read(doctor.stack.environment())._replace(receipts_queue=slow)
    with store_of(doctor.stack.environment()) as store:
        means = trip.Means(store, settings, "", "", 5, time.time, time.monotonic, interrupt)
        with pytest.raises(KeyboardInterrupt):
            list(trip.lines(sample, means))
    assert doctor.rows() == before


def test_what_runs_left_behind_is_removed_by_the_next(doctor: Doctor) -> None:
    """One that was killed could not: found by its order. Another run's at this moment, and anybody's own, stay."""
    now = round(time.time() * 1000)
    old, fresh = Sample(now - 20 * 60 * 1000, "old"), Sample(now, "fresh")
    theirs = Sample(now - 20 * 60 * 1000, "theirs")
    send(doctor, old)
    send(doctor, fresh)
    send(doctor, theirs, out_id="order-1")
    found = doctor.run()
    assert found.lines["leftovers"]["found"].startswith("1 test receipts of runs that were broken off removed")
    with store_of(doctor.stack.environment()) as store:
        assert [one.stored(store) for one in (old, fresh, theirs)] == [False, True, True]
        for one in (fresh, theirs):
            one.remove(store)


def test_what_cannot_be_removed_is_told(doctor: Doctor) -> None:
    """Without the right to delete rows, somebody has to know that there is one too many."""
    doctor.stack.tablestore.faults.plan(Fault(status=403, code="OTSNoPermissionAccess"), on="DeleteRow", times=None)
    found = doctor.run()
    assert (found.code, found.states["leftovers"]) == (0, "warning")
    assert "ots:DeleteRow" in found.lines["leftovers"]["do"]
    doctor.stack.tablestore.faults.clear()
    with store_of(doctor.stack.environment()) as store:
        for identity in left_over(doctor):
            sample_of(identity).remove(store)


def test_nothing_is_written_where_that_is_not_wanted(doctor: Doctor) -> None:
    """--no-write sends nothing, and says that nothing was seen to arrive."""
    asked = doctor.stack.mns.faults.calls["BatchSendMessage"]
    found = doctor.run("--no-write")
    assert (found.code, found.states["round trip"]) == (0, "skipped")
    assert doctor.stack.mns.faults.calls["BatchSendMessage"] == asked
