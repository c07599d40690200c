"""The claim check: what fits no queue message goes to the bucket, and the message carries its key.

Loaded only when the first such push comes: the usual one must not pay for it.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from receipts.errors import TooLarge
from receipts.journal import envelope as envelopes
from receipts.journal.messages import MOST_MESSAGE_BYTES

if TYPE_CHECKING:
    from receipts.credentials import Credentials
    from receipts.deadline import Deadline
    from receipts.journal.bucket import Bucket
    from receipts.journal.envelope import Envelope

KEY_DIGITS = 32


def deposited(envelope: Envelope, bucket: Bucket, credentials: Credentials, deadline: Deadline) -> bytes:
    """Put the body into the bucket; returns the queue message that claims it.

    Raises:
        BucketUnavailable, BucketMisconfigured: the bucket has not taken it.
        TooLarge: even without its body the envelope fits no message; nothing was put.
    """
    digest = hashlib.sha256(envelope.body).hexdigest()
    claim = envelopes.Claim(bucket.name, _key(envelope, digest), len(envelope.body), digest)
    message = envelopes.claimed(envelope, claim)
    if len(message) > MOST_MESSAGE_BYTES:
        raise TooLarge("the message type is too long for any queue message")
    bucket.put(claim.key, envelope.body, credentials, deadline)
    return message


def _key(envelope: Envelope, digest: str) -> str:
    """A key for this part of this push alone, by the day (UTC) it came; it tells nothing of what is in it."""
    day = time.strftime("%Y/%m/%d", time.gmtime(envelope.at / 1000))
    own = f"{envelope.id}\0{envelope.part}\0{digest}".encode("utf-8", "replace")
    return f"{envelopes.CLAIM_PREFIX}{day}/{hashlib.sha256(own).hexdigest()[:KEY_DIGITS]}"
