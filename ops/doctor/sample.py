"""The test receipt: a call that nobody can take for one. It has no number, no time and no recording."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from ops.reading import looked_up, lookup, patience
from ops.removing import remove
from receipts.domain.letter import Letter
from receipts.errors import InvalidReceipt
from receipts.intake.parsing import told_by
from receipts.journal.envelope import Envelope
from receipts.store import schema
from receipts.store.lookup import Lookup
from receipts.store.scanning import Range, pages
from receipts.store.sdk import tablestore
from receipts.times import china_day

if TYPE_CHECKING:
    from ops.reading import Store
    from receipts.store.pending import Columns
    from receipts.store.schema import Key

VENDOR, TYPE = "aliyun", "SecretStartReport"
# Its order, by which an index finds what a run that was killed left behind; and what its id begins with.
MARK = "receipts-doctor"
(BY_ORDER,) = (index for index in schema.CALLS.indexes if index.keys == ("order_id",))
# A younger one may be that of somebody else's run at this moment.
OLD_SECONDS = 10 * 60


class Sample(NamedTuple):
    """One: when it was made (epoch milliseconds), and a part of its id that no other has."""

    at: int
    chance: str

    @property
    def call_id(self) -> str:
        """The vendor's id; what follows the mark is the second in which it was made."""
        return f"{MARK}-{self.at // 1000}-{self.chance}"

    @property
    def body(self) -> bytes:
        """A push with it."""
        return json.dumps([{"call_id": self.call_id, "out_id": MARK}]).encode()

    @property
    def envelope(self) -> Envelope:
        """As `receive` journals it."""
        return Envelope(VENDOR, TYPE, self.at, self.call_id, self.body)

    def stored(self, store: Store) -> bool:
        """Whether its row is there. Raises StoreUnavailable, StoreMisconfigured."""
        return looked_up(store.rows, [lookup(schema.CALLS, self._identity)])[0] is not None

    def dead_letter(self, store: Store) -> Columns | None:
        """The dead letter that it became. Raises as `stored`."""
        return looked_up(store.rows, [Lookup(schema.DEAD_LETTERS, self._letter_key)])[0]

    def remove(self, store: Store) -> None:
        """Remove whatever came of it. Raises as `stored`."""
        remove(store, schema.CALLS, schema.key(schema.CALLS, self._identity))
        remove(store, schema.DEAD_LETTERS, self._letter_key)

    @property
    def _identity(self) -> str:
        return f"{VENDOR}:{self.call_id}"

    @property
    def _letter_key(self) -> Key:
        (told,) = told_by(self.envelope)
        letter = told if isinstance(told, Letter) else told.letter(InvalidReceipt(""))
        return (("day", china_day(self.at)), ("letter_id", letter.letter_id))


def remove_leftovers(store: Store, now: float) -> int:
    """Remove the rows of runs that were killed; how many there were. Raises as `Sample.stored`.

    `now`: epoch seconds.
    """
    rest = schema.CALLS.keys
    start, end = (
        [("order_id", MARK), *((name, bound) for name in rest)] for bound in (tablestore.INF_MIN, tablestore.INF_MAX)
    )
    removed = 0
    for page in pages(store.client, store.prefix + BY_ORDER.name, Range(start, end, columns=["call_id"]), patience()):
        for identity in (str(row["call_id"]) for row in page):
            if _is_left_over(identity, now):
                remove(store, schema.CALLS, schema.key(schema.CALLS, identity))
                removed += 1
    return removed


def _is_left_over(identity: str, now: float) -> bool:
    """Whether the row of this key is of a run that is over: an order of that name may be somebody's own."""
    second = identity.removeprefix(f"{VENDOR}:{MARK}-").partition("-")[0]
    return identity.startswith(f"{VENDOR}:{MARK}-") and second.isdecimal() and int(second) < now - OLD_SECONDS
