"""Law 8, Archive: whatever the file host does, what is archived is the file at the source, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from oss2.utils import Crc64

from local.cloud.files import HTML_PAGE, XML_ERROR, Misbehaviour
from local.cloud.files.audio import KINDS, mp3
from receipts.domain.recording import OPEN
from receipts.fetching.limits import Limits
from receipts.intake.pipeline import Stores, take_in
from receipts.recordings.schedule import next_attempt
from receipts.recordings.settings import RecordingRules
from tests.recordings.hands import Attempt, crew
from tests.recordings.support import BUCKET, POOL
from tests.store.support import Clock, push

if TYPE_CHECKING:
    from tests.recordings.support import World

ALL = 200
# A file that is one part, or two.
SMALL, LARGE, MOST = 20_000, 4_400_000, 5_000_000
CUT = 15_000
LIMITS = Limits(first_byte_seconds=0.5, idle_seconds=0.3, total_seconds=1.5, max_bytes=MOST)
# The announcements waited in the queue for most of the day that the vendor keeps files here. Half an hour is left: a
# recording that is never had is tried at once, after the first three pauses, and a quarter of an hour before the end.
WAITED_MS = 1410 * 60 * 1000
TRIES = 5
RULES = RecordingRules(aliyun_days=1, url_delay_seconds=1200)
EXTENSIONS = {".mp3": "mp3", ".wav": "wav", ".amr": "amr", ".ogg": "ogg"}


def ways(world: World) -> dict[str, Misbehaviour]:
    """Every way of failing, by name."""
    host = world.files
    private = ("http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://localhost/")
    return {
        "an XML error": Misbehaviour(instead=XML_ERROR),
        "an XML error that says it is audio": Misbehaviour(instead=XML_ERROR, content_type="audio/mpeg"),
        "an XML error in chunks": Misbehaviour(instead=XML_ERROR, framing="chunked"),
        "an HTML page": Misbehaviour(instead=HTML_PAGE),
        "nothing": Misbehaviour(instead=b""),
        "nothing in chunks": Misbehaviour(instead=b"", framing="chunked"),
        "cut short": Misbehaviour(truncate_after=CUT),
        "cut short in chunks": Misbehaviour(truncate_after=CUT, framing="chunked"),
        "cut short without a length": Misbehaviour(truncate_after=CUT, framing="close"),
        "whole, without a length": Misbehaviour(framing="close"),
        "a reset": Misbehaviour(reset_after=CUT),
        "a reset in chunks": Misbehaviour(reset_after=CUT, framing="chunked"),
        "a length too large": Misbehaviour(length_off_by=7),
        "a length too small": Misbehaviour(length_off_by=-7),
        "a stall": Misbehaviour(stall_after=CUT),
        "a drip": Misbehaviour(drip_bytes=500, drip_seconds=0.15),
        "a slow first byte": Misbehaviour(first_byte_after=2.0),
        "404": Misbehaviour(redirect_to=host.url("nothing-there.mp3")),
        "403, expired": Misbehaviour(redirect_to=host.url("any.mp3", life_seconds=-60)),
        "403, unsigned": Misbehaviour(redirect_to=f"{host.endpoint}/any.mp3"),
        "too large": Misbehaviour(instead=mp3(MOST + 1).read()),
        "too large, in chunks": Misbehaviour(instead=mp3(MOST + 1).read(), framing="chunked"),
        **{f"a redirect to {url}": Misbehaviour(redirect_to=url, redirect_status=307) for url in private},
    }


def harmless(world: World, name: str) -> list[Misbehaviour]:
    """Oddities that cost no attempt."""
    return [
        Misbehaviour(content_type="text/html"),
        Misbehaviour(framing="chunked"),
        Misbehaviour(redirect_to=world.files.url(name)),
        Misbehaviour(drip_bytes=5000, drip_seconds=0.01),
        Misbehaviour(first_byte_after=0.05),
    ]


class Planned(NamedTuple):
    """One recording: its file, and how often it is sent wrong; None for always."""

    call_id: str
    file: str
    times: int | None


def plan(world: World, called_at: int) -> list[Planned]:
    """Two hundred recordings of calls at that moment, and what goes wrong with each."""
    planned = []
    bad = ways(world)
    names, kinds = list(bad), list(KINDS)
    for number in range(ALL):
        turn, which = divmod(number, len(names))
        way = names[which]
        call_id, file = f"c{number}", f"r{number}{kinds[number % len(kinds)]}"
        world.files.put(file, LARGE if number % 31 == 30 else SMALL + number)
        world.pls.recordings.add(call_id, called_at, POOL, file)
        times: int | None = (1, 2, None, 0, 0, 0, 0, 0, 0)[turn]
        if times == 0:
            odd = harmless(world, file)
            world.files.misbehave(file, odd[number % len(odd)], times=1)
        else:
            world.files.misbehave(file, bad[way], times=times and 1)
        if times == 2:
            # Two ways, one after the other.
            world.files.misbehave(file, bad[names[(which * 7 + 3) % len(names)]], times=1)
        planned.append(Planned(call_id, file, times))
    return planned


def announce(world: World, planned: list[Planned], at: int) -> None:
    """Tell of them all, as the vendor does."""
    told = [{"call_id": one.call_id, "pool_key": POOL, "call_time": at} for one in planned]
    stores = Stores(world.store.rows, world.jobs, RULES)
    pushes = [push("SecretRecording", told[start : start + 50], start, at=at) for start in range(0, len(told), 50)]
    take_in(pushes, [], stores, Clock().patience())


def until_the_end(world: World) -> list[Attempt]:
    """Do every job when the queue gives it out, until there is none left."""
    done: list[Attempt] = []
    with crew(world, 4, LIMITS) as hands:
        done += hands.work()
        while open_ := [row for row in world.recordings().values() if row["state"] in OPEN]:
            soonest = min(row["next_attempt_at"] for row in open_)
            # Those that are due within seconds of each other in one go.
            world.clock.push(max(0.0, (soonest - world.clock.milliseconds()) / 1000) + 10)
            done += hands.work()
    assert world.received() == []
    return done


def sum_of(body: bytes) -> str:
    """Its CRC-64, as OSS writes it."""
    crc = Crc64()
    crc(body)
    return str(crc.crc)


def test_law_archive_with_every_misbehaviour_at_once(world: World) -> None:
    """Two hundred recordings: each ends archived with the source's bytes, or in a named final state."""
    called_at = world.clock.milliseconds() - WAITED_MS
    planned = plan(world, called_at)
    announce(world, planned, called_at)
    attempts = until_the_end(world)

    rows = world.recordings()
    assert len(rows) == ALL
    objects = set(world.objects())
    for call_id, file, times in planned:
        row = rows[f"aliyun:{call_id}:call"]
        assert "lease_owner" not in row
        if times is None:
            # That there is no file is the vendor's word.
            lost = "absent" if row.get("vendor_code") == "HTTP 404" else "expired"
            assert (row["state"], row["attempts"]) == (lost, TRIES), row
            assert row["last_error"]
            assert "object_key" not in row
            continue
        assert row["state"] == "archived", row
        assert row["attempts"] >= times + 1
        source = world.files.body(file)
        body = world.oss.object(BUCKET, row["object_key"])
        assert body == b"".join(source.blocks())
        kind = file[file.index(".") :]
        assert (row["bytes"], row["crc64"]) == (source.size, sum_of(body))
        assert row["content_type"] == KINDS[kind].content_type
        assert row["object_key"].endswith(f".{EXTENSIONS[kind]}")
        head = world.oss.headers(BUCKET, row["object_key"])
        assert (head["content-type"], head["x-oss-hash-crc64ecma"]) == (row["content_type"], row["crc64"])
        assert head["x-oss-server-side-encryption"] == "AES256"
        objects.remove(row["object_key"])
    # No error page, nothing that belongs to no row, no upload left half done.
    assert objects == set()
    assert world.oss._uploads.all(BUCKET) == []
    assert schedule_kept(attempts) > ALL


def schedule_kept(attempts: list[Attempt]) -> int:
    """How many attempts were put off, each by as much as the schedule says and none beyond the deadline."""
    put_off = 0
    for one in attempts:
        after = one.outcome.recording
        assert after is not None
        if not one.outcome.tried:
            assert after.state in ("expired", "absent")
            assert one.ended >= after.deadline_at
            continue
        assert one.began < after.deadline_at
        if after.state in OPEN:
            assert after.next_attempt_at is not None
            soonest, latest = (next_attempt(after.attempts, now, after.deadline_at) for now in (one.began, one.ended))
            assert soonest <= after.next_attempt_at <= latest <= after.deadline_at
            put_off += 1
    return put_off
