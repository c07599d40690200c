"""What fits no queue message: put to the bucket by `receive`, and claimed by a small message."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from receipts.errors import BadEnvelope
from receipts.journal import envelope as envelopes
from receipts.journal.journal import LARGE_BODY_BYTES
from tests.functions.receive.conftest import push_event
from tests.store.buckets import body_of, noise, transcript
from tests.store.support import BUCKET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.functions.receive.conftest import Receive

KEY_FORM = re.compile(r"oversize/\d{4}/\d\d/\d\d/[0-9a-f]{32}")
SMALL_MESSAGE = 1000
KIND = "SecretAsrReport"


@pytest.fixture(autouse=True)
def _patient(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As long as may be set, for a busy machine; and an empty bucket afterwards."""
    monkeypatch.setenv("ACK_BUDGET_MS", "500")
    receive.module.initialize(None)
    yield
    receive.oss.faults.clear()
    for key in receive.oss.keys(BUCKET):
        receive.oss._store.delete(BUCKET, key)
    receive.oss.faults.calls.clear()


def stored(receive: Receive, event: bytes) -> int:
    """The status, of up to four tries as the vendor makes them: a busy machine may miss the deadline."""
    return next((status for _ in range(4) if (status := receive.status(event)) != 503), 503)


def claimed(receive: Receive) -> list[tuple[envelopes.Envelope, bytes]]:
    """The claims on the queue, each with the bytes of its object."""
    claims = [entry for entry in receive.journal() if entry.claim]
    return [(entry, receive.oss.object(BUCKET, entry.claim.key)) for entry in claims if entry.claim]


@pytest.mark.parametrize(
    "body",
    [
        body_of(transcript("c1")),
        json.dumps(transcript("c1")).encode(),
        noise(300_000).encode(),
        b"[" + noise(300_000).encode(),
    ],
    ids=["array", "bare object", "no JSON", "broken array"],
)
def test_law_acknowledge_what_fits_no_message_is_an_object_and_a_small_message(receive: Receive, body: bytes) -> None:
    """200; the object holds the very bytes, and the message its key, length and digest."""
    assert stored(receive, push_event(body.decode(), KIND)) == 200
    ((entry, held),) = claimed(receive)
    assert held == body
    assert entry.claim is not None
    assert (entry.claim.bucket, entry.claim.size) == (BUCKET, len(body))
    assert KEY_FORM.fullmatch(entry.claim.key)
    assert (entry.vendor, entry.type, entry.body) == ("aliyun", KIND, b"")
    assert max(map(len, receive.mns.peek_all("receipts"))) < SMALL_MESSAGE
    headers = receive.oss.headers(BUCKET, entry.claim.key)
    assert (headers["x-oss-object-acl"], headers["x-oss-server-side-encryption"]) == ("private", "AES256")


def test_law_acknowledge_several_in_one_push_and_their_neighbours(receive: Receive) -> None:
    """One object for all that are too large, usual messages for the others; each receipt once."""
    sent = [
        {"callId": "n1"},
        transcript("c1"),
        {"callId": "n2"},
        transcript("c22"),
        transcript("c333"),
        {"callId": "n3"},
    ]
    assert receive.status(push_event(json.dumps(sent), KIND)) == 200
    ((entry, held),) = claimed(receive)
    assert json.loads(held) == [sent[1], sent[3], sent[4]]
    assert entry.part == 1
    rest = [one for other in receive.journal() if not other.claim for one in json.loads(other.body)]
    assert rest == [sent[0], sent[2], sent[5]]


def test_law_acknowledge_a_large_push_is_one_object_and_one_call(receive: Receive) -> None:
    """Neither compressed nor split, and not in dozens of calls: that would take longer than the vendor waits."""
    body = body_of(*({"callId": f"c{number}", "text": noise(300)} for number in range(5000)))
    assert LARGE_BODY_BYTES < len(body) < 3 * LARGE_BODY_BYTES
    assert stored(receive, push_event(body.decode(), KIND)) == 200
    assert receive.mns.faults.calls["BatchSendMessage"] == 1
    ((_, held),) = claimed(receive)
    assert held == body


@pytest.mark.parametrize("fault", [Fault(status=503), Fault(status=403, code="AccessDenied"), Fault(close_before=True)])
def test_law_acknowledge_a_large_push_needs_no_bucket(receive: Receive, fault: Fault) -> None:
    """If the bucket refuses it and there is time left, the queue takes it in parts, as it would a smaller one."""
    sent = [{"callId": f"c{number}", "text": "x" * 300} for number in range(4000)]
    receive.oss.faults.plan(fault, on="PutObject", times=None)
    assert stored(receive, push_event(json.dumps(sent), KIND)) == 200
    assert claimed(receive) == []
    arrived = {one["callId"] for entry in receive.journal() for one in json.loads(entry.body)}
    assert arrived == {one["callId"] for one in sent}


def test_the_usual_push_knows_nothing_of_the_bucket(receive: Receive) -> None:
    """No request, no client."""
    assert receive.status(push_event(body_of({"callId": "c1"}).decode(), KIND)) == 200
    assert receive.module._instance.service.journal.bucket is None
    assert receive.oss.faults.calls == {}


def test_the_vendor_sends_it_again_with_another_key(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pushes of the same bytes share no object, so that storing one does not take the other's away."""
    event = push_event(body_of(transcript("c1")).decode(), KIND)
    for request_id in ("1-first", "1-second"):
        monkeypatch.setattr("tests.functions.receive.conftest.Context.request_id", request_id)
        assert stored(receive, event) == 200
    assert len({entry.claim for entry, _ in claimed(receive)}) == 2
    assert len(receive.oss.keys(BUCKET)) >= 2


def test_an_object_that_is_there_already_is_done(receive: Receive) -> None:
    """The same bytes of the same request: the put is refused, the message is sent all the same."""
    event = push_event(body_of(transcript("c1")).decode(), KIND)
    receive.mns.faults.plan(Fault(status=503), on="BatchSendMessage")
    statuses = [receive.status(event) for _ in range(2)]
    assert statuses == [503, 200]
    assert len(receive.oss.keys(BUCKET)) == len(claimed(receive)) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=503, code="ServiceUnavailable"),
        Fault(status=403, code="AccessDenied"),
        Fault(close_before=True),
        Fault(delay=30.0),
        Fault(hang=30.0),
    ],
    ids=["503", "403", "closes", "delays", "hangs"],
)
def test_law_acknowledge_a_failing_bucket_is_503_in_time(
    receive: Receive, capsys: pytest.CaptureFixture[str], fault: Fault
) -> None:
    """Nothing claims what may not be there; the receipts beside it are on the queue; then it works."""
    event = push_event(body_of({"callId": "n1"}, transcript("c1")).decode(), KIND)
    receive.oss.faults.plan(fault, on="PutObject", times=None)
    started = time.monotonic()
    assert receive.status(event) == 503
    assert time.monotonic() - started < 2
    assert [entry.claim for entry in receive.journal()] == [None]
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["event"], line["level"]) == ("push not journalled", "warning")
    assert line["why"].startswith("the bucket ")
    receive.oss.faults.clear()
    assert stored(receive, event) == 200
    assert len(claimed(receive)) == 1


def test_law_acknowledge_within_500_ms(receive: Receive) -> None:
    """The put and the send share one deadline: a bucket that takes most of it leaves the queue the rest only."""
    receive.oss.faults.plan(Fault(delay=0.3), on="PutObject", times=None)
    receive.mns.faults.plan(Fault(hang=30.0), on="BatchSendMessage", times=None)
    started = time.monotonic()
    assert receive.status(push_event(body_of(transcript("c1")).decode(), KIND)) == 503
    assert time.monotonic() - started < 1.0


def test_law_privacy_of_keys_and_logs(receive: Receive, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither tells who called whom, nor a word of what they said."""
    sent: dict[str, Any] = transcript("c13900000001")
    event = push_event(body_of(sent).decode(), KIND)
    receive.oss.faults.plan(Fault(status=500))
    assert receive.status(event) == 503
    assert stored(receive, event) == 200
    (key,) = receive.oss.keys(BUCKET)
    said = sent["sentences"][0]["text"][:20]
    shown = key + capsys.readouterr().out + "".join(map(repr, receive.mns.peek_all("receipts")))
    assert not any(secret in shown for secret in (said, "13900000001", "17000000002", "c13900000001"))


def test_a_type_that_fits_no_message_is_503_and_leaves_no_object(receive: Receive) -> None:
    """What can never be claimed is not put."""
    assert receive.status(push_event(noise(100_000), "x" * 60_000)) == 503
    assert receive.oss.keys(BUCKET) == []


def test_a_body_above_the_limit_is_413_as_ever(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bucket does not widen what is taken in."""
    monkeypatch.setenv("MAX_BODY_BYTES", "100000")
    receive.module.initialize(None)
    assert receive.status(push_event(noise(120_000), KIND)) == 413
    assert (receive.oss.keys(BUCKET), receive.journal()) == ([], [])


def test_what_is_journalled_is_an_envelope_of_version_1(receive: Receive) -> None:
    """A reader that knows no claims refuses it rather than storing an empty body."""
    assert stored(receive, push_event(noise(100_000), KIND)) == 200
    (message,) = receive.mns.peek_all("receipts")
    entry = envelopes.opened(message)
    with pytest.raises(BadEnvelope):
        envelopes._body({"enc": "claim", "body": entry.claim and entry.claim.key})
