"""Law 5, Crash, for Huawei's receipts: whatever call `ingest` or `archive` dies at, nothing is lost or doubled."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from receipts.intake.pipeline import Stores, take_in
from receipts.recordings.archive import archive
from receipts.store import schema
from tests.huawei.made_up import APP, X, envelope, event, fee, record, text
from tests.recordings.huawei import DOMAIN, HuaweiWorld
from tests.recordings.mortal import Killed, Life, mortal_jobs, mortal_rows, mortal_tools
from tests.recordings.support import LEASE_SECONDS
from tests.store.support import RULES, Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.journal.envelope import Envelope

ICID = "icid-1"


@pytest.fixture
def world() -> Iterator[HuaweiWorld]:
    """Huawei's API and files, a store, a queue and a bucket."""
    with contextlib.ExitStack() as running:
        yield HuaweiWorld(running)


def batch(world: HuaweiWorld) -> list[Envelope]:
    """A call with its record, a text and a state, and one record that is none."""
    at = world.clock.milliseconds()
    bodies: list[Any] = [
        event("callin", caller=X),
        fee(record(icid=ICID, recordObjectName="a.wav", recordDomain=DOMAIN), {"icid": "no session"}),
        text(),
        {"eventType": "numStatus", "numInfo": [{"number": X, "status": "5"}]},
    ]
    return [envelope(body, at + number) for number, body in enumerate(bodies)]


def rows(world: HuaweiWorld) -> dict[str, list[dict[str, Any]]]:
    """Every row but the recordings', which have a history."""
    tables = world.store.tables()
    tables.pop(schema.RECORDINGS.name)
    return tables


def test_law_crash_of_ingest_at_every_call(world: HuaweiWorld) -> None:
    """The batch comes again: the same rows as without the crash, one letter, one recording, one download."""
    pushes, life = batch(world), Life()
    world.keep("a.wav")

    def taken_in(life: Life) -> None:
        take_in(pushes, [], Stores(mortal_rows(world, life), mortal_jobs(world, life), RULES), Clock().patience())

    taken_in(life)
    reference = rows(world)
    assert [len(reference[name]) for name in ("calls", "texts", "numbers", "dead_letters")] == [1, 1, 1, 1]
    for at in range(len(life.calls)):
        for carried_out in (False, True):
            world.store.clear()
            world.delete_all()
            with pytest.raises(Killed):
                taken_in(Life(at, carried_out=carried_out))
            world.take_in(pushes)
            assert rows(world) == reference, f"{life.calls[at]}, carried out: {carried_out}"
            assert [row["recording_id"] for row in world.recordings().values()] == [f"huawei:{ICID}"]
    world.work()
    assert world.recordings()[f"huawei:{ICID}"]["state"] == "archived"
    assert world.files.requests["a.wav"] == 1


def test_law_crash_of_archive_at_every_call(world: HuaweiWorld) -> None:
    """The link asked for or not, the copy made or not: once the lease has ended it is archived, as one object."""
    life = Life()
    world.keep("reference.wav")
    archive(world.tell("reference", recordObjectName="reference.wav"), mortal_tools(world, life))
    world.delete_all()
    for at in range(len(life.calls)):
        for carried_out in (False, True):
            name = f"c{at}{carried_out}"
            world.keep(f"{name}.wav")
            recording_id = world.tell(name, recordObjectName=f"{name}.wav", appKey=APP, callInTime=None)
            world.delete_all()
            with pytest.raises(Killed):
                archive(recording_id, mortal_tools(world, Life(at, carried_out=carried_out)))
            world.archive(recording_id)
            world.clock.push(LEASE_SECONDS)
            world.work()
            row = world.recordings()[recording_id]
            assert row["state"] == "archived", f"{life.calls[at]}, carried out: {carried_out}"
            assert world.files.requests[f"{name}.wav"] <= 1 + ("connect" in life.calls[: at + 1])
    assert len(world.objects()) == 1 + 2 * len(life.calls)
