"""Law 6, Privacy: links, signatures and numbers never reach a log, an error, a key or `last_error`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from local.cloud.faults import Fault
from local.cloud.files import HTML_PAGE, Misbehaviour
from receipts.domain.recording import OPEN, Recording
from receipts.errors import ReceiptsError
from receipts.recordings.rows import change
from tests.functions.loading import Function, event_of, loaded
from tests.recordings.support import DAY, POOL, end_of, made
from tests.store.support import READ, WRITE, Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.recordings.support import World

PHONE = "13900004711"
# A vendor may number a call by whatever it likes.
CALLS = [PHONE, f"../{PHONE}/\n86{PHONE}-17000004712"]
SECRETS = (PHONE, "17000004712", "Signature=", "sig-4713", "OSSAccessKeyId", "a-secret-of-the-tests")


def leaks(shown: str) -> set[str]:
    """What must not be shown and is."""
    found = {secret for secret in SECRETS if secret in shown}
    # Ids of objects are hexadecimal: eleven digits in a row come up in one of them sooner or later.
    return found | set(re.findall(r"(?<![0-9a-f])1[3-9]\d{9}(?![0-9a-f])", shown))


def trouble(world: World) -> list[Callable[[], None]]:
    """Everything that makes a function speak, one after the other."""
    oss, pls, store, mns = world.oss.faults, world.pls.faults, world.store.server.faults, world.mns.faults
    refused = Fault(status=403, code="AccessDenied")
    elsewhere = Misbehaviour(redirect_to=f"http://{PHONE}.example/{PHONE}?Signature=sig-4713")

    def misbehave(way: Misbehaviour) -> Callable[[], None]:
        def plan() -> None:
            for number in range(len(CALLS)):
                world.files.misbehave(f"f{number}.mp3", way, times=1)

        return plan

    return [
        lambda: pls.plan(Fault(status=400, code="SignatureDoesNotMatch"), times=None),
        lambda: pls.plan(Fault(status=200, code=f"isv.{PHONE}"), times=None),
        lambda: pls.plan(Fault(close_before=True), times=None),
        misbehave(elsewhere),
        misbehave(Misbehaviour(instead=HTML_PAGE)),
        misbehave(Misbehaviour(truncate_after=100)),
        misbehave(Misbehaviour(redirect_to="")),
        lambda: oss.plan(refused, on="PutObject", times=None),
        lambda: oss.plan(Fault(close_before=True), on="PutObject", times=None),
        lambda: store.plan(Fault(status=403, code="OTSNoPermissionAccess"), on=READ, times=None),
        lambda: store.plan(Fault(status=503, code="OTSServerBusy"), on=WRITE, times=None),
        lambda: mns.plan(Fault(status=500), on="BatchSendMessage", times=None),
        lambda: None,
    ]


def invoked(function: Function, event: bytes) -> str:
    """What the platform shows of an invocation that failed."""
    try:
        return json.dumps(function(event))
    except ReceiptsError as error:
        return f"{type(error).__name__}: {error} {error.__cause__!r}"


def test_law_privacy_of_the_functions(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Calls numbered by phone numbers and links, and every kind of trouble: nothing of them is shown anywhere."""
    now = world.clock.milliseconds()
    jobs: list[Any] = []
    for number, call_id in enumerate(CALLS):
        world.files.put(f"f{number}.mp3", 3000)
        world.pls.recordings.add(call_id, now, POOL, f"f{number}.mp3")
        link = f"http://{PHONE}.example/{PHONE}.mp3?Signature=sig-4713"
        world.take_in([made(call_id, now), end_of(call_id, now, call_time=now, record_url=link, ring_record_url=link)])
        jobs += [{"v": 1, "recording_id": f"aliyun:{call_id}:{kind}"} for kind in ("call", "ring")]
    # Not jobs, but by their looks.
    jobs += [f"not a job of {PHONE}", {"v": 1, "recording_id": f"aliyun:{PHONE}nobody:call"}]
    shown: list[str] = []
    with loaded("archive", world, monkeypatch) as archive:
        for plan in trouble(world):
            plan()
            shown += [invoked(archive, event_of(json.dumps(job))) for job in jobs]
            for server in (world.oss.faults, world.pls.faults, world.store.server.faults, world.mns.faults):
                server.clear()
            shown += [str(row.get("last_error")) for row in world.recordings().values()]
            put_back(world)
    states = {row["state"] for row in world.recordings().values()}
    assert states == {"archived", "failed"}
    with loaded("sweep", world, monkeypatch) as sweep:
        world.take_in([made(f"{call_id}-old", now - 30 * DAY * 1000 + 3_600_000) for call_id in CALLS])
        world.take_in([made(f"{call_id}-over", now - 40 * DAY * 1000) for call_id in CALLS])
        shown.append(invoked(sweep, b"{}"))
    captured = capsys.readouterr()
    assert captured.err == ""
    lines = [json.loads(line) for line in captured.out.splitlines()]
    assert {line["event"] for line in lines} >= {
        "recording archived",
        "recording not archived yet",
        "no such recording",
        "not a job",
        "job not done",
        "recording near its deadline",
    }
    assert len(world.objects()) == len(CALLS)
    text = "\n".join([*shown, *map(json.dumps, lines), *world.objects()])
    assert leaks(text) == set()


def put_back(world: World) -> None:
    """As if the next attempt's time had come, and every lease had run out: the functions go by the wall clock."""

    def step(before: Recording) -> Recording | None:
        changes = {"next_attempt_at": 1, "lease_owner": None, "lease_until": None}
        return before.model_copy(update=changes) if before.state in OPEN else None

    for recording_id in world.recordings():
        change(world.store.rows, recording_id, step, Clock().patience())


def test_law_privacy_the_search_finds_a_leak() -> None:
    """The search can fail."""
    assert leaks(f'{{"recording": "aliyun:{PHONE}:call"}}') == {PHONE}
    assert leaks("17000000099") == {"17000000099"}
    assert leaks("recordings/aliyun/2026/11/20/a13900004712bcdef.mp3") == set()
    assert leaks("http://h/x?Signature=1") == {"Signature="}
