"""From a push to queue messages: within the queue's limits, nothing lost, nothing moved."""

from __future__ import annotations

import base64
import json
import random
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receipts.journal import envelope as envelopes
from receipts.journal import messages
from receipts.journal.envelope import Envelope, opened
from receipts.journal.messages import batches
from tests.receipts.support import PROPERTY, golden

if TYPE_CHECKING:
    from collections.abc import Iterable

# What the queue takes, from its vendor's page.
MOST_MESSAGE_BYTES, MOST_BATCH_MESSAGES = 65536, 16


def push(body: bytes) -> Envelope:
    """A push of SecretReport."""
    return Envelope("aliyun", "SecretReport", 1795154703000, "1-6b0f0000-000000000001", body)


def noise(size: int, seed: int = 1) -> str:
    """Text that hardly compresses: by a quarter."""
    return base64.b64encode(random.Random(seed).randbytes(size * 3 // 4)).decode()


def receipts(count: int, incompressible: int = 0) -> list[dict[str, Any]]:
    """So many reports of calls, each with its own id and so many bytes of noise."""
    sent = golden("SecretReport", "push")[0]
    return [{**sent, "call_id": f"{place:016x}", "news": noise(incompressible, place)} for place in range(count)]


def body_of(sent: Iterable[Any]) -> bytes:
    """A push's body."""
    return json.dumps(list(sent), ensure_ascii=False).encode()


def checked(envelope: Envelope) -> list[Envelope]:
    """The parts of a push that fits: each a message, each batch of them within the limits, each with its place."""
    made, oversize = messages.of(envelope)
    assert oversize is None
    return parts_of(envelope, made)


def parts_of(envelope: Envelope, made: list[bytes]) -> list[Envelope]:
    """The same of these messages of it."""
    assert all(0 < len(message) <= MOST_MESSAGE_BYTES for message in made)
    grouped = list(batches(made))
    assert [message for batch in grouped for message in batch] == made
    for batch in grouped:
        assert 0 < len(batch) <= MOST_BATCH_MESSAGES
        assert sum(map(len, batch)) <= MOST_MESSAGE_BYTES
    parts = [opened(message) for message in made]
    assert all(part._replace(body=b"", part=0) == envelope._replace(body=b"") for part in parts)
    return parts


def in_order(parts: list[Envelope]) -> list[Any]:
    """The receipts of all parts; each part says how many came before it, unless it is the whole push."""
    found: list[Any] = []
    for part in parts:
        assert part.part == len(found)
        found += json.loads(part.body)
    return found


def test_law_acknowledge_a_small_push_is_one_message_with_its_very_bytes() -> None:
    """Nothing is parsed or rewritten while it fits: blanks, broken JSON and bytes that are not UTF-8 stay."""
    for body in (b"", b"[]", b' [ {"a" :1 } ]\n', b"\xff\xfe", b"not json", b"\xef\xbb\xbf[1]", body_of(receipts(3))):
        (part,) = checked(push(body))
        assert part.body == body


@pytest.mark.parametrize("size", [1000, 4096, 4097, 30_000, 48_000, 49_152, 49_153, 60_000, 600_000])
@pytest.mark.parametrize("character", ["a", '"', "\x00", "号", "\\"])
def test_law_acknowledge_whatever_compresses_is_one_message(size: int, character: str) -> None:
    """At every border between the ways to write a body, with text that grows when it is escaped."""
    body = (character * size).encode()[:size]
    (part,) = checked(push(body))
    assert part.body == body


@pytest.mark.parametrize(
    ("count", "incompressible"), [(50, 0), (500, 0), (500, 200), (500, 900), (40, 9_000), (6, 40_000)]
)
def test_law_acknowledge_a_large_push_is_split_without_loss(count: int, incompressible: int) -> None:
    """All parts together are exactly the receipts of the push, in order; each says where its first one stood."""
    sent = receipts(count, incompressible)
    body = body_of(sent)
    parts = checked(push(body))
    if len(parts) == 1:
        assert parts[0].body == body
        return
    assert in_order(parts) == sent
    assert all(part.body[1:-1] in body for part in parts)


def test_law_acknowledge_a_push_of_unequal_receipts_is_split_without_loss() -> None:
    """Many small and some large ones: runs that turn out too large are split again, and keep their places."""
    sent = [*receipts(300, 50), *receipts(14, 25_000), *receipts(100, 50)]
    assert in_order(checked(push(body_of(sent)))) == sent


def test_law_acknowledge_a_push_of_six_megabytes_is_split_without_loss() -> None:
    """The largest push that is taken in, of receipts that hardly compress."""
    sent = receipts(1100, 5_000)
    body = body_of(sent)
    assert 6_000_000 < len(body) < 6 * 1024 * 1024 + 500_000
    parts = checked(push(body))
    assert len(parts) > 60
    assert [one for part in parts for one in json.loads(part.body)] == sent


@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=12), st.randoms(use_true_random=False))
@settings(PROPERTY, max_examples=15)
def test_law_acknowledge_receipts_of_any_sizes_are_split_without_loss(sizes: list[int], rng: random.Random) -> None:
    """Large and small next to each other, with blanks between them: the raw bytes of each are kept."""
    sent = [json.dumps({"call_id": str(place), "news": noise(size, place)}) for place, size in enumerate(sizes)]
    body = "[" + ",".join(rng.choice((" ", "", "\n\t")) + one + rng.choice((" ", "")) for one in sent) + " ]"
    parts = checked(push(body.encode()))
    in_order(parts)
    assert [json.dumps(one) for part in parts for one in json.loads(part.body)] == sent


def test_a_receipt_that_is_not_valid_json_is_split_off_like_any_other() -> None:
    """The scan knows borders, not words: a broken receipt in a large push travels as its bytes."""
    sent = [json.dumps(one).encode() for one in receipts(60, 3_000)]
    sent[30] = sent[30][:-1] + b",oops}"
    parts = checked(push(b"[" + b",".join(sent) + b"]"))
    assert len(parts) > 1
    assert b",".join(part.body[1:-1] for part in parts) == b",".join(sent)


@pytest.mark.parametrize("neighbours", [0, 1, 20])
@pytest.mark.parametrize("large", [1, 3])
def test_law_acknowledge_receipts_that_fit_no_message_are_told_apart(neighbours: int, large: int) -> None:
    """They come as one envelope with their very bytes; the ones beside them travel as ever."""
    sent = [json.dumps(one) for one in [*receipts(neighbours), *receipts(large, 100_000), *receipts(neighbours)]]
    envelope = push(f"[ {' , '.join(sent)} ]".encode())
    made, oversize = messages.of(envelope)
    assert oversize is not None
    assert oversize._replace(body=b"", part=0) == envelope._replace(body=b"")
    if not neighbours:
        assert (made, oversize) == ([], envelope)
        return
    assert oversize.body == f"[{','.join(sent[neighbours:-neighbours])}]".encode()
    assert oversize.part == neighbours
    parts = parts_of(envelope, made)
    told = [json.dumps(one) for part in parts for one in json.loads(part.body)]
    assert told == sent[:neighbours] + sent[-neighbours:]
    # Dead letters are named by where they stood.
    assert len({part.part for part in [*parts, oversize]}) == len(parts) + 1


def test_law_acknowledge_large_receipts_between_others_keep_their_bytes() -> None:
    """Wherever they stand in the push, each receipt is carried once."""
    sizes = [0, 100_000, 50, 30_000, 200_000, 0, 100_000]
    sent = [{"call_id": str(place), "news": noise(size, place)} for place, size in enumerate(sizes)]
    envelope = push(body_of(sent))
    made, oversize = messages.of(envelope)
    assert oversize is not None
    assert (json.loads(oversize.body), oversize.part) == ([sent[1], sent[4], sent[6]], 1)
    carried = [one for part in parts_of(envelope, made) for one in json.loads(part.body)]
    assert carried == [sent[0], sent[2], sent[3], sent[5]]


@pytest.mark.parametrize(
    "body",
    [
        noise(100_000).encode(),
        json.dumps({"a": noise(100_000)}).encode(),
        b"[" + noise(100_000).encode(),
        noise(6_000_000).encode(),
        b"\xff" + random.Random(1).randbytes(100_000),
    ],
)
def test_law_acknowledge_a_large_body_that_is_no_array_is_told_whole(body: bytes) -> None:
    """What cannot be split is carried as it came."""
    assert messages.of(push(body)) == ([], push(body))


def test_a_long_body_that_will_not_fit_is_not_compressed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no time for it: a sample tells; a body that does fit is still found out."""
    pressed = []
    compress = envelopes.compressed

    def note(envelope: Envelope) -> bytes:
        pressed.append(len(envelope.body))
        return compress(envelope)

    monkeypatch.setattr(envelopes, "compressed", note)
    assert messages.of(push(noise(6_000_000).encode()))[0] == []
    assert sum(pressed) <= 64 * 1024
    assert len(messages.of(push(b"a" * 6_000_000))[0]) == 1


def test_law_acknowledge_a_byte_order_mark_keeps_no_push_out() -> None:
    """A mark before a large array, which is taken off when the body is read, does not make it unsplittable."""
    sent = receipts(60, 3_000)
    parts = checked(push(b"\xef\xbb\xbf" + body_of(sent)))
    assert [one for part in parts for one in json.loads(part.body)] == sent


def test_a_batch_is_filled_to_either_limit_and_not_beyond() -> None:
    """Sixteen small messages, or 64 KB to the byte."""
    assert [len(batch) for batch in batches([b"x"] * 40)] == [16, 16, 8]
    assert [len(batch) for batch in batches([b"x" * (MOST_MESSAGE_BYTES // 4)] * 9)] == [4, 4, 1]
    assert [len(batch) for batch in batches([b"x" * (MOST_MESSAGE_BYTES - 1), b"x", b"x"])] == [2, 1]


@given(st.lists(st.integers(1, MOST_MESSAGE_BYTES) | st.integers(1, 3000), max_size=60))
@PROPERTY
def test_batches_take_every_message_once_in_order(sizes: list[int]) -> None:
    """At most sixteen, at most 64 KB together, as few as that allows next to each other."""
    made = [bytes([place % 256]) * size for place, size in enumerate(sizes)]
    grouped = list(batches(made))
    assert [message for batch in grouped for message in batch] == made
    for batch, following in zip_longest(grouped, grouped[1:]):
        assert batch is not None
        size = sum(map(len, batch))
        assert 0 < len(batch) <= MOST_BATCH_MESSAGES
        assert size <= MOST_MESSAGE_BYTES
        assert following is None or len(batch) == MOST_BATCH_MESSAGES or size + len(following[0]) > MOST_MESSAGE_BYTES
