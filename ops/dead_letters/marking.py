"""Writes into a letter's row what a replay came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.joining.facts import canonical, revision
from receipts.store import schema
from receipts.store.joining import join_into
from receipts.store.letters import OPEN, REPLAYED
from receipts.store.pending import REVISION

if TYPE_CHECKING:
    from ops.dead_letters.choosing import Name
    from receipts.store.patience import Patience
    from receipts.store.pending import Columns
    from receipts.store.rows import Rows
    from receipts.store.schema import Key, Table

MOST_CHARACTERS = 500


class _Mark(NamedTuple):
    """The result of a replay, to be joined into the letter's row."""

    name: Name
    replayed_at: int | None
    result: str

    @property
    def table(self) -> Table:
        return schema.DEAD_LETTERS

    @property
    def key(self) -> Key:
        return tuple(self.name._asdict().items())

    @property
    def reads(self) -> tuple[str, ...]:
        return ()

    def merged(self, stored: Columns | None) -> Columns | None:
        """The row with the result; one that was replayed before does not become open by a replay that fails."""
        if stored is None or (self.replayed_at is None and stored.get("state") != OPEN):
            return None
        told: Columns = {"replay_result": self.result[:MOST_CHARACTERS]}
        if self.replayed_at is not None:
            told |= {"state": REPLAYED, "replayed_at": self.replayed_at}
        if told.items() <= stored.items():
            return None
        # Another revision than the sightings' own: whoever read the row before this write cannot write it afterwards.
        mark = canonical([stored.get("sightings"), {**stored, **told}["state"], *told.values()])
        return {**stored, **told, REVISION: revision(mark)}


def mark_replayed(rows: Rows, name: Name, result: str, at: int, patience: Patience) -> None:
    """Nothing of the letter is a dead letter any more since `at` (epoch milliseconds).

    Raises:
        StoreUnavailable, StoreMisconfigured: the mark is not there; replaying again is harmless.
    """
    _write(rows, _Mark(name, at, result), patience)


def mark_bad(rows: Rows, name: Name, result: str, patience: Patience) -> None:
    """The letter is still one. Raises as `mark_replayed`."""
    _write(rows, _Mark(name, None, result), patience)


def _write(rows: Rows, mark: _Mark, patience: Patience) -> None:
    refused = join_into(rows, [mark], patience)
    if refused:
        raise refused[0].why
