"""One attempt: the ways to a link in turn, and one time for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.cloud.files import Misbehaviour
from receipts.fetching.limits import Limits
from receipts.recordings.attempt import attempt
from receipts.recordings.problem import NoRecording
from receipts.recordings.rows import read
from tests.recordings.support import POOL
from tests.store.support import ended, push

if TYPE_CHECKING:
    from tests.recordings.support import World

SLOW = Misbehaviour(drip_bytes=10, drip_seconds=0.05)


def announce(world: World, call_id: str) -> None:
    """A recording with a fresh link from the API and one in the call's report."""
    at = world.clock.milliseconds()
    world.files.put(f"{call_id}.mp3", 20_000)
    world.pls.recordings.add(call_id, at, POOL, f"{call_id}.mp3")
    report = ended(call_id, call_time=at, pool_key=POOL, record_url=world.files.url(f"{call_id}.mp3"))
    world.take_in([push("SecretReport", [report], at=at)])


def test_all_ways_together_have_the_time_of_one(world: World) -> None:
    """A function ends at its time-out: what the first way used up is not there for the second."""
    announce(world, "slow")
    world.files.misbehave("slow.mp3", SLOW)
    means = world.tools.means._replace(limits=Limits(1.0, 1 << 30, first_byte_seconds=2.0, idle_seconds=1.0))
    with pytest.raises(NoRecording) as told:
        attempt("aliyun:slow:call", read(world.recordings()["aliyun:slow:call"]), means)
    first, second = told.value.problem.told.split("; ")
    assert first == "127.0.0.1: the body did not come in time"
    assert second == "no time was left for it"
    assert world.files.requests["slow.mp3"] == 1


def test_the_link_of_the_receipt_is_the_second_way(world: World) -> None:
    """Where the API gives none, the receipt's own link may still do."""
    announce(world, "second")
    world.pls.recordings.add("second", 0, POOL, "elsewhere.mp3")
    stored = attempt("aliyun:second:call", read(world.recordings()["aliyun:second:call"]), world.tools.means)
    assert stored.size == 20_000
