"""Calls that have begun and not ended, and are older than a call can be; from an index that holds no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ops.gaps.counting import MANY_PAGES_SECONDS, PAGE_ROWS
from ops.reading import patience
from receipts.store import schema
from receipts.store.scanning import Range, pages
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.gaps.window import Window
    from ops.reading import Store

# What stands in the column where no receipt tells a moment.
UNDATED = 0


class OpenCalls(NamedTuple):
    """Calls without an end: how many there are, and the oldest of them (`call_id`, `vendor`, `status`, …)."""

    missing: int
    listed: list[dict[str, Any]]


def looked_at(store: Store, window: Window, settled: int, limit: int, moved: Callable[[], None]) -> OpenCalls:
    """Find them: begun in the window and before `settled` (epoch ms), or nobody says when.

    Raises:
        StoreUnavailable, StoreMisconfigured: the index cannot be read.
    """
    missing, listed = 0, list[dict[str, Any]]()
    for begin, end in ((window.since, min(window.until, settled)), (UNDATED, UNDATED + 1)):
        least = [(key, tablestore.INF_MIN) for key in schema.CALLS.keys]
        wanted = Range([("open_since_at", begin), *least], [("open_since_at", end), *least], page=PAGE_ROWS)
        if begin >= end:
            continue
        for page in pages(store.client, store.prefix + "calls_open", wanted, patience(MANY_PAGES_SECONDS)):
            missing += len(page)
            listed += page[: limit - len(listed)]
            moved()
    return OpenCalls(missing, listed)
