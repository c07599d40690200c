"""Recordings that are announced and not in the bucket, by the time of their call; and how many are in each state."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from ops.gaps.counting import MANY_PAGES_SECONDS, PAGE_ROWS
from ops.reading import looked_up, lookup, patience
from receipts.store import schema
from receipts.store.scanning import Range, pages
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ops.gaps.window import Window
    from ops.reading import Store
    from receipts.store.pending import Columns

# The worst first: lost, then what a person must mend, then what is tried by itself.
EXPIRED, ABSENT, FAILED, PENDING, ARCHIVED = STATES = ("expired", "absent", "failed", "pending", "archived")
READS = ("call_id", "vendor", "state", "called_at", "deadline_at", "attempts", "vendor_code", "last_error")


class Recordings(NamedTuple):
    """What became of the recordings of the window's calls.

    Attributes:
        states: how many, by vendor and state.
        missing: how many are not archived, and so old that they should be.
        listed: some of these, columns of their rows: the worst state first, of a state the oldest call.
    """

    states: Counter[tuple[str, str]]
    missing: int
    listed: list[dict[str, Any]]


def looked_at(store: Store, window: Window, settled: int, limit: int, moved: Callable[[], None]) -> Recordings:
    """Look at them.

    Args:
        store: where.
        window: of the calls.
        settled: epoch milliseconds; what is `pending` of a later call is under way.
        limit: the most that are listed.
        moved: called after every page that was read.

    Raises:
        StoreUnavailable, StoreMisconfigured: the rows cannot be read.
    """
    states: Counter[tuple[str, str]] = Counter()
    missing, names = 0, list[str]()
    for state in STATES:
        until = {PENDING: settled, ARCHIVED: window.since}.get(state, window.until)
        for page in _pages(store, state, window):
            states.update((str(row["vendor"]), state) for row in page)
            late = [str(row["recording_id"]) for row in page if int(row["called_at"]) < until]
            missing += len(late)
            names += late[: limit - len(names)]
            moved()
    rows = looked_up(store.rows, [lookup(schema.RECORDINGS, name, READS) for name in names])
    # The index follows the table a moment later.
    return Recordings(states, missing, [row for row in rows if row is not None and row["state"] != ARCHIVED])


def _pages(store: Store, state: str, window: Window) -> Iterator[list[Columns]]:
    """Those of a state, the oldest call first."""
    least = [(key, tablestore.INF_MIN) for key in schema.RECORDINGS.keys]
    wanted = Range(
        [("state", state), ("called_at", window.since), *least],
        [("state", state), ("called_at", window.until), *least],
        columns=["called_at", "recording_id", "vendor"],
        page=PAGE_ROWS,
    )
    yield from pages(store.client, store.prefix + "recordings_by_call_time", wanted, patience(MANY_PAGES_SECONDS))
