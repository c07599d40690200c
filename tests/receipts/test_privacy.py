"""Law 6, where it is kept by errors: nothing that came from outside is repeated by any of them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.aliyun.catalogue import MESSAGE_TYPES
from receipts.domain.letter import Letter
from receipts.errors import BadEnvelope, InvalidReceipt
from receipts.intake.parsing import told_by
from receipts.journal.envelope import Envelope, opened
from receipts.journal.envelope import plain as journalled
from tests.receipts.support import PROPERTY, caught, everything_said

PHONE = "13900000001"
# Long enough to tell something, and of characters that no message of ours is made of.
SECRETS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=6, max_size=20) | st.from_regex(
    r"1[3-9][0-9]{9}", fullmatch=True
)
WRAPPINGS: list[Any] = [
    lambda secret: secret,
    lambda secret: f"+86 {secret}",
    lambda secret: [secret],
    lambda secret: {secret: secret},
    lambda secret: {"a": [{"b": secret}]},
    lambda secret: secret * 100,
    lambda secret: {secret: [float("nan")]},
    lambda secret: float(f"{secret}.5") if secret.isascii() else [secret, None],
]
FIELDS = [(name, field) for name, kind in sorted(MESSAGE_TYPES.items()) for field in kind.model.model_fields]


@pytest.mark.parametrize(("message_type", "field"), FIELDS)
def test_law_privacy_each_field_is_named_and_its_value_is_not(message_type: str, field: str) -> None:
    """Whatever cannot be read of a phone number in a wrong place: the field's name is told, the number never.

    A field of text takes whatever JSON can hold.
    """
    refused = 0
    for wrap in WRAPPINGS:
        sent = {MESSAGE_TYPES[message_type].field: "k", field: wrap(PHONE)}
        error = caught(InvalidReceipt, MESSAGE_TYPES[message_type].model.read, sent)
        if error is not None:
            refused += 1
            assert str(error).startswith((f"{field}: ", f"{field}."))
            assert PHONE not in everything_said(error)
            assert error.__cause__ is None
    assert refused >= 1


@given(st.data(), SECRETS, st.sampled_from(sorted(MESSAGE_TYPES)))
@PROPERTY
def test_law_privacy_no_value_shows_in_what_a_model_says(data: st.DataObject, secret: str, message_type: str) -> None:
    """Any fields, documented or not, with any value: no text of six characters or more comes back in an error."""
    model = MESSAGE_TYPES[message_type].model
    names = st.sampled_from([*model.model_fields, "news", secret])
    sent = data.draw(st.dictionaries(names, st.sampled_from(WRAPPINGS).map(lambda wrap: wrap(secret)), min_size=1))
    error = caught(InvalidReceipt, model.read, sent)
    assert error is None or secret not in everything_said(error)


@pytest.mark.parametrize(
    "inside", [[PHONE], [[PHONE]], [{"text": [PHONE, float("nan")]}], [{"beginTime": PHONE * 2}], [None], [5]]
)
def test_law_privacy_a_sentence_that_is_none_is_an_invalid_receipt_without_its_words(inside: list[Any]) -> None:
    """What a list of sentences holds besides sentences is refused by the model as any other bad field."""
    with pytest.raises(InvalidReceipt, match=r"^sentences") as raised:
        MESSAGE_TYPES["SecretAsrReport"].model.read({"callId": "k", "sentences": inside})
    assert PHONE not in everything_said(raised.value)


GOOD = {"v": 1, "vendor": "aliyun", "type": "SecretReport", "at": 1, "id": "r", "enc": "text", "body": "[]"}


@given(SECRETS, st.sampled_from(sorted(GOOD)), st.sampled_from(WRAPPINGS))
@PROPERTY
def test_law_privacy_no_value_shows_in_what_an_envelope_says(secret: str, field: str, wrap: Any) -> None:
    """A queue message with anything in any field: the error repeats none of it."""
    for sent in ({**GOOD, field: wrap(secret)}, {**GOOD, "enc": "zlib", field: wrap(secret)}):
        error = caught(BadEnvelope, opened, sent)
        assert error is None or secret not in everything_said(error)


@pytest.mark.parametrize("body", ["?", "====", "号", "YQ"])
def test_law_privacy_an_unknown_encoding_is_not_repeated(body: str) -> None:
    """The name of an encoding comes from outside like everything else in a message."""
    with pytest.raises(BadEnvelope) as raised:
        opened({**GOOD, "enc": PHONE, "body": body})
    assert PHONE not in everything_said(raised.value)


@given(SECRETS)
@PROPERTY
def test_law_privacy_no_value_shows_when_a_message_is_no_envelope(secret: str) -> None:
    """Text, bytes, Base64, JSON that is not closed: none of it comes back."""
    broken = json.dumps(GOOD | {"body": secret})[:-1]
    for message in (secret, secret.encode(), broken, base64.b64encode(broken.encode()), [secret], {"v": secret}):
        with pytest.raises(BadEnvelope) as raised:
            opened(message)
        assert secret not in everything_said(raised.value)


@given(SECRETS, st.sampled_from(sorted(MESSAGE_TYPES)), st.sampled_from(WRAPPINGS))
@PROPERTY
def test_law_privacy_a_dead_letters_reason_holds_no_value(secret: str, message_type: str, wrap: Any) -> None:
    """Reason and error of every letter are ours alone; the bytes are kept, in their own column."""
    element = json.dumps({"sub_id": wrap(secret), "call_time": secret}, ensure_ascii=False)
    for body in (f"[{element}]", f"[{element}", element, f'["{secret}"]', f'[{{"call_id":"k","x":"{secret}'):
        envelope = Envelope("aliyun", message_type, 1, "r", body.encode())
        assert opened(journalled(envelope)) == envelope
        letters = [one for one in told_by(envelope) if isinstance(one, Letter)]
        assert letters
        for letter in letters:
            assert secret not in letter.reason + letter.error + letter.letter_id + letter.sighting
            assert secret.encode() in letter.body
