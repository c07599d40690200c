"""A row that is to be joined into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from receipts.domain.row import Value
from receipts.errors import TooLarge
from receipts.joining import facts as lattice
from receipts.joining.known import KnownFacts
from receipts.store import schema

if TYPE_CHECKING:
    from receipts.joining.facts import Facts
    from receipts.joining.subject import Subject
    from receipts.store.schema import Key, Table

Columns = dict[str, Value]
FACTS, REVISION = "facts", "revision"
# TableStore takes 2 MB per value and 4 MB per row; a transcript stands in its row twice.
MOST_FACTS_BYTES = 1_900_000
# Some hundreds of calls, in some ten megabytes.
_KNOWN = KnownFacts(most_characters=1_000_000)


class Pending(Protocol):
    """What is to become of one row, whatever stands there already."""

    @property
    def table(self) -> Table:
        """The table."""

    @property
    def key(self) -> Key:
        """The row's key."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that `merged` wants to see; empty for all."""

    def merged(self, stored: Columns | None) -> Columns | None:
        """The row's columns once joined with what is stored (None: no such row), or None if nothing changes.

        Always holds `revision`. Raises BadReceipt when what came cannot be stored.
        """


class PendingFacts(NamedTuple):
    """Facts to be joined into a row of their subject."""

    subject: Subject
    identity: str
    facts: Facts

    @property
    def table(self) -> Table:
        """The table of the subject."""
        return schema.BY_NAME[self.subject.table]

    @property
    def key(self) -> Key:
        """The row's key."""
        return schema.key(self.table, self.identity)

    @property
    def reads(self) -> tuple[str, ...]:
        """Every other column is a function of the facts."""
        return (FACTS, REVISION)

    def merged(self, stored: Columns | None) -> Columns | None:
        """The whole row anew from the joined facts. Raises BadReceipt."""
        facts = self.facts
        before = str(stored[FACTS]) if stored and FACTS in stored else None
        if before is not None:
            facts = lattice.joined((_KNOWN.of(self.subject, before), facts))
        facts = self.subject.kept(facts)
        text = lattice.written(facts)
        _KNOWN.keep(self.subject, text, facts)
        if text == before:
            return None
        # A character takes at most four bytes: nearly every text is short enough without counting them.
        if len(text) > MOST_FACTS_BYTES // 4 and len(text.encode()) > MOST_FACTS_BYTES:
            raise TooLarge(f"its row would hold more than {MOST_FACTS_BYTES} bytes of facts")
        row = self.subject.row({kind: fact.receipt for kind, fact in facts.items()})
        return {**row.columns(), FACTS: text, REVISION: lattice.revision(text)}
