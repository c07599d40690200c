"""How many calls ended in each quarter of an hour, day by day from the index: several days at a time, nothing held."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from ops.gaps.window import QUARTER_MS
from ops.reading import patience, store_of
from receipts.store import schema
from receipts.store.scanning import Range, pages
from receipts.store.sdk import tablestore
from receipts.times import DAY_MS, china_day, china_midnight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ops.reading import Store
    from receipts.store.pending import Columns

# Vendor and quarter of an hour since 1970.
Counts = Counter[tuple[str, int]]
# What the service gives at once at most: the fewest requests.
PAGE_ROWS = 5000
# They wait for the network; reading what comes is for one processor.
THREADS = 4
# For what has many pages.
MANY_PAGES_SECONDS = 600.0


def days_with_calls(store: Store, since: int, until: int) -> Iterator[tuple[int, int]]:
    """The days in China, where the index is cut, on which a call ended from `since` up to `until`.

    Each costs one request for one row, and those without a call cost none, so that a window may begin in 1970.

    Returns:
        Of each day, in order, its part of the window: from and up to, epoch milliseconds.

    Raises:
        StoreUnavailable, StoreMisconfigured: the index cannot be read.
    """
    while since < until and (row := next(_ended(store, since, until, page=1), None)):
        since = max(since, china_midnight(int(row["ended_at"])))
        end = min(until, china_midnight(since) + DAY_MS)
        yield since, end
        since = end


def counted(env: Mapping[str, str], days: Iterable[tuple[int, int]]) -> Iterator[Counts]:
    """The calls that ended on these days, as `days_with_calls` gives them, a `Counter` for each as they come.

    Raises:
        StoreUnavailable, StoreMisconfigured: the index cannot be read.
    """
    with ThreadPoolExecutor(THREADS, thread_name_prefix="day") as threads:
        tasks = [threads.submit(_day, env, *day) for day in days]
        try:
            yield from (task.result() for task in as_completed(tasks))
        finally:
            threads.shutdown(cancel_futures=True)


def _day(env: Mapping[str, str], since: int, until: int) -> Counts:
    """With a client of its own: that of another thread is not shared."""
    with store_of(env) as store:
        rows = _ended(store, since, until, PAGE_ROWS)
        return Counter((str(row["vendor"]), int(row["ended_at"]) // QUARTER_MS) for row in rows)


def _ended(store: Store, since: int, until: int, page: int) -> Iterator[Columns]:
    low = [(key, tablestore.INF_MIN) for key in schema.CALLS.keys]
    start, end = ([("ended_day", china_day(at)), ("ended_at", at), *low] for at in (since, until))
    wanted = Range(start, end, columns=["ended_at", "vendor"], page=page)
    for rows in pages(store.client, store.prefix + "calls_by_day", wanted, patience(MANY_PAGES_SECONDS)):
        yield from rows
