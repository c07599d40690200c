"""What happened in a call, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ops.calls.recording_ids import kind_of
from receipts.aliyun import calls as aliyun
from receipts.errors import InvalidReceipt
from receipts.huawei import calls as huawei

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.store.pending import Columns

SUBJECTS = {"aliyun": aliyun.CALLS, "huawei": huawei.CALLS}
ENDED_BY = {"caller": "the caller hung up", "callee": "the callee hung up", "platform": "the platform ended it"}


class Moment(NamedTuple):
    """Something that happened; `at` in epoch milliseconds, None if nobody says when. `order` breaks ties."""

    at: int | None
    order: int
    what: str


def timeline(call: Columns, recordings: list[Columns]) -> list[Moment]:
    """Every moment that the rows tell of, the earliest first; what has no moment last."""
    moments = [*_steps(call), *_receipts(call), *_recordings(recordings)]
    return sorted(moments, key=lambda one: (one.at is None, one.at or 0, one.order))


def _steps(call: Columns) -> Iterator[Moment]:
    steps = {
        "started_at": "initiated: the caller dialled",
        "dialed_at": "dialled: the platform called the callee",
        "ringing_at": "ringing at the callee's",
        "answered_at": "answered",
        "ended_at": f"ended: {ENDED_BY.get(str(call.get('released_by')), 'released')}",
    }
    for order, (column, what) in enumerate(steps.items()):
        if column in call:
            yield Moment(int(call[column]), order, what)


def _receipts(call: Columns) -> Iterator[Moment]:
    """Each receipt at the moment that it tells of: when it came is not kept."""
    try:
        facts = SUBJECTS[str(call.get("vendor"))].facts(str(call.get("facts", "{}")))
    except (InvalidReceipt, KeyError, ValueError):
        yield Moment(None, 9, "receipts that this version cannot read")
        return
    for kind, fact in sorted(facts.items()):
        at = fact.rank[0]
        yield Moment(at if at >= 0 else None, 8, f"receipt {huawei.kind_of(kind)}")


def _recordings(recordings: list[Columns]) -> Iterator[Moment]:
    for row in recordings:
        kind = kind_of(str(row["recording_id"]))
        for column, what in (("announced_at", "announced"), ("archived_at", "archived")):
            if column in row:
                yield Moment(int(row[column]), 10, f"recording ({kind}) {what}")
