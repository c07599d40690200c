"""Takes envelopes in: every receipt ends in a row or in a dead letter before this returns."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from receipts.domain.letter import Letter
from receipts.errors import BadReceipt, InvalidReceipt, StoreMisconfigured
from receipts.intake.parsing import ParsedReceipt, told_by
from receipts.joining.facts import joined
from receipts.logs import place
from receipts.recordings import rows as recordings
from receipts.store import letters as dead_letters
from receipts.store.joining import join_into
from receipts.store.pending import PendingFacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from receipts.joining.facts import Facts
    from receipts.journal.envelope import Envelope
    from receipts.recordings.jobs import Jobs
    from receipts.recordings.rows import PendingRecording
    from receipts.recordings.settings import RecordingRules
    from receipts.store.patience import Patience
    from receipts.store.pending import Pending
    from receipts.store.rows import Rows

RowName = tuple[str, str]


class Summary(NamedTuple):
    """What a batch came to.

    Attributes:
        receipts: understood.
        rows: they belong to.
        recordings: announced.
        letters: dead letters.
        types: receipts understood by `vendor/type`.
        reasons: dead letters by reason.
        oldest_at: when the oldest of what came was received, epoch milliseconds; None if nothing came.
    """

    receipts: int
    rows: int
    recordings: int
    letters: int
    types: Counter[str]
    reasons: Counter[str]
    oldest_at: int | None

    def plus(self, other: Summary) -> Summary:
        """Both together; a row of both counts twice."""
        return Summary(
            self.receipts + other.receipts,
            self.rows + other.rows,
            self.recordings + other.recordings,
            self.letters + other.letters,
            self.types + other.types,
            self.reasons + other.reasons,
            _earlier(self.oldest_at, other.oldest_at),
        )

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {"receipts": self.receipts, "rows": self.rows, "recordings": self.recordings, "letters": self.letters}

    def told(self, now: int) -> dict[str, object]:
        """The fields of a log line: counts, and how old the oldest was, `now` in epoch milliseconds."""
        lag = 0 if self.oldest_at is None else max(0, now - self.oldest_at)
        return {**self.counts(), "types": self.types, "reasons": self.reasons, "lag_ms": lag}


# So many receipts are joined and stored at a time: a large push of tiny ones would else take more memory than there is,
# and if the time ends before its end, what is stored by then is not stored again.
MOST_AT_ONCE = 10_000
NOTHING = Summary(0, 0, 0, 0, Counter(), Counter(), None)


class Stored(NamedTuple):
    """What was stored of a batch, and what was not.

    Attributes:
        receipts: how many were understood, by the table that they tell of.
        kept: how many of these are in their rows.
        rows: how many rows they belong to.
        announced: the recordings that they announce; the jobs for them are not put yet.
        letters: what cannot be a row; not stored anywhere yet.
        types: how many were understood, by `vendor/type`.
        oldest_at: when the oldest envelope was received, epoch milliseconds; None if there was none.
    """

    receipts: Counter[str]
    kept: int
    rows: int
    announced: list[PendingRecording]
    letters: list[Letter]
    types: Counter[str]
    oldest_at: int | None

    def plus(self, other: Stored) -> Stored:
        """Both together; a row of both counts twice."""
        return Stored(
            self.receipts + other.receipts,
            self.kept + other.kept,
            self.rows + other.rows,
            self.announced + other.announced,
            self.letters + other.letters,
            self.types + other.types,
            _earlier(self.oldest_at, other.oldest_at),
        )


class _Part(NamedTuple):
    """What of a batch is stored in one go: receipts, letters, and when their envelopes were received."""

    told: list[ParsedReceipt]
    dead: list[Letter]
    moments: list[int]


NOTHING_STORED = Stored(Counter(), 0, 0, [], [], Counter(), None)


class Stores(NamedTuple):
    """Where a batch goes: rows, the queue of recordings to be archived, and the rules for those."""

    rows: Rows
    jobs: Jobs
    rules: RecordingRules


def take_in(
    envelopes: Iterable[Envelope],
    letters: Iterable[Letter],
    stores: Stores,
    patience: Patience,
    kept: Callable[[Letter], Letter] | None = None,
) -> Summary:
    """Store all that the envelopes tell, and the letters that were made before them; then ask for the recordings.

    Args:
        envelopes: what came.
        letters: what came and is no envelope.
        stores: where it goes.
        patience: with it.
        kept: where the bodies go of letters that fit no row. Only a claimed body is as large as that.

    Raises:
        StoreUnavailable: not everything was stored in time; the whole batch may be taken in again.
        StoreMisconfigured: the store refuses for a reason that no retry mends; the same holds.
        QueueUnavailable: everything is stored, not every recording is asked for; the same holds.
    """
    stored = store_told(envelopes, stores, patience)
    dead = [*letters, *stored.letters]
    store_letters([kept(letter) for letter in dead] if kept else dead, stores.rows, patience)
    stores.jobs.put([item.job() for item in stored.announced])
    return Summary(
        sum(stored.receipts.values()),
        stored.rows,
        len(stored.announced),
        len(dead),
        stored.types,
        Counter(letter.reason for letter in dead),
        stored.oldest_at,
    )


def store_told(envelopes: Iterable[Envelope], stores: Stores, patience: Patience) -> Stored:
    """Store all that the envelopes tell; the letters, and then the jobs, are left to the caller.

    Raises:
        StoreUnavailable, StoreMisconfigured: as `take_in`.
    """
    stored = NOTHING_STORED
    for part in _parts(envelopes):
        stored = stored.plus(_store_part(part, stores, patience))
    return stored


def _parts(envelopes: Iterable[Envelope]) -> Iterator[_Part]:
    part = _Part([], [], [])
    for envelope in envelopes:
        part.moments.append(envelope.at)
        for item in told_by(envelope):
            if isinstance(item, Letter):
                part.dead.append(item)
                continue
            part.told.append(item)
            if len(part.told) == MOST_AT_ONCE:
                yield part
                part = _Part([], [], [])
    yield part


def _store_part(part: _Part, stores: Stores, patience: Patience) -> Stored:
    by_row = _by_row(part.told)
    announced = recordings.pending((each for one in part.told for each in one.announced), stores.rules)
    refused = _store_rows(by_row, stores.rows, patience, announced)
    receipts: Counter[str] = Counter()
    for (table, _), same in by_row.items():
        receipts[table] += len(same)
    kept = len(part.told) - len(refused)
    oldest_at = min(part.moments, default=None)
    return Stored(receipts, kept, len(by_row), announced, part.dead + refused, _types(part.told), oldest_at)


def _earlier(one: int | None, other: int | None) -> int | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _types(told: list[ParsedReceipt]) -> Counter[str]:
    """Names are made for each type, not for each receipt."""
    of_type = Counter((one.envelope.vendor, one.envelope.type) for one in told)
    return Counter({f"{vendor}/{kind}": number for (vendor, kind), number in of_type.items()})


def _by_row(told: list[ParsedReceipt]) -> dict[RowName, list[ParsedReceipt]]:
    by_row: dict[RowName, list[ParsedReceipt]] = defaultdict(list)
    for one in told:
        by_row[one.subject.table, one.identity].append(one)
    return by_row


def _store_rows(
    by_row: dict[RowName, list[ParsedReceipt]],
    rows: Rows,
    patience: Patience,
    announced: Sequence[PendingRecording] = (),
) -> list[Letter]:
    """Join each row's receipts into it, once, and the recordings in the same pass.

    Returns letters for receipts that can never be stored.
    """
    pending: list[Pending] = [*announced]
    refused: list[tuple[RowName, BadReceipt]] = []
    for name, same in by_row.items():
        facts = _facts(same)
        if isinstance(facts, BadReceipt):
            refused.append((name, facts))
        else:
            pending.append(PendingFacts(same[0].subject, name[1], facts))
    for item, why in join_into(rows, pending, patience):
        if not isinstance(item, PendingFacts):
            # What was announced is kept with its call, but nothing would archive it: the batch has to come again.
            raise StoreMisconfigured(f"a recording cannot be stored: {why}")
        refused.append(((item.subject.table, item.identity), why))
    return [letter for name, why in refused for letter in _store_halves(name, by_row[name], why, rows, patience)]


def _facts(same: list[ParsedReceipt]) -> Facts | BadReceipt:
    """The facts of receipts of one row, or what is wrong with them."""
    try:
        return joined({one.kind: one.fact} for one in same)
    except Exception as error:  # noqa: BLE001 - a defect met by one row must not sink its neighbours
        return InvalidReceipt(f"defect, please report: {place(error)}")


def _store_halves(
    name: RowName, same: list[ParsedReceipt], why: BadReceipt, rows: Rows, patience: Patience
) -> list[Letter]:
    """One receipt may have spoilt the row for those that came with it: halves find it."""
    if len(same) == 1:
        return [same[0].letter(why)]
    middle = len(same) // 2
    return [letter for half in (same[:middle], same[middle:]) for letter in _store_rows({name: half}, rows, patience)]


def store_letters(letters: list[Letter], rows: Rows, patience: Patience) -> None:
    """Store dead letters. Raises StoreUnavailable, StoreMisconfigured."""
    if not letters:
        return
    refused = join_into(rows, dead_letters.pending(rows, letters, patience), patience)
    if refused:
        # Not even as a letter: the queue keeps it, and gives it to its dead letter queue in the end.
        raise StoreMisconfigured(f"{len(refused)} dead letters cannot be stored: {refused[0].why}")
