"""Joins pending rows into the store: read, join, write on condition that the row has not moved; else again.

Crashing anywhere is safe: a row is written whole or not at all, and joining the same receipts again changes
nothing. A write whose answer was lost fails its condition when it is tried again, is read again and found done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.errors import BadReceipt, InvalidReceipt, TooLarge
from receipts.logs import place
from receipts.store.rows import Answer, Write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from receipts.store.patience import Patience
    from receipts.store.pending import Pending
    from receipts.store.rows import Rows


class RefusedRow(NamedTuple):
    """A pending row that can never be stored, and why."""

    pending: Pending
    why: BadReceipt


def join_into(rows: Rows, pending: Iterable[Pending], patience: Patience) -> list[RefusedRow]:
    """Store every pending row; their keys must differ. Returns those that can never be stored.

    Raises:
        StoreUnavailable: not everything was stored within `patience`.
        StoreMisconfigured: the store refuses for a reason that no retry mends.
    """
    left, refused = list(pending), []
    while left:
        round_ = _Round()
        _read_and_join(rows, left, round_)
        _write(rows, round_)
        refused += round_.refused
        left = round_.again
        if left:
            patience.pause(round_.why)
    return refused


class _Round:
    """One pass over what is left: what is to be written, what must come again and why, what never will."""

    def __init__(self) -> None:
        self.writes: list[Write] = []
        self.again: list[Pending] = []
        self.refused: list[RefusedRow] = []
        self.why = ""

    def later(self, item: Pending, why: str) -> None:
        self.again.append(item)
        self.why = why


def _read_and_join(rows: Rows, left: list[Pending], round_: _Round) -> None:
    for item, found in zip(left, rows.read(left), strict=True):
        if found.answer is Answer.LATER:
            round_.later(item, found.code)
            continue
        try:
            columns = item.merged(found.columns)
        except BadReceipt as error:
            round_.refused.append(RefusedRow(item, error))
        except Exception as error:  # noqa: BLE001 - a defect met by one row must not sink its neighbours
            why = InvalidReceipt(f"defect, please report: {place(error)}")
            round_.refused.append(RefusedRow(item, why))
        else:
            if columns is not None:
                round_.writes.append(Write(item, columns, found.columns))


def _write(rows: Rows, round_: _Round) -> None:
    for write, result in zip(round_.writes, rows.write(round_.writes), strict=True):
        if result.answer is Answer.NEVER:
            why = TooLarge(f"the store refuses the row ({result.code})")
            round_.refused.append(RefusedRow(write.pending, why))
        elif result.answer is not Answer.DONE:
            round_.later(write.pending, result.code)
