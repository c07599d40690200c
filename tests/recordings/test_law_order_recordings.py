"""Law 1, Order: announcements in any order, as often as they come, beside whatever else is told of the call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.cloud.pls.recordings import State
from receipts.recordings.archive import archive
from receipts.store import schema
from tests.recordings.support import POOL, end_of, made
from tests.store import support as stores
from tests.store.support import RECEIVED_AT, push, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.journal.envelope import Envelope
    from tests.recordings.support import World
    from tests.store.support import Store

MINUTE = 60_000
URL_DELAY = 1200
ONE, OTHER, RING = (f"https://records.example.com/{name}.mp3?Signature=s" for name in ("one", "other", "ring"))


def at(minutes: float) -> int:
    """So many minutes after the calls began."""
    return RECEIVED_AT + round(minutes * MINUTE)


def undated(call_id: str, when: int) -> Envelope:
    """A SecretRecording that does not tell when the call was."""
    return push("SecretRecording", [{"call_id": call_id, "pool_key": POOL}], at=when)


def called(call_id: str, when: int, **fields: Any) -> Envelope:
    """A SecretReport of a call that began at the beginning, received later."""
    return end_of(call_id, when, **{"call_time": at(0), **fields})


TOLD = [
    push("SecretStartReport", [started("a", call_time=at(0))], at=at(0)),
    called("a", at(2), record_url=ONE, ring_record_url=RING),
    # Sent again with another link, and with none.
    called("a", at(7), record_url=OTHER),
    called("a", at(9), record_url=None, ring_record_url=None),
    push("SecretRecording", [{"call_id": "a", "pool_key": POOL, "call_time": at(0)}], at=at(5)),
    push("SecretRecording", [{"call_id": "a", "pool_key": POOL, "call_time": at(0)}], at=at(6)),
    # Nobody says when it was.
    undated("b", at(30)),
    undated("b", at(25)),
    undated("b", at(40)),
    # The vendor's clock is ahead of ours.
    called("c", at(-3), ring_record_url=RING),
    undated("c", at(-2)),
    # Older than the vendor keeps files.
    push("SecretRecording", [{"call_id": "d", "pool_key": POOL, "call_time": at(-60 * 24 * 50)}], at=at(3)),
    called("d", at(1), call_time=at(-60 * 24 * 50)),
]


@pytest.fixture(scope="module")
def one_store() -> Iterator[Store]:
    """A store for all the examples."""
    with stores.running() as store:
        yield store


def rows_of(store: Store, batches: list[list[Envelope]]) -> dict[str, list[dict[str, Any]]]:
    """What comes of these batches, one after the other."""
    for batch in batches:
        store.take_in(batch)
    tables = store.drained()
    assert tables[schema.DEAD_LETTERS.name] == []
    return {name: tables[name] for name in (schema.CALLS.name, schema.RECORDINGS.name)}


@pytest.fixture(scope="module")
def reference(one_store: Store) -> dict[str, list[dict[str, Any]]]:
    """The rows of the receipts one by one, in the order in which they were sent."""
    return rows_of(one_store, [[one] for one in sorted(TOLD, key=lambda one: one.at)])


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Envelope]]:
    """Everything, some of it again, in any order and any batches."""
    again = draw(st.lists(st.sampled_from(TOLD), max_size=6))
    left = draw(st.permutations([*TOLD, *again]))
    batches = []
    while left:
        size = draw(st.integers(1, len(left)))
        batches.append(left[:size])
        left = left[size:]
    return batches


@settings(max_examples=25, deadline=None)
@given(batches=deliveries())
def test_law_order_of_announcements(
    one_store: Store, reference: dict[str, list[dict[str, Any]]], batches: list[list[Envelope]]
) -> None:
    """The rows of calls and recordings are those of the receipts in the order in which they were sent."""
    assert rows_of(one_store, batches) == reference


def test_law_order_what_the_rows_say(reference: dict[str, list[dict[str, Any]]]) -> None:
    """One row per recording, of the earliest that was told: and each of its links, pools and times once."""
    rows = {row["recording_id"]: row for row in reference["recordings"]}
    assert set(rows) == {f"aliyun:{name}" for name in ("a:call", "a:ring", "b:call", "c:call", "c:ring", "d:call")}
    first, ring, undated_, skewed, old = (
        rows[f"aliyun:{name}"] for name in ("a:call", "a:ring", "b:call", "c:call", "d:call")
    )
    assert (first["called_at"], first["announced_at"], first["next_attempt_at"]) == (at(0), at(2), at(5))
    assert json.loads(first["source"]) == {
        "call_id": "a",
        "call_time": at(0),
        "kind": "call",
        "pool_key": POOL,
        "ready": True,
        "url": OTHER,
    }
    assert json.loads(ring["source"])["url"] == RING
    assert ring["next_attempt_at"] == at(2) + URL_DELAY * 1000
    assert (undated_["called_at"], undated_["deadline_at"]) == (at(25), at(25 + 30 * 24 * 60))
    assert skewed["called_at"] == at(-2)
    # Told so late that it may be gone: a day of tries all the same.
    assert old["deadline_at"] == at(1 + 24 * 60)


def test_law_order_an_archived_one_is_not_moved_back(world: World) -> None:
    """Whatever is told afterwards, it stays archived, and is not downloaded again."""
    recording_id = world.announce("c")
    world.work()
    before = world.recordings()[recording_id]
    for late in (made("c", before["called_at"]), end_of("c", world.clock.milliseconds()), made("c", at(-99))):
        world.take_in([late])
        world.clock.push(URL_DELAY)
        assert [outcome.tried for outcome in world.work()] == [False]
    after = world.recordings()[recording_id]
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert changed == {"source", "revision"}
    assert world.files.requests["c.mp3"] == 1


def test_law_order_a_late_announcement_brings_the_next_attempt_forward(world: World) -> None:
    """Put off for hours, then said to be ready: the job comes at once."""
    now = world.clock.milliseconds()
    world.files.put("c.mp3", 5000)
    world.pls.recordings.add("c", now, POOL, "c.mp3", ready=False)
    world.take_in([end_of("c", now)])
    assert world.work() == []
    world.clock.push(URL_DELAY)
    for _ in range(5):
        world.work()
        row = world.recordings()["aliyun:c:call"]
        world.clock.push((row["next_attempt_at"] - world.clock.milliseconds()) / 1000 + 1)
    world.clock.push(-6 * 60 * 60)
    assert world.work() == []
    world.pls.recordings.set_state("c", State.READY)
    world.take_in([made("c", now)])
    (outcome,) = world.work()
    assert outcome.tried
    assert world.recordings()["aliyun:c:call"]["state"] == "archived"


def test_law_order_a_receipt_told_during_an_attempt(world: World) -> None:
    """What comes while somebody is at it is kept, and does not take the lease from him."""
    recording_id = world.announce("c")
    rows: list[dict[str, Any]] = []

    class Links:
        def link(self, source: Any) -> str:
            world.take_in([end_of("c", world.clock.milliseconds())])
            rows.append(world.recordings()[recording_id])
            return world.links.link(source)

    tools = world.tools
    tools = tools._replace(means=tools.means._replace(links={"aliyun": Links()}))
    assert archive(recording_id, tools).tried
    assert "lease_owner" in rows[0]
    after = world.recordings()[recording_id]
    assert (after["state"], after["attempts"]) == ("archived", 1)
    assert "url" in json.loads(after["source"])
