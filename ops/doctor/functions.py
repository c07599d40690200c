"""What each function of `template.yml` works on; `ops.function_settings` has the settings that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from receipts.settings import RECEIPTS_DEAD_QUEUE, RECEIPTS_QUEUE, RECORDINGS_DEAD_QUEUE, RECORDINGS_QUEUE
from receipts.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from receipts.settings import Setting
    from receipts.store.schema import Table

OF_RECEIPTS = tuple(table for table in schema.TABLES if table is not schema.BINDINGS)
JOURNAL, JOBS = (RECEIPTS_QUEUE, RECEIPTS_DEAD_QUEUE), (RECORDINGS_QUEUE, RECORDINGS_DEAD_QUEUE)


class Needs(NamedTuple):
    """What a function needs.

    Attributes:
        tables: those that it reads or writes.
        queues: the settings with the names of its queues, and of the dead letter queues behind them.
        bucket: whether it works on the bucket.
        links: whether it asks the vendors for links to recordings.
        tokens: whether it asks for tokens to Alibaba's own queues.
    """

    tables: tuple[Table, ...] = ()
    queues: tuple[Setting, ...] = ()
    bucket: bool = False
    links: bool = False
    tokens: bool = False


FUNCTIONS = {
    "receive": Needs(queues=JOURNAL, bucket=True),
    "decide": Needs((schema.BINDINGS,), JOURNAL, bucket=True),
    "ingest": Needs(OF_RECEIPTS, (*JOURNAL, *JOBS), bucket=True),
    "archive": Needs((schema.RECORDINGS, schema.DEAD_LETTERS), JOBS, bucket=True, links=True),
    "sweep": Needs((schema.RECORDINGS,), JOBS),
    "poll": Needs(OF_RECEIPTS, JOBS, tokens=True),
}


def together(names: Iterable[str]) -> Needs:
    """What the functions of these names need, each thing once."""
    needs = [FUNCTIONS[name] for name in names]
    return Needs(
        tables=tuple(table for table in schema.TABLES if any(table in each.tables for each in needs)),
        queues=tuple(dict.fromkeys(one for each in needs for one in each.queues)),
        bucket=any(each.bucket for each in needs),
        links=any(each.links for each in needs),
        tokens=any(each.tokens for each in needs),
    )
