"""Law 4, Poison, for any bytes at all: every message ends in rows or letters, and no byte is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from receipts.aliyun.catalogue import MESSAGE_TYPES
from receipts.domain.letter import Letter
from receipts.intake.parsing import told_by
from receipts.journal.spans import BOM
from tests.laws.deliveries import RECEIPTS
from tests.store.support import body_of, ended, push

if TYPE_CHECKING:
    import random

    from receipts.journal.envelope import Envelope
    from tests.store.support import Store

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("2026-11-20 12:00:00"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
GENUINE = [(receipt.message_type, json.dumps(receipt.sent, ensure_ascii=False).encode()) for receipt in RECEIPTS]


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, bytes]:
    """A genuine receipt of which a field is replaced by anything, or a byte is, or which is cut off."""
    message_type, body = draw(st.sampled_from(GENUINE))
    how = draw(st.sampled_from(("field", "byte", "cut")))
    if how == "field":
        sent: dict[str, Any] = json.loads(body)
        sent[draw(st.sampled_from(sorted(sent)))] = draw(VALUES)
        return message_type, json.dumps(draw(st.sampled_from((sent, [sent])))).encode()
    place = draw(st.integers(0, len(body) - 1))
    if how == "cut":
        return message_type, body[:place]
    return message_type, body[:place] + draw(st.binary(max_size=2)) + body[place + 1 :]


ANY_BODY = st.one_of(
    spoilt(),
    st.tuples(st.sampled_from(sorted(MESSAGE_TYPES)), st.binary(max_size=60)),
    st.tuples(
        st.sampled_from(sorted(MESSAGE_TYPES)),
        st.lists(VALUES, max_size=4).map(lambda values: json.dumps(values).encode()),
    ),
    st.tuples(
        st.sampled_from(sorted(MESSAGE_TYPES)),
        st.text(alphabet='[]{}",:\\ 0ae', max_size=24).map(str.encode),
    ),
)


def unaccounted(envelope: Envelope) -> bytes | None:
    """The body, if anything in it is neither understood nor kept in a letter."""
    understood: list[Any] = []
    kept: list[bytes] = []
    for one in told_by(envelope):
        if isinstance(one, Letter):
            kept.append(one.body)
        else:
            understood.append(one.sent.receipt)
    if envelope.body in kept:
        return None
    # Not kept whole, so it is JSON, or an array whose elements can be told apart: each is one or the other.
    try:
        value = json.loads(envelope.body.removeprefix(BOM))
    except (ValueError, RecursionError):
        return None if kept and all(part in envelope.body for part in kept) else envelope.body
    elements = value if isinstance(value, list) else [value]
    found = sorted(json.dumps(one, sort_keys=True) for one in [*understood, *map(json.loads, kept)])
    return None if found == sorted(json.dumps(one, sort_keys=True) for one in elements) else envelope.body


@settings(max_examples=300, deadline=None)
@given(ANY_BODY)
@example(("SecretReport", b"\xef\xbb\xbf["))
@example(("SecretReport", b"\xef\xbb\xbf5"))
@example(("SecretReport", b"[NaN]"))
@example(("SecretAsrReport", b'[{"callId": "x", "sentences": [5, "aa"]}]'))
@example(("SecretAsrReport", b'{"callId": "x", "sentences": "aa"}'))
@example(("SmartLogisticsReport", b'{"mailNo": "x", "packageDyn": "[1]"}'))
def test_law_poison_no_byte_of_any_body_is_lost(sent: tuple[str, bytes]) -> None:
    """Every element of a body is understood or kept as it came; what is no JSON is kept whole."""
    assert unaccounted(push(*sent)) is None


@settings(max_examples=40, deadline=None)
@given(bodies=st.lists(ANY_BODY, min_size=1, max_size=6), rng=st.randoms(use_true_random=False))
def test_law_poison_of_any_bytes_is_stored_beside_good_receipts(
    any_codec: Store, bodies: list[tuple[str, bytes]], rng: random.Random
) -> None:
    """Any bodies of any type: nothing is raised, a good neighbour is stored, and letters hold what they should."""
    any_codec.clear()
    messages = [push(message_type, body, number) for number, (message_type, body) in enumerate(bodies)]
    letters = [one for message in messages for one in told_by(message) if isinstance(one, Letter)]
    batch = [*messages, push("SecretReport", [ended("good")], 99)]
    rng.shuffle(batch)
    any_codec.take_in(batch)
    assert "good" in any_codec.calls()
    kept = {(letter["type"], body_of(letter)) for letter in any_codec.letters()}
    assert kept >= {(letter.type, letter.body) for letter in letters}
