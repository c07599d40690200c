"""`ingest` and the bucket: claims are fetched, stored, and only then removed; nothing else is touched."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from local.golden.shapes import cloud_event
from receipts.credentials import Credentials
from receipts.deadline import Deadline
from receipts.errors import BucketMisconfigured, BucketUnavailable, StoreUnavailable
from receipts.intake import claims as claims_module
from receipts.journal import envelope as envelopes
from receipts.journal.bucket import Bucket
from receipts.journal.claims import deposited
from tests.functions.ingest.conftest import Context
from tests.store.buckets import body_of, environment_of, noise, settings_of, transcript, with_bucket
from tests.store.support import BUCKET, KEY, WRITE, ended, push
from tests.store.support import body_of as body_of_letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.cloud.oss import OssServer
    from tests.functions.ingest.conftest import Ingest

KEYS = Credentials(KEY.key_id, KEY.secret)
KIND = "SecretAsrReport"
NEIGHBOUR = base64.b64decode(envelopes.plain(push("SecretReport", [ended("c1")]))).decode()
DAY_MS = 24 * 60 * 60 * 1000


class Objects:
    """The bucket, filled as `receive` fills it."""

    def __init__(self, server: OssServer) -> None:
        self.server = server
        self._bucket = Bucket(settings_of(server), time.time)

    def deposit(self, body: bytes, number: int = 1, **fields: Any) -> str:
        """Put the body; the text of the message that claims it."""
        envelope = push(KIND, body, number, at=int(time.time() * 1000))._replace(**fields)
        message = deposited(envelope, self._bucket, KEYS, Deadline(10, time.monotonic))
        return base64.b64decode(message).decode()

    def keys(self) -> list[str]:
        """What is there."""
        return self.server.keys(BUCKET)

    def clear(self) -> None:
        """Remove everything."""
        self.server.faults.clear()
        for key in self.keys():
            self._bucket.remove(key, KEYS, Deadline(10, time.monotonic))
        self._bucket.close()
        self.server.faults.calls.clear()


@pytest.fixture(scope="module")
def server() -> Iterator[OssServer]:
    """The module's object store."""
    with with_bucket() as running:
        yield running


@pytest.fixture
def objects(server: OssServer, ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    """An empty bucket, which the function is told of."""
    # On a busy machine a second may be over before the object is fetched.
    for name, value in {**environment_of(server), "STORE_BUDGET_SECONDS": "30"}.items():
        monkeypatch.setenv(name, value)
    made = Objects(server)
    yield made
    made.clear()


def event_of(*bodies: Any) -> bytes:
    """A batch of queue messages with these bodies."""
    return json.dumps([cloud_event(body, number) for number, body in enumerate(bodies, 1)]).encode()


def ids(ingest: Ingest) -> set[str]:
    """The calls that there are transcripts of."""
    return {row["call_id"].partition(":")[2] for row in ingest.store.tables()["transcripts"]}


def warned(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The warnings that the function has written."""
    return [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if line["level"] == "warning"]


def test_a_claim_becomes_its_rows_and_its_object_goes(
    ingest: Ingest, objects: Objects, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stored as if it had come in the message; nothing is left, nothing is said."""
    event = event_of(NEIGHBOUR, objects.deposit(body_of(transcript("t1"), transcript("t22"))))
    assert ingest.take(event) == {"messages": 2, "receipts": 3, "rows": 3, "recordings": 0, "letters": 0}
    assert ids(ingest) == {"t1", "t22"}
    assert set(ingest.store.calls()) == {"c1"}
    assert objects.keys() == []
    assert warned(capsys) == []


def test_a_batch_without_claims_asks_the_bucket_nothing(ingest: Ingest, objects: Objects) -> None:
    """The usual batch pays nothing."""
    ingest.take(event_of(NEIGHBOUR))
    assert objects.server.faults.calls == {}


def test_law_crash_a_claim_that_comes_again_after_its_object_went_is_done(
    ingest: Ingest, objects: Objects, capsys: pytest.CaptureFixture[str]
) -> None:
    """Dead between the removal and the acknowledgement: no error, no letter, the same rows; it is counted."""
    event = event_of(NEIGHBOUR, objects.deposit(body_of(transcript("t1"))))
    ingest.take(event)
    before = ingest.store.tables()
    capsys.readouterr()
    assert ingest.take(event) == {"messages": 2, "receipts": 1, "rows": 1, "recordings": 0, "letters": 0}
    assert ingest.store.tables() == before
    (line,) = warned(capsys)
    assert line.items() >= {"event": "claims without an object", "gone": 1, "left": 0}.items()


def test_law_acknowledge_the_object_stays_until_everything_is_stored(ingest: Ingest, objects: Objects) -> None:
    """A store in trouble: raised, nothing removed; the redelivery stores it."""
    event = event_of(objects.deposit(body_of(transcript("t1"))))
    ingest.store.server.faults.plan(Fault(status=503, code="OTSServerBusy"), on=WRITE, times=None)
    with pytest.raises(StoreUnavailable):
        ingest.take(event)
    assert len(objects.keys()) == 1
    ingest.store.server.faults.clear()
    ingest.take(event)
    assert (ids(ingest), objects.keys()) == ({"t1"}, [])


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=503, code="ServiceUnavailable"), BucketUnavailable),
        (Fault(close_before=True), BucketUnavailable),
        (Fault(status=403, code="AccessDenied"), BucketMisconfigured),
    ],
)
def test_law_poison_a_bucket_in_trouble_does_not_sink_the_neighbours(
    ingest: Ingest, objects: Objects, capsys: pytest.CaptureFixture[str], fault: Fault, error: type[Exception]
) -> None:
    """What can be stored is, other claims too; then it raises, with nothing removed, and a redelivery does the rest."""
    event = event_of(
        objects.deposit(body_of(transcript("t1"))), NEIGHBOUR, objects.deposit(body_of(transcript("t22")), 2)
    )
    # A connection that breaks is tried a second time.
    objects.server.faults.plan(fault, on="GetObject", times=1)
    with pytest.raises(error):
        ingest.take(event)
    assert set(ingest.store.calls()) == {"c1"}
    assert ids(ingest) == {"t22"}
    assert len(objects.keys()) == 2
    (line,) = warned(capsys)
    assert (line["event"], line["messages"]) == ("batch not stored", 3)
    ingest.take(event)
    assert ids(ingest) == {"t1", "t22"}
    assert objects.keys() == []


def test_a_bucket_that_hangs_ends_within_the_budget(
    ingest: Ingest, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of the function's time is for giving the batch back."""
    monkeypatch.setenv("STORE_BUDGET_SECONDS", "2")
    texts = [objects.deposit(body_of(transcript(f"t{number}")), number) for number in range(3)]
    objects.server.faults.plan(Fault(hang=60.0), on="GetObject", times=None)
    started = time.monotonic()
    with pytest.raises(BucketUnavailable):
        ingest.take(event_of(NEIGHBOUR, *texts))
    # Three that wait for what is left of two seconds, not for one that hangs.
    assert time.monotonic() - started < 30
    assert set(ingest.store.calls()) == {"c1"}


@pytest.mark.parametrize("fault", [Fault(status=500), Fault(status=403, code="AccessDenied")])
def test_an_object_that_cannot_be_removed_is_left_to_the_rule(
    ingest: Ingest, objects: Objects, capsys: pytest.CaptureFixture[str], fault: Fault
) -> None:
    """What is stored is stored: no error, but a line."""
    event = event_of(objects.deposit(body_of(transcript("t1"))))
    objects.server.faults.plan(fault, on="DeleteObject", times=None)
    assert ingest.take(event)["rows"] == 1
    (line,) = warned(capsys)
    assert line.items() >= {"event": "claims without an object", "gone": 0, "left": 1}.items()
    assert len(objects.keys()) == 1


def changed(text: str, **fields: Any) -> str:
    """The message with other fields."""
    return json.dumps(json.loads(text) | fields)


def test_law_poison_a_hostile_claim_reads_and_removes_nothing(ingest: Ingest, objects: Objects) -> None:
    """Another key, another bucket, another digest: a letter each, nothing asked of another place, nothing removed."""
    good = objects.deposit(body_of(transcript("t1")))
    hostile = {
        "bad_envelope": [changed(good, body="recordings/x"), changed(good, body="oversize/../recordings/x")],
        "claim_lost": [
            changed(good, bucket="another-bucket"),
            changed(good, sha256="0" * 64),
            changed(good, bytes=5),
        ],
    }
    event = event_of(*hostile["bad_envelope"], *hostile["claim_lost"], NEIGHBOUR)
    assert ingest.take(event)["letters"] == 5
    letters = ingest.store.letters()
    assert sorted(letter["reason"] for letter in letters) == ["bad_envelope"] * 2 + ["claim_lost"] * 3
    assert objects.server.faults.calls["GetObject"] == 2
    assert len(objects.keys()) == 1
    assert set(ingest.store.calls()) == {"c1"}
    # A letter holds the message, which can be put on the queue again.
    lost = [json.loads(body_of_letter(letter)) for letter in letters if letter["reason"] == "claim_lost"]
    assert sorted(map(json.dumps, lost)) == sorted(json.dumps(json.loads(one)) for one in hostile["claim_lost"])


@pytest.mark.parametrize(("age_days", "letters"), [(20, 0), (22, 1)])
def test_a_claim_that_outlived_its_object_is_a_letter(
    ingest: Ingest, objects: Objects, age_days: int, letters: int
) -> None:
    """While the rule cannot have removed it, its absence means that it is stored; later nobody knows."""
    text = objects.deposit(body_of(transcript("t1")), at=int(time.time() * 1000) - age_days * DAY_MS)
    objects.clear()
    assert ingest.take(event_of(text))["letters"] == letters
    assert [letter["reason"] for letter in ingest.store.letters()] == ["claim_lost"] * letters


def test_law_poison_half_characters_in_a_lost_claim(ingest: Ingest, objects: Objects) -> None:
    """A claim with names that no text can hold ends as a letter like any other."""
    text = changed(objects.deposit(b"x" * 9), bytes=5, vendor="\ud83d", type="\ud83d", id="\ud83d")
    assert ingest.take(event_of(text, NEIGHBOUR))["letters"] == 1


@pytest.mark.parametrize("body", [noise(300_000).encode(), b"[" + b"\xff" * 300_000], ids=["no JSON", "no UTF-8"])
def test_law_poison_a_claimed_body_that_is_no_json_is_a_letter_with_its_bytes(
    ingest: Ingest, objects: Objects, body: bytes
) -> None:
    """As one that came in a message."""
    assert ingest.take(event_of(objects.deposit(body), NEIGHBOUR))["letters"] == 1
    (letter,) = ingest.store.letters()
    assert (letter["reason"], body_of_letter(letter)) == ("not_json", body)
    assert objects.keys() == []


def test_law_poison_a_letter_that_fits_no_row_keeps_its_bytes_in_the_bucket(ingest: Ingest, objects: Objects) -> None:
    """Under a prefix that no rule removes, by its own id: taken in twice it is one letter and one object."""
    body = noise(3_000_000).encode()
    for number in (1, 2):
        assert ingest.take(event_of(objects.deposit(body, number), NEIGHBOUR))["letters"] == 1
    (letter,) = ingest.store.letters()
    assert (letter["reason"], letter["body_encoding"], letter["seen"]) == ("not_json", "oss", 2)
    assert objects.keys() == [letter["body"]] == [f"dead-letters/{letter['letter_id']}"]
    assert objects.server.object(BUCKET, letter["body"]) == body


def test_law_poison_a_bucket_that_takes_no_letter_keeps_the_message(ingest: Ingest, objects: Objects) -> None:
    """Not even as a letter: raised, with the object still there."""
    event = event_of(objects.deposit(noise(3_000_000).encode()), NEIGHBOUR)
    objects.server.faults.plan(Fault(status=503), on="PutObject", times=1)
    with pytest.raises(BucketUnavailable):
        ingest.take(event)
    assert set(ingest.store.calls()) == {"c1"}
    assert ingest.take(event)["letters"] == 1


def test_large_claims_are_held_a_few_at_a_time(
    ingest: Ingest, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of a hundred large ones does not fill the function's memory: each group is stored before the next."""
    monkeypatch.setattr(claims_module, "MOST_HELD_BYTES", 250_000)
    taken = []
    take_in = ingest.module.take_in

    def note(envelopes: Any, *arguments: Any) -> Any:
        held = list(envelopes)
        taken.append([len(one.body) for one in held])
        return take_in(held, *arguments)

    monkeypatch.setattr(ingest.module, "take_in", note)
    texts = [objects.deposit(body_of(transcript(f"t{number}", 100_000)), number) for number in range(5)]
    assert ingest.take(event_of(*texts))["rows"] == 5
    assert [len(group) for group in taken] == [0, 2, 2, 1]
    assert all(sum(group) <= 250_000 for group in taken)
    assert objects.keys() == []


def test_new_keys_fetch_with_new_keys(ingest: Ingest, objects: Objects) -> None:
    """The platform renews them."""
    first = objects.deposit(body_of(transcript("t1")))
    second = objects.deposit(body_of(transcript("t22")), 2)
    ingest.take(event_of(first))
    old = ingest.client
    renewed = Context(access_key_id=KEY.key_id, access_key_secret=KEY.secret, security_token="a-new-token")
    ingest.take(event_of(second), renewed)
    assert ids(ingest) == {"t1", "t22"}
    old.connection.pool.clear()


def test_the_digest_is_that_of_the_object(objects: Objects) -> None:
    """What the claim says can be checked by anybody."""
    body = body_of(transcript("t1"))
    said = json.loads(objects.deposit(body))
    assert (said["bytes"], said["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
