"""The tables as the commands read them."""

from __future__ import annotations

import contextlib
import random
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from receipts import credentials
from receipts.settings import StoreSettings
from receipts.store import schema
from receipts.store.client import opened
from receipts.store.lookup import Lookup
from receipts.store.patience import Patience
from receipts.store.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from receipts.store.pending import Columns
    from receipts.store.schema import Table

# A person waits: what has not come by then is told.
PATIENCE_SECONDS = 8.0


class Store(NamedTuple):
    """The rows of one instance: its client, what stands before its tables' names, and the way to single rows."""

    client: Any
    prefix: str
    rows: Rows


@contextlib.contextmanager
def store_of(env: Mapping[str, str]) -> Iterator[Store]:
    """The store that the environment names. Raises SettingError."""
    settings = StoreSettings.read(env)
    with opened(settings, credentials.of(None, env)) as client:
        yield Store(client, settings.table_prefix, Rows(client, settings.table_prefix))


def patience(seconds: float | None = None) -> Patience:
    """For one question; `seconds`: more of them, for one whose answer has many pages."""
    return Patience(PATIENCE_SECONDS if seconds is None else seconds, time.monotonic, time.sleep, random.random)


def lookup(table: Table, identity: str, reads: tuple[str, ...] = ()) -> Lookup:
    """The row about `identity`."""
    return Lookup(table, schema.key(table, identity), reads)


def looked_up(rows: Rows, lookups: Sequence[Lookup]) -> list[Columns | None]:
    """What stands under each, key columns included, or None. Raises StoreUnavailable, StoreMisconfigured."""
    found = rows.read_all(lookups, patience())
    return [
        None if one.columns is None else {**dict(wanted.key), **one.columns}
        for wanted, one in zip(lookups, found, strict=True)
    ]
