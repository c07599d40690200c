"""Replaying what is not in the letter itself: bodies and claimed objects in the bucket, queue messages."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from receipts.deadline import Deadline
from receipts.domain.letter import UNKNOWN, Letter
from receipts.journal import envelope as envelopes
from receipts.journal.bucket import Bucket
from receipts.journal.claims import deposited
from tests.ops.rows import without_moments
from tests.store.buckets import body_of, noise, settings_of, transcript
from tests.store.support import BUCKET, RECEIVED_AT, ended, push

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.journal.envelope import Envelope
    from tests.ops.conftest import Ops


@pytest.mark.usefixtures("emptied")
def test_a_letter_whose_bytes_are_in_the_bucket_is_replayed(ops: Ops) -> None:
    """What fits no row is fetched; that it is gone is a failure which says so."""
    body = body_of(transcript("t1", 600_000))
    keep(ops, Letter("unknown_type", "aliyun", "SecretAsr", body, "no model", RECEIVED_AT, "s", "dead-letters/x"))
    told = ops.replay("--all", "--as", "SecretAsrReport")
    assert told.code == 1
    assert "dead-letters/x, and are not any more" in told.out
    with_object(ops, "dead-letters/x", body)
    assert ops.replay("--all", "--as", "SecretAsrReport").code == 0
    assert [row["call_id"] for row in ops.store.tables()["transcripts"]] == ["aliyun:t1"]


def keep(ops: Ops, letter: Letter) -> None:
    """Store a letter as it is."""
    ops.store.take_in([], [letter])


def with_object(ops: Ops, key: str, body: bytes) -> None:
    """Put an object into the bucket."""
    bucket = Bucket(settings_of(ops.bucket), time.time)
    bucket.put(key, body, ops.store.keys, Deadline(10, time.monotonic))
    bucket.close()


def claim_of(ops: Ops, envelope: Envelope) -> bytes:
    """Put the envelope's body into the bucket; the text of the message that claims it."""
    bucket = Bucket(settings_of(ops.bucket), time.time)
    message = base64.b64decode(deposited(envelope, bucket, ops.store.keys, Deadline(10, time.monotonic)))
    bucket.close()
    return message


def of_message(reason: str, message: bytes) -> Letter:
    """The letter that `ingest` keeps of a queue message."""
    return Letter(reason, UNKNOWN, UNKNOWN, message, "wrong", RECEIVED_AT, "s")


@pytest.fixture
def emptied(ops: Ops) -> Iterator[None]:
    """Leaves no object behind."""
    yield
    bucket = Bucket(settings_of(ops.bucket), time.time)
    for key in ops.bucket.keys(BUCKET):
        bucket.remove(key, ops.store.keys, Deadline(10, time.monotonic))
    bucket.close()


def test_a_queue_message_that_can_be_opened_now_is_taken_in(ops: Ops) -> None:
    """As `ingest` does: what was never looked at becomes rows, and a bad receipt in it a letter of its own."""
    message = envelopes.plain(push("SecretReport", [ended("c1"), 5]))
    keep(ops, of_message("bad_envelope", message))
    told = ops.replay("--all")
    assert "1 receipt of a queue message stored, 1 dead letter of its own" in told.out
    assert set(ops.store.calls()) == {"c1"}
    states = {letter["reason"]: (letter["state"], letter["seen"]) for letter in ops.store.letters()}
    assert states == {"bad_envelope": ("replayed", 1), "invalid": ("open", 1)}
    before = ops.store.tables()
    assert ops.replay("--all", "--reason", "bad_envelope", "--again").code == 0
    after = ops.store.tables()
    assert [without_moments(row) for row in after["dead_letters"]] == [
        without_moments(row) for row in before["dead_letters"]
    ]


def test_a_queue_message_that_is_no_envelope_stays_open(ops: Ops) -> None:
    """Nothing is stored of it."""
    keep(ops, of_message("bad_envelope", b'{"v": 2, "body": "[]"}'))
    ops.replay("--all")
    assert ops.letter["replay_result"] == "still bad_envelope: not an envelope of version 1"


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize("reason", ["claim_lost", "bad_envelope"])
def test_a_claim_is_fetched_stored_and_only_then_removed(ops: Ops, reason: str) -> None:
    """Set to the claim's own bucket again, it is taken in; what fits no row goes to the bucket as a letter."""
    message = claim_of(ops, push("SecretAsrReport", body_of(transcript("t1"), 5), at=round(time.time() * 1000)))
    keep(ops, of_message(reason, message))
    ops.bucket.faults.plan(Fault(status=503), on="GetObject", times=None)
    assert ops.replay("--all").code == 1
    assert len(ops.bucket.keys(BUCKET)) == 1
    ops.bucket.faults.clear()
    assert ops.replay("--all", "--reason", reason).code == 0
    assert [row["call_id"] for row in ops.store.tables()["transcripts"]] == ["aliyun:t1"]
    assert ops.bucket.keys(BUCKET) == []
    assert {letter["reason"]: letter["state"] for letter in ops.store.letters()} == {
        reason: "replayed", "invalid": "open",
    }  # fmt: skip


@pytest.mark.usefixtures("emptied")
def test_a_claim_of_an_object_that_is_gone_or_elsewhere_stays_lost(ops: Ops) -> None:
    """Nobody has stored this message, so that a missing object does not count as stored."""
    message = claim_of(ops, push("SecretAsrReport", body_of(transcript("t1")), at=round(time.time() * 1000)))
    elsewhere = json.dumps(json.loads(message) | {"bucket": "another-bucket"}).encode()
    gone = json.dumps(json.loads(message) | {"body": "oversize/2026/11/20/" + "0" * 32}).encode()
    for lost in (elsewhere, gone):
        keep(ops, of_message("claim_lost", lost))
    assert ops.replay("--all").code == 0
    results = sorted(str(letter["replay_result"]) for letter in ops.store.letters())
    assert results == [
        "still claim_lost: it claims an object of another bucket than OSS_BUCKET",
        "still claim_lost: its object is gone",
    ]
    assert len(ops.bucket.keys(BUCKET)) == 1


def test_a_letter_of_a_claim_that_fits_no_row_is_kept_in_the_bucket(ops: Ops, emptied: None) -> None:
    """As `ingest` keeps it."""
    message = claim_of(ops, push("SecretFutureReport", noise(3_000_000).encode(), at=round(time.time() * 1000)))
    keep(ops, of_message("claim_lost", message))
    assert ops.replay("--all").code == 0
    (kept,) = [letter for letter in ops.store.letters() if letter["reason"] == "unknown_type"]
    assert ops.bucket.keys(BUCKET) == [kept["body"]]
