"""The envelope of a journalled push: what goes in comes out, and nothing else gets in."""

from __future__ import annotations

import base64
import json
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.errors import BadEnvelope
from receipts.journal.envelope import MOST_UNPACKED_BYTES, Claim, Envelope, claimed, compressed, opened, plain
from receipts.times import china_day
from tests.receipts.support import JSON, PROPERTY, caught

WORDS = st.text(st.characters(codec="utf-8"))
ENVELOPES = st.builds(
    Envelope,
    vendor=WORDS,
    type=WORDS,
    at=st.integers(0, 4_102_444_800_000),
    id=WORDS,
    body=st.binary(max_size=300) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
    part=st.integers(0, 100_000),
    claim=st.none(),
)
GOOD: dict[str, Any] = {
    "v": 1,
    "vendor": "aliyun",
    "type": "SecretReport",
    "at": 1795154703000,
    "id": "1-6b0f0000-000000000001",
    "enc": "text",
    "body": "[]",
}


def packed(body: bytes) -> str:
    """Base64 text of compressed bytes."""
    return base64.b64encode(zlib.compress(body)).decode()


@given(ENVELOPES)
@PROPERTY
def test_law_acknowledge_what_is_journalled_comes_out_again(envelope: Envelope) -> None:
    """Any bytes, type and id, written either way, in each form in which a trigger hands it over."""
    for message in (plain(envelope), compressed(envelope)):
        text = base64.b64decode(message, validate=True)
        forms: list[object] = [message, message.decode(), text, text.decode(), b"\n" + text, json.loads(text)]
        assert [opened(form) for form in forms] == [envelope] * len(forms)


def test_the_wire_form_is_pinned() -> None:
    """An envelope that waits in the queue is read by the next version, too."""
    envelope = Envelope("aliyun", "SecretReport", 1795154703000, "r-1", "号".encode())
    assert base64.b64decode(plain(envelope)).decode() == (
        '{"v":1,"vendor":"aliyun","type":"SecretReport","at":1795154703000,"id":"r-1","enc":"text","body":"号"}'
    )
    split = json.loads(base64.b64decode(compressed(envelope._replace(part=16))))
    assert (split["enc"], split["part"]) == ("zlib", 16)
    assert json.loads(base64.b64decode(plain(envelope._replace(body=b"\xff")))) | {"body": "/w=="} == {
        **GOOD,
        "id": "r-1",
        "enc": "base64",
        "body": "/w==",
    }


CLAIM = Claim("receipts-1", "oversize/2026/11/20/0123456789abcdef0123456789abcdef", 300_000, "0f" * 32)
CLAIMING: dict[str, Any] = {
    **GOOD,
    "enc": "claim",
    "body": CLAIM.key,
    "bucket": CLAIM.bucket,
    "bytes": CLAIM.size,
    "sha256": CLAIM.sha256,
}


@pytest.mark.parametrize("part", [0, 16])
def test_a_claim_comes_out_as_it_went_in(part: int) -> None:
    """The wire form is pinned; the body is empty until the object has been fetched."""
    envelope = Envelope("aliyun", "SecretReport", GOOD["at"], GOOD["id"], b"", part, CLAIM)
    message = claimed(envelope._replace(body=b"x" * 300_000, claim=None), CLAIM)
    assert opened(message) == envelope
    assert json.loads(base64.b64decode(message)) == CLAIMING | ({"part": part} if part else {})
    assert len(message) < 1000


KEYS_OF_SOMETHING_ELSE = [
    *("", "oversize/", "recordings/aliyun/2026/11/20/0123456789abcdef0123456789abcdef.mp3", "/" + CLAIM.key),
    *("oversize/../recordings/x", "oversize/2026/11/20/../../../secret", CLAIM.key + "\n", CLAIM.key + "/x", " "),
    *(CLAIM.key.upper(), CLAIM.key[:-1], CLAIM.key + "0", CLAIM.key + "?acl", CLAIM.key.replace("2026", "２０２６")),
    *("x" + CLAIM.key, "oversize//2026/11/20/0123456789abcdef0123456789abcdef", "oversize/2026/11/20/" + "x" * 32),
]


@pytest.mark.parametrize(
    "change",
    [
        *({"body": key} for key in KEYS_OF_SOMETHING_ELSE),
        *({"bucket": name} for name in (None, "", "a", "-ab", "ab-", "a/b", "A-B", "a.b", "b\n", 5, "x" * 64)),
        *({"bytes": size} for size in (None, 0, -1, True, 1.0, "5", MOST_UNPACKED_BYTES + 1, 10**30)),
        *({"sha256": digest} for digest in (None, "", "0F" * 32, "0f" * 31, "0f" * 33, "0f" * 32 + "\n", 5)),
        *({"vendor": None}, {"at": -1}, {"id": 5}),
    ],
    ids=str,
)
def test_law_poison_a_claim_of_anything_else_is_a_bad_envelope(change: dict[str, Any]) -> None:
    """Whoever can write to the queue cannot have another object read, let alone removed."""
    assert opened(CLAIMING).claim == CLAIM
    with pytest.raises(BadEnvelope):
        opened({**CLAIMING, **change})


ODD_VERSIONS: list[Any] = [0, 2, None, "1", [1], {}]
ODD_TIMES: list[Any] = [None, "1795154703000", 1.0, True, []]
ODD_ENCODINGS: list[Any] = [None, "", "gzip", 5, ["text"], {}]
MALFORMED: list[Any] = [
    *(
        None,
        5,
        1.5,
        True,
        [],
        [GOOD],
        bytearray(b"{}"),
        "",
        b"",
        " ",
        b"\xff\xfe",
        "号",
        "{",
        b"{]",
        "e30",
    ),
    *("\ud800", "[" * 100_000, b'{"a":' * 100_000, base64.b64encode(b"[]"), base64.b64encode(b"\xff"), {}, "null"),
    *(
        b'{"v":1,"at":' + b"9" * 5000 + b"}",
        json.dumps(GOOD)[:-1],
        base64.b64encode(json.dumps(GOOD).encode())[:-3],
    ),
    *({**GOOD, "v": version} for version in ODD_VERSIONS),
    *({**GOOD, name: value} for name in ("vendor", "type", "id", "body") for value in (None, 5, ["x"], {"x": 1})),
    *({**GOOD, "at": value} for value in ODD_TIMES),
    *({**GOOD, "part": value} for value in (None, "0", 0.0, False)),
    *({**GOOD, "enc": value, "body": "YQ=="} for value in ODD_ENCODINGS),
    *({**GOOD, "enc": enc, "body": body} for enc in ("base64", "zlib") for body in ("?", "号", "YQ", "YQ=")),
    *({**GOOD, "enc": "zlib", "body": body} for body in ("", "YQ==", packed(b"abc")[:-8], packed(b"x" * 99)[:12])),
    *({name: value for name, value in GOOD.items() if name != lost} for lost in GOOD),
]


@pytest.mark.parametrize("place", range(len(MALFORMED)))
def test_law_poison_a_malformed_envelope_raises_bad_envelope(place: int) -> None:
    """Whatever lies on the queue: one declared error, so that it becomes a dead letter and its neighbours go on."""
    with pytest.raises(BadEnvelope):
        opened(MALFORMED[place])


@given(JSON | st.binary(max_size=200) | st.text() | st.dictionaries(st.sampled_from(sorted(CLAIMING)), JSON))
@PROPERTY
def test_law_poison_nothing_else_is_raised_for_any_message(message: object) -> None:
    """Random JSON, bytes and text: an envelope or a BadEnvelope."""
    wrapped: list[object] = [message]
    if isinstance(message, dict):
        wrapped += [{**one, **message} for one in (GOOD, CLAIMING)] + [json.dumps({**GOOD, **message})]
    for one in wrapped:
        with suppress(BadEnvelope):
            envelope = opened(one)
            assert isinstance(envelope.body, bytes)


@given(st.binary(min_size=1, max_size=400), st.data())
@PROPERTY
def test_law_poison_a_damaged_zlib_stream_is_a_bad_envelope(body: bytes, data: st.DataObject) -> None:
    """Cut at any place, or with a byte changed: refused, or the same bytes; never a part of them."""
    stream = bytearray(zlib.compress(body))
    cut = bytes(stream[: data.draw(st.integers(0, len(stream) - 1))])
    with pytest.raises(BadEnvelope):
        opened({**GOOD, "enc": "zlib", "body": base64.b64encode(cut).decode()})
    place = data.draw(st.integers(0, len(stream) - 1))
    stream[place] ^= data.draw(st.integers(1, 255))
    with suppress(BadEnvelope):
        assert opened({**GOOD, "enc": "zlib", "body": base64.b64encode(stream).decode()}).body == body


def test_law_poison_a_bomb_is_not_unpacked() -> None:
    """More than is ever taken in stays packed; the largest that is taken in comes out whole."""
    largest = Envelope("aliyun", "SecretReport", 1, "r", bytes(MOST_UNPACKED_BYTES))
    assert len(opened(compressed(largest)).body) == MOST_UNPACKED_BYTES
    with pytest.raises(BadEnvelope, match="unpacks to more"):
        opened(compressed(largest._replace(body=bytes(MOST_UNPACKED_BYTES + 1))))
    nested = zlib.compress(zlib.compress(bytes(MOST_UNPACKED_BYTES)))
    assert len(opened({**GOOD, "enc": "zlib", "body": base64.b64encode(nested).decode()}).body) < 100_000


def test_law_poison_an_envelope_of_no_day_is_a_bad_envelope() -> None:
    """The time of receipt names the day of every letter: one that is no moment must not sink the batch later."""
    moments = (10**30, 2**63, -(10**18), 2 * 253402300799000)
    taken = [at for at in moments if caught(BadEnvelope, opened, {**GOOD, "at": at}) is None]
    assert [at for at in taken if caught(Exception, china_day, at)] == []
