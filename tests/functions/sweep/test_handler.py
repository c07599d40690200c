"""`sweep` around the sweeping: its tick, its log, its time, its settings, and what it raises."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.credentials import Credentials
from receipts.errors import Defect, QueueUnavailable, ReceiptsError, SettingError, StoreForbidden, StoreUnavailable
from receipts.store.schema import RECORDINGS, key
from receipts.store.sdk import tablestore
from tests.functions.loading import Context, logged
from tests.recordings.support import made
from tests.store.support import KEY, WRITE

if TYPE_CHECKING:
    from tests.functions.loading import Function
    from tests.recordings.support import World

TICK = json.dumps({"triggerTime": "2026-11-20T10:00:00Z", "triggerName": "every-ten-minutes", "payload": ""}).encode()
BUSY = Fault(status=503, code="OTSServerBusy")
NOTHING = {"queued": 0, "lost": 0, "near_deadline": 0}
HOUR_MS = 60 * 60 * 1000


def hours_ago(hours: float) -> int:
    """Epoch milliseconds; the function goes by the wall clock."""
    return round(time.time() * 1000 - hours * HOUR_MS)


@pytest.mark.parametrize("event", [TICK, b"", b"nonsense"])
def test_with_nothing_to_do(sweep: Function, capsys: pytest.CaptureFixture[str], event: bytes) -> None:
    """One line, whatever the tick says."""
    assert sweep(event) == NOTHING
    (line,) = logged(capsys)
    assert line.items() >= {"event": "sweep done", "level": "info", **NOTHING}.items()


def test_a_day_of_it(sweep: Function, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """What is overdue is queued again, what is over is lost, what is near is told: with an id, and no number."""
    world.announce("fresh")
    world.announce("13900000001-overdue", at=hours_ago(1))
    world.announce("near", at=hours_ago(29 * 24 + 1))
    world.announce("over", at=hours_ago(31 * 24))
    world.delete_all()
    assert sweep(TICK) == {"queued": 2, "lost": 1, "near_deadline": 1}
    assert sorted(world.delete_all()) == ["aliyun:13900000001-overdue:call", "aliyun:near:call"]
    lost, near, done = logged(capsys)
    assert (lost["event"], lost["recording"], lost["state"]) == ("recording lost", "aliyun:over:call", "expired")
    assert (near["event"], near["recording"], near["hours_left"]) == (
        "recording near its deadline",
        "aliyun:near:call",
        22,
    )
    assert done["event"] == "sweep done"
    assert sweep(TICK) == {"queued": 0, "lost": 0, "near_deadline": 1}
    assert world.delete_all() == []


def test_time_that_runs_out_is_no_failure(
    sweep: Function, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page at least; the next sweep goes on."""
    world.take_in([made(f"c{number}", hours_ago(31 * 24)) for number in range(100)])
    world.take_in([made(f"d{number}", hours_ago(31 * 24)) for number in range(110)])
    sweep.module.initialize(Context())
    sweep.module._instance.keep(
        sweep.module._instance.service._replace(seconds=0.0), Credentials(KEY.key_id, KEY.secret)
    )
    assert sweep(TICK)["lost"] == 200
    assert sweep(TICK)["lost"] == 10
    assert logged(capsys)[-1]["event"] == "sweep done"


@pytest.mark.parametrize(
    ("operation", "fault", "raised"),
    [
        ("GetRange", BUSY, StoreUnavailable),
        (WRITE, BUSY, StoreUnavailable),
        ("GetRange", Fault(status=403, code="OTSNoPermissionAccess"), StoreForbidden),
    ],
)
def test_an_outage_raises_out_of_the_handler(
    sweep: Function, capsys: pytest.CaptureFixture[str], operation: str, fault: Fault, raised: type[ReceiptsError]
) -> None:
    """The platform's metric of failures shows it, and a line says what to do; the next sweep does the work."""
    world = sweep.world
    world.announce("c", at=hours_ago(1))
    world.delete_all()
    world.store.server.faults.plan(fault, on=operation, times=None)
    with pytest.raises(raised):
        sweep(TICK)
    line = logged(capsys)[-1]
    assert (line["event"], line["do"]) == ("sweep broken off", raised.advice)
    world.store.server.faults.clear()
    assert sweep(TICK)["queued"] == 1


def test_a_queue_that_is_down(sweep: Function, world: World) -> None:
    """What is marked as queued and is not comes again after half an hour."""
    world.announce("c", at=hours_ago(1))
    world.delete_all()
    world.mns.faults.plan(Fault(status=503), on="BatchSendMessage")
    with pytest.raises(QueueUnavailable):
        sweep(TICK)
    assert sweep(TICK)["queued"] == 0
    world.clock.push(31 * 60)
    assert [page.queued for page in world.sweep()] == [["aliyun:c:call"]]


def test_law_privacy_a_defect_is_told_by_its_place_only(
    sweep: Function, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message may hold anything."""

    def broken(*_: object) -> None:
        raise RuntimeError("13900000001")

    sweep.module.initialize(Context())
    monkeypatch.setattr(sweep.module, "sweep", broken)
    with pytest.raises(Defect) as caught:
        sweep(TICK)
    assert "13900000001" not in str(logged(capsys)) + str(caught.value)


@pytest.mark.parametrize("missing", ["TABLESTORE_ENDPOINT", "MNS_ENDPOINT", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"])
def test_law_least_surprise_a_missing_setting_is_named_at_start(
    sweep: Function, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """The initializer fails with the name of what is missing."""
    monkeypatch.delenv(missing)
    with pytest.raises(SettingError) as caught:
        sweep.module.initialize(Context())
    assert caught.value.setting == missing


def test_law_poison_one_row_that_cannot_be_read(
    sweep: Function, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody has edited a row by hand: it is told, and its neighbours are swept all the same."""
    for call_id in ("a", "b", "c"):
        world.announce(call_id, at=hours_ago(31 * 24 if call_id == "c" else 2))
    world.delete_all()
    spoil(world, "aliyun:b:call")
    assert sweep(TICK) == {"queued": 1, "lost": 1, "near_deadline": 0}
    assert "recording cannot be read" in {line["event"] for line in logged(capsys)}


def spoil(world: World, recording_id: str) -> None:
    """Take a column away that every recording has."""
    row = tablestore.Row(list(key(RECORDINGS, recording_id)), {"DELETE_ALL": ["called_at"]})
    world.store.client.update_row("recordings", row, tablestore.Condition("IGNORE"))
