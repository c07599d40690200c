"""Makes what the functions need and leaves alone what is there: tables, indexes, queues, the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mns.account import Account
from mns.queue import QueueMeta

from ops.bucket import provision_bucket
from ops.steps import DIFFERENT, MADE, THERE, Step
from receipts.store import schema
from receipts.store.client import opened
from receipts.store.sdk import tablestore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.settings import OpsSettings
    from receipts.store.schema import Index, Table

FOREVER = -1
DAY_SECONDS = 24 * 60 * 60
# Longer than a function may take: what is being worked on is not handed out a second time.
VISIBILITY_SECONDS = 150
ARCHIVE_VISIBILITY_SECONDS = 330
RETENTION_SECONDS = 7 * DAY_SECONDS
MOST_MESSAGE_BYTES = 64 * 1024
LONG_POLL_SECONDS = 10
MOST_LISTED = 1000


def provision(settings: OpsSettings) -> Iterator[Step]:
    """Every table, index and queue, then the bucket. Safe to run again. Raises the SDKs' errors on a refusal."""
    with opened(settings.store, settings.keys) as store:
        for table in schema.TABLES:
            yield from _table(store, table, settings.store.table_prefix)
    account = Account(settings.mns_endpoint, *settings.keys)
    try:
        for name in (settings.receipts_queue, settings.dead_queue):
            yield _queue(account, name, VISIBILITY_SECONDS)
        for name in (settings.recordings_queue, settings.recordings_dead_queue):
            yield _queue(account, name, ARCHIVE_VISIBILITY_SECONDS)
    finally:
        account.mns_client.close_connection()
    yield from provision_bucket(settings.bucket, settings.keys)


def _table(store: Any, table: Table, prefix: str) -> Iterator[Step]:
    name = prefix + table.name
    try:
        found = store.describe_table(name)
    except tablestore.OTSServiceError as error:
        if error.code != "OTSObjectNotExist":
            raise
        _create(store, table, prefix)
        yield Step("table", name, MADE)
        yield from (Step("index", prefix + index.name, MADE) for index in table.indexes)
        return
    if [tuple(key[:2]) for key in found.table_meta.schema_of_primary_key] == _keys(table):
        yield Step("table", name, THERE)
    else:
        yield Step("table", name, DIFFERENT, "its key is another: choose another TABLE_PREFIX or delete the table")
        return
    there = {index.index_name for index in found.secondary_indexes}
    for index in table.indexes:
        if prefix + index.name in there:
            yield Step("index", prefix + index.name, THERE)
        else:
            store.create_secondary_index(name, _index(index, prefix), include_base_data=True)
            yield Step("index", prefix + index.name, MADE)


def _create(store: Any, table: Table, prefix: str) -> None:
    # One version and no expiry: indexes demand both.
    options = tablestore.TableOptions(time_to_live=FOREVER, max_version=1, max_time_deviation=DAY_SECONDS)
    meta = tablestore.TableMeta(prefix + table.name, _keys(table), list(table.defined.items()))
    indexes = [_index(index, prefix) for index in table.indexes]
    store.create_table(meta, options, tablestore.ReservedThroughput(tablestore.CapacityUnit(0, 0)), indexes)


def _keys(table: Table) -> list[tuple[str, str]]:
    return [(key, "STRING") for key in table.keys]


def _index(index: Index, prefix: str) -> tablestore.SecondaryIndexMeta:
    return tablestore.SecondaryIndexMeta(
        prefix + index.name,
        list(index.keys),
        list(index.columns),
        index_type=tablestore.SecondaryIndexType.GLOBAL_INDEX,
    )


def _queue(account: Account, name: str, visibility_seconds: int) -> Step:
    meta = QueueMeta()
    meta.set_visibilitytimeout(visibility_seconds)
    meta.set_message_retention_period(RETENTION_SECONDS)
    meta.set_maximum_message_size(MOST_MESSAGE_BYTES)
    meta.set_polling_wait_seconds(LONG_POLL_SECONDS)
    # Looked up in the list: asking a queue for its attributes makes the SDK warn of counters that nobody wants.
    urls, _ = account.list_queue(name, MOST_LISTED)
    if any(url.rpartition("/")[2] == name for url in urls):
        return Step("queue", name, THERE)
    account.get_queue(name).create(meta)
    return Step("queue", name, MADE)
