"""Sends letters through the parsing that receipts go through when they come.

A letter of a receipt is no sighting: what of it is bad still is not stored as a letter a second time. A letter of a
queue message (`bad_envelope`, `claim_lost`) is taken in as `ingest` does it: what the message holds has never been
looked at, so that a bad receipt in it becomes a letter of its own.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ops.dead_letters import marking
from ops.dead_letters.letter import body_of, row_of
from ops.reading import patience
from receipts.errors import BadEnvelope, BadReceipt, ClaimLost
from receipts.intake.claims import Claims
from receipts.intake.pipeline import store_told, take_in
from receipts.journal import envelope as envelopes
from receipts.journal.envelope import Envelope
from receipts.store.letters import REPLAYED
from receipts.times import now_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.dead_letters.choosing import Name
    from ops.dead_letters.letter import Fetch
    from ops.reading import Store
    from receipts.credentials import Credentials
    from receipts.domain.letter import Letter
    from receipts.intake.pipeline import Stores
    from receipts.journal.bucket import Bucket
    from receipts.store.pending import Columns

OF_MESSAGES = (BadEnvelope.reason, ClaimLost.reason)
CLAIM_SECONDS = 60.0
DONE, BAD, BEFORE, GONE = "replayed", "still bad", "replayed before", "gone"


class Means(NamedTuple):
    """What replaying works with.

    Attributes:
        store: where the letters are.
        stores: where receipts go.
        bucket: where long bodies and claimed ones are; `keys` open it, `fetch` gets an object of it.
        again: replay what was replayed before, too.
        as_type: the message type in place of the letter's own.
        clock: the time of day in epoch seconds.
    """

    store: Store
    stores: Stores
    bucket: Bucket
    keys: Credentials
    fetch: Fetch
    again: bool
    as_type: str | None
    clock: Callable[[], float]


class Outcome(NamedTuple):
    """What a replay came to: DONE, BAD (with the reason), BEFORE or GONE, and in words."""

    verdict: str
    told: str
    reason: str = ""


def replay(name: Name, means: Means) -> Outcome:
    """Replay one letter and mark it. Doing so twice, or dying anywhere in it, changes nothing.

    Raises:
        ReceiptsError: not everything was stored, or the letter could not be read or marked; it may be tried again.
    """
    letter = row_of(means.store, name)
    if letter is None:
        return Outcome(GONE, "somebody removed it meanwhile")
    if letter.get("state") == REPLAYED and not means.again:
        return Outcome(BEFORE, str(letter.get("replay_result", "")))
    body = body_of(letter, means.fetch)
    try:
        if letter.get("reason") in OF_MESSAGES:
            return _replay_message(name, body, means)
        return _replay_receipts(name, _push(name, letter, body, means.as_type), means)
    except BadReceipt as error:
        return _bad(name, error.reason, f"still {error.reason}: {error}", means)


def _push(name: Name, letter: Columns, body: bytes, as_type: str | None) -> Envelope:
    """The push that it would have been, at the moment when it was."""
    kind = as_type or str(letter.get("type", ""))
    return Envelope(str(letter.get("vendor", "")), kind, int(letter.get("first_seen_at", 0)), name.letter_id, body)


def _replay_receipts(name: Name, push: Envelope, means: Means) -> Outcome:
    stored = store_told([push], means.stores, patience())
    means.stores.jobs.put([item.job() for item in stored.announced])
    if stored.letters:
        return _bad(name, stored.letters[0].reason, _still(stored.kept, stored.letters), means)
    count = stored.kept
    asked = f", {_many(len(stored.announced), 'recording')} asked for" if stored.announced else ""
    into = f"stored in {', '.join(sorted(stored.receipts))}" if count else "in it, nothing to store"
    return _done(name, f"{_many(count, 'receipt')} {into}{asked}", means)


def _replay_message(name: Name, body: bytes, means: Means) -> Outcome:
    push = envelopes.opened(body)
    claims = Claims(means.bucket, means.keys, CLAIM_SECONDS, time.monotonic, means.clock)
    pushes, lost = [push], []
    if push.claim:
        groups = list(claims.fetched([push]))
        claims.check()
        pushes, lost = [one for group, _ in groups for one in group], [one for _, group in groups for one in group]
    if lost:
        raise ClaimLost(lost[0].error)
    if not pushes:
        # `ingest` takes it for stored. But this message never was.
        raise ClaimLost("its object is gone")
    summary = take_in(pushes, [], means.stores, patience(), claims.kept)
    letters = f", {_many(summary.letters, 'dead letter')} of its own" if summary.letters else ""
    outcome = _done(name, f"{_many(summary.receipts, 'receipt')} of a queue message stored{letters}", means)
    claims.remove()
    return outcome


def _done(name: Name, told: str, means: Means) -> Outcome:
    marking.mark_replayed(means.store.rows, name, told, now_ms(means.clock), patience())
    return Outcome(DONE, told)


def _bad(name: Name, reason: str, told: str, means: Means) -> Outcome:
    marking.mark_bad(means.store.rows, name, told, patience())
    return Outcome(BAD, told, reason)


def _still(kept: int, letters: list[Letter]) -> str:
    """Why a letter is one still: what is wrong first, and how many are; no value of the body."""
    reasons = Counter(letter.reason for letter in letters)
    first = letters[0]
    if len(letters) == 1 and not kept:
        return f"still {first.reason}: {first.error}"
    counts = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
    return f"still bad: {counts} of {kept + len(letters)} receipts; the first: {first.error}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
