"""Fetches what claims name, a few megabytes at a time, and removes it once it is stored."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from receipts.deadline import Deadline
from receipts.domain.letter import Letter
from receipts.errors import BucketMisconfigured, BucketUnavailable, ClaimLost, ReceiptsError
from receipts.intake.parsing import letter_of
from receipts.journal import envelope as envelopes
from receipts.journal.envelope import Envelope
from receipts.store import letters as dead_letters
from receipts.times import DAY_MS, now_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from receipts.credentials import Credentials
    from receipts.journal.bucket import Bucket
    from receipts.journal.envelope import Claim

# Fetched and parsed, they take several times as much: this keeps a batch of large ones within the function's memory.
MOST_HELD_BYTES = 8 * 1024 * 1024
# For one object: even the largest takes a tenth of it.
FETCH_SECONDS = 10.0
# For all of them: what is not removed by then is left to the bucket's rule.
REMOVE_SECONDS = 10.0
# The bucket's rule removes what is as old as this. No message is: it waits in its queue for 7 days at the most, is
# tried for a day, and then lies in the dead letter queue for another 7.
LIFE_DAYS = 21
# No rule removes what is under it.
LETTER_PREFIX = "dead-letters/"


class Claims:
    """The claims of one batch.

    Args:
        bucket: where their objects are.
        credentials: the keys to it.
        seconds: for all fetching together.
        monotonic: a clock in seconds.
        clock: the time of day in epoch seconds.

    Attributes:
        gone: how many objects were not there any more.
    """

    def __init__(
        self,
        bucket: Bucket,
        credentials: Credentials,
        seconds: float,
        monotonic: Callable[[], float],
        clock: Callable[[], float],
    ) -> None:
        self._bucket, self._credentials, self._monotonic, self._clock = bucket, credentials, monotonic, clock
        self._deadline = Deadline(seconds, monotonic)
        self._fetched: list[str] = []
        self.gone = 0
        self._trouble: ReceiptsError | None = None
        self.why_left: ReceiptsError | None = None

    def fetched(self, claiming: Sequence[Envelope]) -> Iterator[tuple[list[Envelope], list[Letter]]]:
        """The envelopes with their bodies, and letters for what is lost: in groups, each to be let go before the next.

        One whose object is gone is left out, as its receipts are stored: see `receipts.journal.envelope`. So is one
        that cannot be fetched now; `check` then says why.
        """
        for group in _groups(claiming):
            opened = [self._opened(envelope, claim) for envelope, claim in group]
            yield (
                [one for one in opened if isinstance(one, Envelope)],
                [one for one in opened if isinstance(one, Letter)],
            )

    def check(self) -> None:
        """Raise why the first of those that could not be fetched now was not; nothing if there was none.

        Raises:
            BucketUnavailable, BucketMisconfigured: the whole batch may be taken in again.
        """
        if self._trouble is not None:
            raise self._trouble

    def kept(self, letter: Letter) -> Letter:
        """The letter; its body is in the bucket from then on, if it fits no row.

        Raises:
            BucketUnavailable, BucketMisconfigured: the bucket has not taken it.
        """
        if dead_letters.fits(letter.body):
            return letter
        key = LETTER_PREFIX + letter.letter_id
        self._bucket.put(key, letter.body, self._credentials, self._patience())
        return letter._replace(object_key=key)

    def remove(self) -> int:
        """Remove every object that was fetched, now that its receipts are stored; returns how many are left.

        `why_left` then says why.
        """
        deadline = Deadline(REMOVE_SECONDS, self._monotonic)
        while self._fetched:
            try:
                self._bucket.remove(self._fetched[-1], self._credentials, deadline)
            except (BucketUnavailable, BucketMisconfigured) as error:
                self.why_left = error
                break
            self._fetched.pop()
        return len(self._fetched)

    def _opened(self, envelope: Envelope, claim: Claim) -> Envelope | Letter | None:
        try:
            body = self._body(envelope, claim)
        except ClaimLost as error:
            # Its body is the message, which can be put on the queue again.
            return letter_of(envelope, base64.b64decode(envelopes.claimed(envelope, claim)), 0, error)
        return None if body is None else envelope._replace(body=body, claim=None)

    def _body(self, envelope: Envelope, claim: Claim) -> bytes | None:
        """The claimed bytes, or None if they are not needed any more, or not to be had now. Raises ClaimLost."""
        if claim.bucket != self._bucket.name:
            raise ClaimLost("it claims an object of another bucket than OSS_BUCKET")
        try:
            body = self._bucket.get(claim.key, claim.size, self._credentials, self._patience())
        except (BucketUnavailable, BucketMisconfigured) as error:
            self._trouble = self._trouble or error
            return None
        if body is None:
            if now_ms(self._clock) - envelope.at >= LIFE_DAYS * DAY_MS:
                raise ClaimLost("its object is gone, and so old that a rule may have removed it before it was stored")
            self.gone += 1
            return None
        if (len(body), hashlib.sha256(body).hexdigest()) != (claim.size, claim.sha256):
            raise ClaimLost("its object is not what was put there")
        self._fetched.append(claim.key)
        return body

    def _patience(self) -> Deadline:
        try:
            return Deadline(min(FETCH_SECONDS, self._deadline.remaining()), self._monotonic)
        except TimeoutError:
            raise BucketUnavailable("no time was left to fetch it") from None


def _groups(claiming: Sequence[Envelope]) -> Iterator[list[tuple[Envelope, Claim]]]:
    """The envelopes that claim something, in runs that together hold no more than `MOST_HELD_BYTES`, or one each."""
    group: list[tuple[Envelope, Claim]] = []
    held = 0
    for envelope in claiming:
        if envelope.claim is None:
            continue
        if group and held + envelope.claim.size > MOST_HELD_BYTES:
            yield group
            group, held = [], 0
        group.append((envelope, envelope.claim))
        held += envelope.claim.size
    if group:
        yield group
