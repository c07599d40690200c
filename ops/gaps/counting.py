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
    from collections.abc import Iterator, Mapping

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


def counted(env: Mapping[str, str], since: int, until: int) -> Iterator[Counts]:
    """The calls that ended from `since` up to `until` (epoch ms), a `Counter` per day in China, as they come.

    Raises:
        StoreUnavailable, StoreMisconfigured: the index cannot be read.
    """
    days = _days(since, until)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="day") as threads:
        tasks = [threads.submit(_day, env, *day) for day in days]
        try:
            yield from (task.result() for task in as_completed(tasks))
        finally:
            threads.shutdown(cancel_futures=True)


def days_in(since: int, until: int) -> int:
    """How many counters there will be."""
    return len(_days(since, until))


def _days(since: int, until: int) -> list[tuple[int, int]]:
    """The window cut at midnight in China, where the index is cut."""
    return [(max(since, start), min(until, start + DAY_MS)) for start in range(china_midnight(since), until, DAY_MS)]


def _day(env: Mapping[str, str], since: int, until: int) -> Counts:
    """With a client of its own: that of another thread is not shared."""
    with store_of(env) as store:
        return Counter((str(row["vendor"]), int(row["ended_at"]) // QUARTER_MS) for row in _ended(store, since, until))


def _ended(store: Store, since: int, until: int) -> Iterator[Columns]:
    low = [(key, tablestore.INF_MIN) for key in schema.CALLS.keys]
    day = [("ended_day", china_day(since))]
    wanted = Range(
        [*day, ("ended_at", since), *low],
        [*day, ("ended_at", until), *low],
        columns=["ended_at", "vendor"],
        page=PAGE_ROWS,
    )
    for page in pages(store.client, store.prefix + "calls_by_day", wanted, patience(MANY_PAGES_SECONDS)):
        yield from page
