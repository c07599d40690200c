"""Huawei's recordings from their announcement to their end, through the API and by the call record's own link."""

from __future__ import annotations

import contextlib
import hashlib
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.recordings.archive import archive
from tests.recordings.huawei import DOMAIN, NAME, HuaweiWorld, links_of
from tests.recordings.support import BUCKET, DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

OPERATION = "GetRecordingDownloadUrl"
# A call record with a link and nothing to ask the API by.
UNNAMED: Mapping[str, None] = {"recordObjectName": None, "recordDomain": None}
UNSET = "HUAWEI_API_ENDPOINT is not set: the API cannot be asked"


@pytest.fixture
def world() -> Iterator[HuaweiWorld]:
    """A world with both vendors, and nothing in it."""
    with contextlib.ExitStack() as running:
        yield HuaweiWorld(running)


def bytes_of(world: HuaweiWorld, key: str) -> bytes:
    """What the bucket keeps under a key."""
    return bytes(world.bucket._bucket.get_object(key).read())


def original(world: HuaweiWorld, name: str) -> bytes:
    """What the vendor's host has."""
    return b"".join(world.files.body(name).blocks())


def row(world: HuaweiWorld, recording_id: str) -> dict[str, Any]:
    """The recording as it is stored."""
    return world.recordings()[recording_id]


@pytest.mark.parametrize("size", [20_000, 5_000_000], ids=["one piece", "parts"])
def test_law_archive_through_the_api(world: HuaweiWorld, size: int) -> None:
    """The bytes in the bucket are those at the source, under a key that tells nothing of the vendor's name."""
    world.keep(NAME, size)
    recording_id = world.tell("icid-1")
    (outcome,) = world.work()
    assert outcome.recording is not None
    assert (outcome.recording.state, outcome.recording.bytes) == ("archived", size)
    key = str(row(world, recording_id)["object_key"])
    assert key.startswith("recordings/huawei/")
    assert key.endswith(f"/{hashlib.sha256(recording_id.encode()).hexdigest()[:32]}.wav")
    assert bytes_of(world, key) == original(world, NAME)
    assert world.objects() == [key]
    assert world.huawei.faults.calls[OPERATION] == 1


def test_law_archive_by_the_call_records_own_link(world: HuaweiWorld) -> None:
    """A call record without a file's name has a link instead: the API is not asked."""
    world.files.put("direct.wav", 20_000)
    recording_id = world.tell("icid-1", **UNNAMED, recordFileDownloadUrl=world.files.url("direct.wav"))
    world.work()
    key = str(row(world, recording_id)["object_key"])
    assert bytes_of(world, key) == original(world, "direct.wav")
    assert world.huawei.faults.calls[OPERATION] == 0


def test_law_archive_by_the_link_where_the_api_is_not_set(world: HuaweiWorld) -> None:
    """Both are told, nobody set the API: the link does."""
    world.files.put("direct.wav", 20_000)
    recording_id = world.tell("icid-1", recordFileDownloadUrl=world.files.url("direct.wav"))
    with links_of("") as world.huawei_links:
        world.work()
    assert row(world, recording_id)["state"] == "archived"


def test_law_deadline_without_the_api_and_without_a_link_a_person_is_asked(world: HuaweiWorld) -> None:
    """It is `failed` and names the setting, and archived at the next attempt after that is mended."""
    world.keep(NAME)
    recording_id = world.tell("icid-1")
    mended = world.huawei_links
    with links_of("") as world.huawei_links:
        world.work()
    assert (row(world, recording_id)["state"], row(world, recording_id)["last_error"]) == ("failed", UNSET)
    world.huawei_links = mended
    world.clock.push(31)
    world.work()
    assert row(world, recording_id)["state"] == "archived"


def test_law_fetch_a_link_to_a_host_that_is_not_listed_names_the_setting(world: HuaweiWorld) -> None:
    """The default list holds the other vendor's hosts only: whoever forgets this one's is told what to set."""
    link = "https://ostor.example.com/f.wav?token=t"
    recording_id = world.tell("icid-1", **UNNAMED, recordFileDownloadUrl=link)
    world.work()
    failed = row(world, recording_id)
    assert failed["state"] == "failed"
    assert str(failed["last_error"]).endswith("ostor.example.com: is not on the allow list (RECORDING_HOSTS)")
    assert "token" not in str(failed["last_error"])


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("http://127.0.0.1:1/x", "127.0.0.1: is on the allow list, but not for http on port 1 (RECORDING_HOSTS)"),
        ("http://[::1]/x", "::1: is not on the allow list (RECORDING_HOSTS)"),
        ("http://169.254.169.254/latest", "169.254.169.254: is not on the allow list (RECORDING_HOSTS)"),
        ("file:///etc/passwd", "the URL is neither http nor https"),
    ],
)
def test_law_fetch_a_location_is_no_better_than_a_link(world: HuaweiWorld, location: str, told: str) -> None:
    """The API's word opens no door: what it redirects to passes the same guard."""
    world.keep(NAME)
    world.huawei.service._link = lambda *_: location  # type: ignore[attr-defined] # the API's own way to make links
    recording_id = world.tell("icid-1")
    world.work()
    assert (row(world, recording_id)["state"], row(world, recording_id)["last_error"]) == ("failed", told)


def test_law_fetch_a_location_in_a_private_network_is_refused(world: HuaweiWorld) -> None:
    """A listed name that leads to an address of a network that is not listed."""
    world.keep(NAME)
    recording_id = world.tell("icid-1")
    means = world.tools.means
    closed = means._replace(policy=means.policy._replace(networks=()))
    tools = world.tools._replace(means=closed)
    outcome = archive(recording_id, tools).recording
    assert outcome is not None
    assert outcome.state == "failed"
    assert str(outcome.last_error).startswith("127.0.0.1: leads to an address that is not public")
    assert world.files.requests == {}


def test_law_deadline_what_the_vendor_has_not_is_absent_in_the_end(world: HuaweiWorld) -> None:
    """Not at once: the same code stands for an account in arrears. It stays open to the last, then is `absent`."""
    recording_id = world.tell("icid-1")
    world.work()
    waiting = row(world, recording_id)
    assert (waiting["state"], waiting["vendor_code"]) == ("pending", "1012007")
    world.clock.push(7 * DAY - 1)
    world.sweep()
    assert row(world, recording_id)["state"] == "pending"
    world.clock.push(2)
    world.sweep()
    assert row(world, recording_id)["state"] == "absent"


def test_law_deadline_the_vendor_deletes_after_seven_days(world: HuaweiWorld) -> None:
    """A queue that stood still for a week: the API has nothing more, and the row says so."""
    world.keep(NAME)
    recording_id = world.tell("icid-1")
    world.clock.push(7 * DAY - 60)
    world.huawei.faults.plan(Fault(status=500, code="1010001"))
    world.work()
    assert row(world, recording_id)["state"] == "pending"
    world.clock.push(120)
    world.work()
    assert row(world, recording_id)["state"] == "expired"
    assert world.objects() == []


def test_a_passing_trouble_of_the_api_is_waited_for(world: HuaweiWorld) -> None:
    """Flow control asks for a minute: the second pause is longer than that."""
    world.keep(NAME)
    world.huawei.faults.plan(Fault(status=400, code="1010010"), times=2)
    recording_id = world.tell("icid-1")
    world.work()
    assert row(world, recording_id)["state"] == "pending"
    for seconds in (31, 121):
        world.clock.push(seconds)
        world.work()
    assert (row(world, recording_id)["state"], row(world, recording_id)["attempts"]) == ("archived", 3)


def test_law_privacy_nothing_of_the_name_in_a_key(world: HuaweiWorld) -> None:
    """The vendor's name of a file may hold a phone number; rows keep it as their source, the bucket does not."""
    world.keep(NAME)
    world.tell("icid-1")
    world.work()
    assert all("13900000001" not in key and DOMAIN not in key for key in world.oss.keys(BUCKET))
