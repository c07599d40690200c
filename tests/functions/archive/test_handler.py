"""`archive` around the copying: settings, keys, messages that are no jobs, its log, and what it raises."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from local.golden.shapes import raw_data, topic_notification
from receipts.credentials import Credentials
from receipts.errors import (
    Defect,
    QueueUnavailable,
    ReceiptsError,
    SettingError,
    StoreForbidden,
    StoreMisconfigured,
    StoreUnavailable,
)
from receipts.recordings.jobs import written
from receipts.recordings.naming import name
from tests.functions.loading import Context, event_of, loaded, logged
from tests.recordings.support import POOL
from tests.store.support import KEY, READ, WRITE, body_of

if TYPE_CHECKING:
    from tests.functions.loading import Function
    from tests.recordings.support import World

ID = "aliyun:c:call"
BUSY = Fault(status=503, code="OTSServerBusy")
LINK_RIGHT = "dypls:QueryRecordFileDownloadUrl"
JOB = json.dumps({"v": 1, "recording_id": ID})


@dataclass
class Keys:
    """A key pair in the context."""

    access_key_id: str
    access_key_secret: str
    security_token: str = ""


def test_it_archives_and_says_so(archive: Function, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """One line with the object's name, its bytes, and how long it waited and took."""
    world.announce("c", 5000)
    assert archive(event_of(JOB)) == {"archived": 1}
    (line,) = logged(capsys)
    told = {"event": "recording archived", "recording": ID, "object": name(ID), "bytes": 5000, "attempts": 1}
    assert line.items() >= {**told, "level": "info", "request_id": "1-test-request"}.items()
    assert line["ms"] >= 0
    assert line["waited_ms"] >= 0
    assert world.objects() == [world.recordings()[ID]["object_key"]]
    assert archive(event_of(JOB)) == {"archived": 1}
    (line,) = logged(capsys)
    assert (line["event"], line["state"]) == ("nothing to do", "archived")


@pytest.mark.parametrize(
    "event",
    [
        event_of(JOB),
        event_of(json.loads(JOB)),
        event_of(written(ID).decode()),
        json.dumps(raw_data(JOB, 1)).encode(),
        json.dumps(topic_notification(JOB, 1)).encode(),
        json.dumps({"body": JOB, "attrs": {}}).encode(),
        JOB.encode(),
    ],
    ids=["text", "object", "base64", "raw data", "topic", "stream", "bare"],
)
def test_every_form_of_a_message(archive: Function, world: World, event: bytes) -> None:
    """Whichever trigger brought it."""
    world.announce("c", 3000)
    assert archive(event) == {"archived": 1}


def test_several_jobs_in_one_event(archive: Function, world: World) -> None:
    """Counted by what became of them; nothing for an empty batch."""
    for call_id in ("a", "b"):
        world.announce(call_id, 3000)
    jobs = [json.dumps({"v": 1, "recording_id": f"aliyun:{call_id}:call"}) for call_id in ("a", "nobody", "b")]
    assert archive(event_of(*jobs)) == {"archived": 2, "unknown": 1}
    assert archive(b"[]") == {}


def test_law_poison_what_is_no_job_becomes_a_letter(
    archive: Function, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its bytes, once however often it comes, and its neighbour is archived all the same."""
    world.announce("c", 3000)
    hostile = ["nonsense 13900000001", {"v": 2}, "[" * 100_000, '{"v":1,"recording_id":"\\ud800"}', "\ud800", 7, None]
    for _ in range(2):
        assert archive(event_of(*hostile, JOB)) == {"letter": len(hostile), "archived": 1}
    letters = world.store.letters()
    assert len(letters) == len(hostile)
    assert {(letter["reason"], letter["vendor"], letter["seen"]) for letter in letters} == {
        ("bad_envelope", "unknown", 1)
    }
    assert b"nonsense 13900000001" in map(body_of, letters)
    lines = logged(capsys)
    assert sum(line["event"] == "not a job" for line in lines) == 2 * len(hostile)
    assert "13900000001" not in str(lines)


@pytest.mark.parametrize("event", [b"", b"\xff", b"7", b"null", b'"x"', b"{}", b"[[]]", b"[" * 100_000])
def test_law_never_500_whatever_the_event(archive: Function, world: World, event: bytes) -> None:
    """What is no event at all is a letter, too."""
    assert archive(event) == {"letter": 1}


def test_what_it_says_of_each_end(archive: Function, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Put off with the reason and the time; for a person; lost; and of what there is no row."""
    world.announce("later")
    world.files.put("later.mp3", b"<html>")
    world.announce("person")
    world.pls.recordings.add("person", 0, POOL, "x")
    world.announce("over", at=world.clock.milliseconds() - 40 * 24 * 3600 * 1000)
    row = world.recordings()["aliyun:over:call"]
    assert row["deadline_at"] > world.clock.milliseconds() - 40 * 24 * 3600 * 1000
    for call_id in ("later", "over", "nobody"):
        archive(event_of(json.dumps({"v": 1, "recording_id": f"aliyun:{call_id}:call"})))
    world.pls.faults.plan(Fault(status=200, code="isp.RAM_PERMISSION_DENY"))
    archive(event_of(json.dumps({"v": 1, "recording_id": "aliyun:person:call"})))
    later, over, nobody, person = logged(capsys)
    assert (later["event"], later["why"]) == ("recording put off", "it is an HTML page")
    assert 28 <= later["next_in_seconds"] <= 30
    assert (over["event"], over["state"]) == ("recording lost", "expired")
    assert nobody["event"] == "no such recording"
    assert (person["state"], person["why"]) == ("failed", f"the API answered isp.RAM_PERMISSION_DENY to {LINK_RIGHT}")
    assert person["do"] == "mend what it says, it is tried again"
    assert person["event"] == "recording not archived yet"
    assert later["level"] == "info"
    assert {line["level"] for line in (over, nobody, person)} == {"warning"}


@pytest.mark.parametrize(
    ("operation", "fault", "raised"),
    [
        (READ, BUSY, StoreUnavailable),
        (WRITE, BUSY, StoreUnavailable),
        (WRITE, Fault(status=403, code="OTSNoPermissionAccess"), StoreForbidden),
        (WRITE, Fault(status=403, code="OTSAuthFailed"), StoreMisconfigured),
    ],
)
def test_law_acknowledge_an_outage_raises_out_of_the_handler(
    archive: Function, capsys: pytest.CaptureFixture[str], operation: str, fault: Fault, raised: type[ReceiptsError]
) -> None:
    """So that the platform delivers the job again; and a line that says what to do."""
    world = archive.world
    world.announce("c", 3000)
    world.store.server.faults.plan(fault, on=operation, times=None)
    with pytest.raises(raised):
        archive(event_of(JOB))
    line = logged(capsys)[-1]
    assert (line["event"], line["level"]) == ("job not done", "warning")
    assert line["do"] == raised.advice
    world.store.server.faults.clear()


def test_law_acknowledge_the_next_attempt_is_in_the_queue_before_the_job_is_done(
    archive: Function, world: World
) -> None:
    """No queue, no acknowledgement."""
    world.announce("c", 3000)
    world.files.remove("c.mp3")
    world.mns.faults.plan(Fault(status=503), on="BatchSendMessage")
    with pytest.raises(QueueUnavailable):
        archive(event_of(JOB))


def test_law_privacy_a_defect_is_told_by_its_place_only(
    archive: Function, world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something unforeseen may hold a link in its message: the line and what is raised do not."""
    world.announce("c", 3000)

    def broken(*_: object) -> None:
        raise RuntimeError("https://files.example.com/13900000001?Signature=secret")

    archive.module.initialize(Context())
    monkeypatch.setattr(archive.module, "archive", broken)
    with pytest.raises(Defect) as caught:
        archive(event_of(JOB))
    assert str(caught.value).startswith("RuntimeError at test_handler.py:")
    assert caught.value.__cause__ is None
    shown = str(logged(capsys)) + str(caught.value)
    assert "Signature" not in shown
    assert "13900000001" not in shown


@pytest.mark.parametrize(
    "missing",
    ["TABLESTORE_ENDPOINT", "MNS_ENDPOINT", "OSS_ENDPOINT", "OSS_BUCKET", "ALIBABA_CLOUD_ACCESS_KEY_ID"],
)
def test_law_least_surprise_a_missing_setting_is_named_at_start(
    archive: Function, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """The initializer fails with the name of what is missing."""
    monkeypatch.delenv(missing)
    with pytest.raises(SettingError) as caught:
        archive.module.initialize(Context())
    assert caught.value.setting == missing


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("RECORDING_HOSTS", "https://a.example/path"),
        ("RECORDING_NETWORKS", "10.0.0.0/99"),
        ("RECORDING_MAX_BYTES", "lots"),
        ("ARCHIVE_BUDGET_SECONDS", "1"),
        ("PLS_ENDPOINT", "dyplsapi"),
        ("OSS_ENCRYPTION", "rot13"),
    ],
)
def test_law_least_surprise_a_wrong_setting_is_named_at_start(
    archive: Function, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    """What cannot be read is named, not guessed."""
    monkeypatch.setenv(setting, value)
    with pytest.raises(SettingError, match=setting):
        archive.module.initialize(Context())


def test_clients_are_kept_until_the_keys_change(archive: Function, world: World) -> None:
    """A warm instance keeps its clients; new keys of the platform make new ones, which sign with them."""
    world.announce("c", 3000)
    archive(event_of(JOB))
    first = archive.module._instance.service
    archive(event_of(JOB))
    assert archive.module._instance.service is first
    renewed: Any = Context(Keys(KEY.key_id, KEY.secret, "a-new-token"))
    archive.close()
    assert archive(event_of(JOB), renewed) == {"archived": 1}
    assert archive.module._instance.made_for(Credentials(KEY.key_id, KEY.secret, "a-new-token"))


def test_a_quiet_log_still_warns(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`LOG_LEVEL=warning` leaves the lines of what went well out, and no others."""
    world.announce("c", 3000)
    with loaded("archive", world, monkeypatch, LOG_LEVEL="warning") as function:
        function(event_of(JOB))
        assert logged(capsys) == []
        function(event_of("nonsense"))
        assert [line["event"] for line in logged(capsys)] == ["not a job"]
