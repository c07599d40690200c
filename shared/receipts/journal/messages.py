"""From one push to the queue messages that carry it: as it came or compressed, else in parts; and what fits none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.journal import envelope as envelopes
from receipts.journal.spans import elements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from receipts.journal.envelope import Envelope
    from receipts.journal.spans import Span

# What the queue takes: bytes of one message, and of one batch call together.
MOST_MESSAGE_BYTES = 64 * 1024
MOST_BATCH_MESSAGES = 16
# Base64 of the queue turns 3 bytes into 4: a longer body cannot fit as it is, so it is not even tried.
MOST_PLAIN_BODY_BYTES = MOST_MESSAGE_BYTES * 3 // 4
# Up to here a body stays readable in the queue; compressing a longer one costs less CPU than escaping, encoding and
# sending all of it.
SHORT_BODY_BYTES = 4 * 1024
# What takes more when it is compressed fast will not fit when it is pressed hard: that saves a half at the best.
HOPELESS_BYTES = 3 * MOST_MESSAGE_BYTES
# Compressing all of a longer body may take longer than an answer may: a sample of it tells whether it is worth the try.
LONG_BODY_BYTES, SAMPLE_BYTES = 128 * 1024, 32 * 1024
# Leaves room for parts that compress a little worse than the whole.
ROOM = 0.8


def of(envelope: Envelope) -> tuple[list[bytes], Envelope | None]:
    """The queue messages (Base64 text) that carry the push, and what of it fits none.

    That is one envelope, whatever the number of receipts in it, so that one object holds it: a body that cannot be
    split, or an array of all receipts of the push that are too large by themselves.
    """
    fitting, size = _written(envelope)
    if fitting is not None:
        return [fitting], None
    spans = elements(envelope.body)
    if not spans:
        return [], envelope
    large: list[int] = []
    messages = list(_split(envelope, spans, range(len(spans)), size, large))
    if len(large) == len(spans):
        return [], envelope
    if not large:
        return messages, None
    receipts = b",".join(envelope.body[slice(*spans[place])] for place in large)
    return messages, envelope._replace(body=b"[" + receipts + b"]", part=large[0])


def _written(envelope: Envelope) -> tuple[bytes | None, int]:
    """The body in one message, or None where it fits none; and the size of the last way that was tried."""
    size = _guessed(envelope)
    if size > HOPELESS_BYTES:
        return None, size
    for way in _ways(len(envelope.body)):
        message = way(envelope)
        size = len(message)
        if size <= MOST_MESSAGE_BYTES:
            return message, size
        if size > HOPELESS_BYTES:
            break
    return None, size


def _guessed(envelope: Envelope) -> int:
    """About how large the body is once it is compressed; 0 for one that is quickly tried."""
    length = len(envelope.body)
    if length <= LONG_BODY_BYTES:
        return 0
    sample = envelope._replace(body=envelope.body[:SAMPLE_BYTES])
    return len(envelopes.compressed(sample)) * length // SAMPLE_BYTES


def _ways(size: int) -> tuple[Callable[[Envelope], bytes], ...]:
    """The ways to write a body of so many bytes that may fit, the cheapest first."""
    if size <= SHORT_BODY_BYTES:
        return (envelopes.plain, envelopes.compressed)
    if size <= MOST_PLAIN_BODY_BYTES:
        return (envelopes.compressed, envelopes.plain, envelopes.pressed_hard)
    return (envelopes.compressed, envelopes.pressed_hard)


def batches(messages: list[bytes]) -> Iterator[list[bytes]]:
    """Groups that one batch call takes: at most 16 messages and 64 KB in all."""
    batch: list[bytes] = []
    held = 0
    for message in messages:
        if batch and (len(batch) == MOST_BATCH_MESSAGES or held + len(message) > MOST_MESSAGE_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(message)
        held += len(message)
    if batch:
        yield batch


def _split(envelope: Envelope, spans: list[Span], chosen: range, size: int, large: list[int]) -> Iterator[bytes]:
    """Messages that carry runs of neighbouring receipts; `size` is what all of them took in one message.

    The place of a receipt that fits no message by itself goes into `large`.
    """
    if len(chosen) == 1:
        large.append(chosen[0])
        return
    parts = min(len(chosen), max(2, int(size / (MOST_MESSAGE_BYTES * ROOM)) + 1))
    width = -(-len(chosen) // parts)
    for start in range(0, len(chosen), width):
        run = chosen[start : start + width]
        body = b"[" + envelope.body[spans[run[0]].start : spans[run[-1]].end] + b"]"
        message, length = _written(envelope._replace(body=body, part=run[0]))
        if message is not None:
            yield message
        else:
            yield from _split(envelope, spans, run, length, large)
