"""The rule book: the rows of `bindings` about one privacy number and one party, in one read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.bounded import within
from receipts.deciding.kept import Kept
from receipts.deciding.rules import EVERYBODY
from receipts.errors import StoreUnavailable
from receipts.store import schema
from receipts.store.lookup import Lookup
from receipts.store.rows import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from receipts.deadline import Deadline
    from receipts.store.pending import Columns
    from receipts.store.rows import Found, Rows

# Two small rows each: at most some megabytes.
MOST_KEPT = 2000
# A connection that was closed while nobody used it fails at once, and a new one mends that.
MOST_TRIES = 2


class Pages(NamedTuple):
    """What the rule book says of a party: the row of its own, and everybody's; None where there is no such row."""

    own: Columns | None
    everybody: Columns | None


class RuleBook:
    """Reads rows and keeps them for a few seconds. Not for two threads at once.

    Args:
        connect: makes a client's rows; called again after a read that was abandoned.
        keep_seconds: how long what was read is kept, including that there was no row.
        monotonic: a clock in seconds.
    """

    def __init__(self, connect: Callable[[], Rows], keep_seconds: float, monotonic: Callable[[], float]) -> None:
        self._connect = connect
        self._rows = connect()
        self._kept: Kept[Pages] = Kept(keep_seconds, MOST_KEPT, monotonic)

    def reconnect(self, connect: Callable[[], Rows]) -> None:
        """Read through other clients from now on; what was read stays good."""
        self._connect = connect
        self._rows = connect()

    def about(self, number_x: str, party: str, deadline: Deadline) -> Pages:
        """The rows about the party's calls and texts to the privacy number; `party` is empty for an unknown one.

        Raises:
            StoreUnavailable: they could not be read before the deadline.
            StoreMisconfigured: the store refuses for a reason that no retry mends.
        """
        pages = self._kept.get((number_x, party))
        if pages is None:
            pages = self._read(number_x, party, deadline)
            self._kept.keep((number_x, party), pages)
        return pages

    def _read(self, number_x: str, party: str, deadline: Deadline) -> Pages:
        parties = [EVERYBODY, party] if party else [EVERYBODY]
        lookups = [Lookup(schema.BINDINGS, key(number_x, each)) for each in parties]
        why = ""
        for _ in range(MOST_TRIES):
            found = self._found(lookups, deadline)
            why = next((one.code for one in found if one.answer is Answer.LATER), "")
            if not why:
                everybody, *own = [one.columns for one in found]
                return Pages(own[0] if own else None, everybody)
        raise StoreUnavailable(f"the rule book could not be read: {why}")

    def _found(self, lookups: list[Lookup], deadline: Deadline) -> list[Found]:
        rows = self._rows
        try:
            return within(deadline.remaining(), lambda: list(rows.read(lookups)))
        except TimeoutError:
            # A read that is still waiting keeps the client for itself.
            self._rows = self._connect()
            raise StoreUnavailable("the rule book could not be read in time") from None


def key(number_x: str, party: str) -> schema.Key:
    """The key of a row."""
    return tuple(zip(schema.BINDINGS.keys, (number_x, party), strict=True))
