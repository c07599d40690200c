"""Queue messages: an envelope, or a dead letter."""

from __future__ import annotations

import pytest

from receipts.domain.letter import UNKNOWN
from receipts.errors import BadEnvelope
from receipts.intake.opening import letter_of, opened
from receipts.journal import envelope
from receipts.journal.envelope import Envelope
from receipts.triggers.queue_messages import QueueMessage

PUSH = Envelope("aliyun", "SecretReport", 5, "r-1", b"[]")
NOW = 1_795_000_000_000


def test_law_poison_what_is_no_envelope_is_a_letter_beside_the_others() -> None:
    """Both in the order of the messages; a letter has the bytes as they came and the time at which it was found."""
    good = QueueMessage(envelope.plain(PUSH).decode(), "m-1")
    pushes, letters = opened([QueueMessage("nonsense", "m-2"), good, QueueMessage(None), good], NOW)
    assert pushes == [PUSH, PUSH]
    assert [letter.body for letter in letters] == [b"nonsense", b"null"]
    assert {(one.reason, one.vendor, one.type, one.at) for one in letters} == {("bad_envelope", UNKNOWN, UNKNOWN, NOW)}
    assert "nonsense" not in letters[0].error


@pytest.mark.parametrize(("other", "same"), [("m-1", True), ("m-2", False)])
def test_a_redelivery_is_the_same_sighting(other: str, *, same: bool) -> None:
    """Told by the message's id: another message with the same bytes is counted as another."""
    one, two = (letter_of(QueueMessage("x", each), BadEnvelope("no"), NOW) for each in ("m-1", other))
    assert (one.sighting == two.sighting) is same
    assert one.letter_id == two.letter_id
