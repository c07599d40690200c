"""From one push to the queue messages that carry it: as it came or compressed, else in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from receipts.errors import TooLarge
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
# Above it, a body is split rather than pressed harder, which would take longer than an answer may.
MOST_HARD_BODY_BYTES = 512 * 1024
# Leaves room for parts that compress a little worse than the whole.
ROOM = 0.8


def of(envelope: Envelope) -> list[bytes]:
    """The queue messages (Base64 text) that together carry the push.

    Raises:
        TooLarge: a single receipt of it, or a body that cannot be split, does not fit into a message.
    """
    fitting, size = _written(envelope)
    if fitting is not None:
        return [fitting]
    spans = elements(envelope.body)
    if not spans:
        # The last resort is worth its time: what is refused here is lost in the end.
        pressed = envelopes.pressed_hard(envelope)
        if len(pressed) <= MOST_MESSAGE_BYTES:
            return [pressed]
        raise TooLarge("the body fits no queue message and is not a JSON array that could be split")
    return list(_split(envelope, spans, range(len(spans)), size))


def _written(envelope: Envelope) -> tuple[bytes | None, int]:
    """The body in one message, or None where it fits none; and the size of the last way that was tried."""
    size = 0
    for way in _ways(len(envelope.body)):
        message = way(envelope)
        size = len(message)
        if size <= MOST_MESSAGE_BYTES:
            return message, size
    return None, size


def _ways(size: int) -> tuple[Callable[[Envelope], bytes], ...]:
    """The ways to write a body of so many bytes that may fit, the cheapest first."""
    if size <= SHORT_BODY_BYTES:
        return (envelopes.plain, envelopes.compressed)
    if size <= MOST_PLAIN_BODY_BYTES:
        return (envelopes.compressed, envelopes.plain, envelopes.pressed_hard)
    if size <= MOST_HARD_BODY_BYTES:
        return (envelopes.compressed, envelopes.pressed_hard)
    return (envelopes.compressed,)


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


def _split(envelope: Envelope, spans: list[Span], chosen: range, size: int) -> Iterator[bytes]:
    """Messages that carry runs of neighbouring receipts; `size` is what all of them took in one message."""
    if len(chosen) == 1:
        raise TooLarge("a single receipt of the push fits no queue message")
    parts = min(len(chosen), max(2, int(size / (MOST_MESSAGE_BYTES * ROOM)) + 1))
    width = -(-len(chosen) // parts)
    for start in range(0, len(chosen), width):
        run = chosen[start : start + width]
        body = b"[" + envelope.body[spans[run[0]].start : spans[run[-1]].end] + b"]"
        message, length = _written(envelope._replace(body=body, part=run[0]))
        if message is not None:
            yield message
        else:
            yield from _split(envelope, spans, run, length)
