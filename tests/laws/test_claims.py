"""Laws 1, 2, 5 and 6 on the way through the bucket: order, acknowledgement, crash and privacy of claimed receipts."""

from __future__ import annotations

import contextlib
import json
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from local.demo.reading import rows_of
from local.golden.shapes import cloud_event
from local.stack import BUCKET as LOCAL_BUCKET
from local.stack import PUSH_TOKEN, Stack
from ops.settings import OpsSettings
from receipts.journal import envelope as envelopes
from receipts.journal.exchange import Service
from receipts.store import schema
from receipts.store.client import client
from receipts.store.sdk import tablestore
from tests.functions.ingest.conftest import ingest
from tests.functions.receive.conftest import mns, oss, push_event, receive
from tests.laws.test_crash import Killed
from tests.laws.test_privacy import NUMBERS, SENTENCE, leaks, pushed
from tests.store.buckets import body_of, environment_of, noise, transcript
from tests.store.support import BUCKET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.functions.ingest.conftest import Ingest
    from tests.functions.receive.conftest import Receive
    from tests.store.support import Tables

__all__ = ["ingest", "mns", "oss", "receive"]

KIND = "SecretAsrReport"
SENT = [
    transcript("t1", 100_000),
    transcript("n1", 50),
    # No receipt, and one too large for a message: a letter.
    noise(90_000),
    transcript("n22", 50),
    transcript("t22", 100_000),
]
PUSH = push_event(body_of(*SENT).decode(), KIND)
IDS = {"t1", "n1", "n22", "t22"}


class Road:
    """The way of a push through both functions, in this process."""

    def __init__(self, receive: Receive, ingest: Ingest) -> None:
        self.receive, self.ingest = receive, ingest
        self._taken = 0

    def push(self) -> None:
        """As the vendor: up to four times, as a busy machine may miss the deadline."""
        assert 200 in (self.receive.status(PUSH) for _ in range(4))

    def arrived(self) -> list[str]:
        """The messages that came since the last look."""
        messages = self.receive.mns.peek_all("receipts")[self._taken :]
        self._taken += len(messages)
        return messages

    def take(self, messages: list[str]) -> None:
        """One batch."""
        self.ingest.take(json.dumps([cloud_event(text, number) for number, text in enumerate(messages, 1)]).encode())

    def drained(self) -> Tables:
        """Every row, without when a letter came; after that there is none."""
        tables = self.ingest.store.drained()
        moments = ("first_seen_at", "last_seen_at", "sightings", "seen", "revision")
        letters = [{k: v for k, v in letter.items() if k not in moments} for letter in tables["dead_letters"]]
        return {**tables, "dead_letters": letters}

    def objects(self) -> set[str]:
        """What is in the bucket."""
        return set(self.receive.oss.keys(BUCKET))

    def sweep(self) -> None:
        """What the bucket's rule does in the end."""
        for key in self.objects():
            self.receive.oss._store.delete(BUCKET, key)


@pytest.fixture
def road(receive: Receive, ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Road]:
    """Both functions, with one bucket, an empty queue and no row."""
    # One queue for both, too.
    settings = {**environment_of(receive.oss), "ACK_BUDGET_MS": "500", "MNS_ENDPOINT": receive.mns.endpoint}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    made = Road(receive, ingest)
    yield made
    made.sweep()


@contextlib.contextmanager
def dying(at: int, *, carried_out: bool) -> Iterator[list[str]]:
    """The process dies at its call number `at` to any service, before or after that was carried out.

    Every call that was made is noted.
    """
    made: list[str] = []

    def mortal(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            made.append(name)
            if len(made) <= at:
                return call(*arguments, **options)
            if carried_out:
                call(*arguments, **options)
            raise Killed

        return called

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in (
            (Service, "exchange"),
            (tablestore.OTSClient, "batch_get_row"),
            (tablestore.OTSClient, "batch_write_row"),
        ):
            patch.setattr(owner, name, mortal(name, getattr(owner, name)))
        yield made


NEVER = 10**6


def test_law_crash_of_receive_at_every_call(road: Road) -> None:
    """Dead before or after any call, the push comes again: the rows are the same, orphans are at most one object."""
    with dying(NEVER, carried_out=True) as calls:
        road.push()
    road.take(road.arrived())
    reference = road.drained()
    assert {row["call_id"].partition(":")[2] for row in reference["transcripts"]} == IDS
    assert len(reference["dead_letters"]) == 1
    assert (len(calls), road.objects()) == (3, set())
    for at in range(len(calls)):
        for carried_out in (False, True):
            with dying(at, carried_out=carried_out), pytest.raises(Killed):
                road.receive.answer(PUSH)
            road.push()
            road.take(road.arrived())
            assert road.drained() == reference, f"call {at}, carried out: {carried_out}"
            assert len(road.objects()) <= 1
            road.sweep()


def test_law_crash_of_ingest_at_every_call(road: Road) -> None:
    """Dead before or after any call, the batch comes again: the rows are the same, and no object is left."""
    road.push()
    messages = road.arrived()
    with dying(NEVER, carried_out=True) as calls:
        road.take(messages)
    reference = road.drained()
    assert calls[-1] == "exchange"
    assert calls.count("exchange") == 2
    for at in range(len(calls)):
        for carried_out in (False, True):
            road.push()
            messages = road.arrived()
            with dying(at, carried_out=carried_out), pytest.raises(Killed):
                road.take(messages)
            if road.ingest.store.tables()["transcripts"] != reference["transcripts"]:
                assert road.objects(), "an object goes only after its receipts are stored"
            road.take(messages)
            assert road.drained() == reference, f"call {at}, carried out: {carried_out}"
            assert road.objects() == set()


@pytest.mark.parametrize("seed", range(3))
def test_law_order_claims_and_their_neighbours_in_any_order(road: Road, seed: int) -> None:
    """Any order, repetition and batching of the messages of two equal pushes: the rows of one."""
    road.push()
    first = road.arrived()
    road.take(first)
    reference = road.drained()
    rng = random.Random(seed)
    road.push()
    road.push()
    messages = road.arrived()
    messages += rng.choices(messages, k=3)
    rng.shuffle(messages)
    while messages:
        size = rng.randint(1, len(messages))
        road.take(messages[:size])
        del messages[:size]
    assert road.drained() == reference
    assert road.objects() == set()


def test_law_poison_a_letter_of_a_claimed_receipt_holds_its_bytes(road: Road) -> None:
    """What is no receipt in a claimed array is a letter by itself, counted once however often it is delivered."""
    road.push()
    messages = road.arrived()
    assert sum(envelopes.opened(one).claim is not None for one in messages) == 1
    for _ in range(2):
        road.take(messages)
    (letter,) = road.ingest.store.letters()
    assert (letter["reason"], letter["seen"]) == ("invalid", 1)
    assert json.loads(letter["body"]) == SENT[2]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole, as `template.yml` has it."""
    folder: Path = tmp_path_factory.mktemp("logs")
    with Stack(database=None, log_dir=folder, environment={"ACK_BUDGET_MS": "500"}) as running:
        yield running


def awaited(condition: Callable[[], Any]) -> Any:
    """What `condition` gives, once it gives something."""
    deadline = time.monotonic() + 30
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


def test_a_long_transcript_goes_all_the_way(stack: Stack) -> None:
    """Pushed over HTTP, stored in its row, removed from the bucket; killed on the way, it comes again.

    Neither log, error nor key tells who spoke and what they said.
    """
    long = {**transcript("c4715", 300_000), "secretNo": NUMBERS[1]}
    long["sentences"] += [{"beginTime": 1, "text": SENTENCE}]
    killed, keys = [], set()

    def kill() -> None:
        keys.update(stack.oss.keys(LOCAL_BUCKET))
        killed.append(stack.host.kill("ingest"))

    for operation in ("GetObject", "DeleteObject"):
        stack.oss.faults.plan(Fault(after=kill), on=operation)
    stack.oss.faults.plan(Fault(status=503), on="PutObject")
    url = f"{stack.host.url('receive')}/aliyun/{PUSH_TOKEN}/{KIND}"
    assert pushed(url, body_of(long, transcript("n1", 50))) == 200
    settings = OpsSettings.read(stack.environment())
    reader = client(settings.store, settings.keys)

    awaited(lambda: len(rows := list(rows_of(reader, schema.TRANSCRIPTS))) == 2 and rows)
    rows = {row["call_id"]: row for row in rows_of(reader, schema.TRANSCRIPTS)}
    reader.connection.pool.clear()
    assert SENTENCE in rows["aliyun:c4715"]["sentences"]
    awaited(lambda: len(killed) == 2 and not stack.oss.keys(LOCAL_BUCKET))
    awaited(lambda: "claims without an object" in stack.host.log("ingest"))
    shown = stack.host.log("receive") + stack.host.log("ingest") + " ".join(keys)
    assert "push not journalled" in shown
    assert keys
    assert leaks(shown) == set()
