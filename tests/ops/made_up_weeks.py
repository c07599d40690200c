"""Weeks of made-up calls as rows: by day and night, with an outage, calls without an end, recordings in every state."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from receipts.store import schema
from receipts.store.rows import MOST_WRITTEN_ROWS
from receipts.store.sdk import tablestore
from receipts.times import china_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from receipts.store.schema import Table
    from tests.store.support import Row

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS
# How busy each hour of the day is.
BUSY = (1, 0, 0, 0, 0, 1, 4, 12, 26, 34, 36, 33, 28, 30, 35, 38, 36, 34, 30, 26, 20, 12, 6, 3)


def put(client: Any, table: Table, rows: Iterable[Row]) -> None:
    """Write rows as they are."""
    items = [
        tablestore.PutRowItem(
            tablestore.Row(
                [(key, row[key]) for key in table.keys],
                [(name, value) for name, value in row.items() if name not in table.keys],
            ),
            tablestore.Condition("IGNORE"),
        )
        for row in rows
    ]
    for start in range(0, len(items), MOST_WRITTEN_ROWS):
        request = tablestore.BatchWriteRowRequest()
        request.add(tablestore.TableInBatchWriteRowItem(table.name, items[start : start + MOST_WRITTEN_ROWS]))
        client.batch_write_row(request)


def ended(vendor: str, number: int, at: int) -> Row:
    """A call that ended `at`, epoch milliseconds."""
    call_id = f"{vendor}:ended-{number}"
    times = {"started_at": at - 60_000, "ended_at": at, "ended_day": china_day(at)}
    what = {"vendor": vendor, "status": "ended", "outcome": "answered", "talk_seconds": 50}
    return {**dict(schema.key(schema.CALLS, call_id)), **what, **times, "revision": 1}


def begun(vendor: str, name: str, at: int, status: str = "initiated") -> Row:
    """A call without an end that began `at`; 0 where nobody says when."""
    key = dict(schema.key(schema.CALLS, f"{vendor}:{name}"))
    return {**key, "vendor": vendor, "status": status, "open_since_at": at, "revision": 1}


def recording(vendor: str, name: str, at: int, state: str, **more: str | int) -> Row:
    """The recording of a call that began `at`."""
    key = dict(schema.key(schema.RECORDINGS, f"{vendor}:{name}:call"))
    what = {"vendor": vendor, "call_id": f"{vendor}:{name}", "state": state, "called_at": at}
    return {**key, **what, "deadline_at": at + 30 * DAY_MS, "attempts": 3, "revision": 1, **more}


def letter(number: int, at: int, **more: str | int) -> Row:
    """An open dead letter, first seen `at`."""
    what = {"vendor": "aliyun", "type": "SecretReport", "reason": "invalid", "state": "open", "error": "wrong"}
    return {
        "day": china_day(at), "letter_id": f"{number:032x}", **what, "body": "{}", "seen": 1,
        "first_seen_at": at, "last_seen_at": at + HOUR_MS, "revision": 1, **more,
    }  # fmt: skip


def weeks(vendor: str, until: datetime, days: int, share: float, silent: tuple[datetime, datetime]) -> Iterator[Row]:
    """Calls that ended in the days before `until`, fewer at weekends, none within `silent`.

    `share`: of so many calls in an hour as `BUSY` says.
    """
    chance, number = random.Random(20261120), 0
    hour = (until - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    while hour < until:
        weekend = 0.4 if hour.weekday() >= 5 else 1.0
        many = round(BUSY[hour.hour] * share * weekend * chance.uniform(0.8, 1.2))
        for _ in range(0 if silent[0] <= hour < silent[1] else many):
            at = hour + timedelta(seconds=chance.uniform(0, 3599))
            if at < until:
                number += 1
                yield ended(vendor, number, round(at.timestamp() * 1000))
        hour += timedelta(hours=1)
