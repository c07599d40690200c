"""From a message of the vendor's queue to an envelope, as a push would have become one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from receipts.journal.envelope import Envelope

if TYPE_CHECKING:
    from receipts.alicom.consumer import Received
    from receipts.alicom.tokens import Queue

VENDOR = "aliyun"


def envelope(queue: Queue, message: Received) -> Envelope:
    """The message as `receive` would have journalled it; the same for every delivery of it."""
    return Envelope(VENDOR, queue.message_type, message.at, message.id, body_of(message.text))


def body_of(message: str) -> bytes:
    """The receipt's bytes: Base64 of JSON as documented, or JSON as it is.

    Of what is neither, the bytes as they came: they become a dead letter.
    """
    raw = message.encode("utf-8", "surrogateescape")
    if raw.lstrip()[:1] in (b"{", b"["):
        return raw
    try:
        # Written in lines, too, as MIME does.
        return base64.b64decode(b"".join(raw.split()), validate=True)
    except ValueError:
        return raw
