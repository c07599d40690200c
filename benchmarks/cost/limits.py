"""The limits of the services that more calls come up to, and how far they are used."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.cost.sizes import Deployed
    from benchmarks.cost.volumes import Month

# Function Compute: two pages of the vendor's contradict each other. Both can be raised on request.
INSTANCES_OF_A_REGION = (100, 300)
# MNS counts each message sent, received or deleted; by account and region.
QUEUE_PER_SECOND = 20_000
# TableStore: below this, no single partition is known to be hot; a new table has one, and is split as it grows.
ROWS_PER_SECOND_OF_A_PARTITION = 1_000
# Aliyun's QueryRecordFileDownloadUrl, by account.
LINKS_PER_SECOND = 3_000


class Limit(NamedTuple):
    """A limit: what it bounds, its value, and how much of it a month's busiest second takes."""

    name: str
    value: float
    used: Callable[[Month], float]


def of(functions: Mapping[str, Deployed]) -> list[Limit]:
    """The limits, those of the template among them."""
    least, most = INSTANCES_OF_A_REGION
    partition = ROWS_PER_SECOND_OF_A_PARTITION
    return [
        Limit("instances of `receive` and `ingest`, one page's limit", least, _answering),
        Limit("the same, another page's limit", most, _answering),
        Limit("instances of `archive`, `reservedConcurrency`", functions["archive"].most or most, _archiving),
        Limit("MNS, messages sent, received, deleted per second", QUEUE_PER_SECOND, lambda one: one.queue_per_second),
        Limit("TableStore, rows per second of a partition", partition, lambda one: one.rows_per_second),
        Limit("Aliyun, links to recordings per second", LINKS_PER_SECOND, lambda one: one.links_per_second),
    ]


def reached(limit: Limit, largest: Month) -> float:
    """Calls a day at which the limit is reached, from the largest month: everything grows as the calls do.

    Infinity where nothing of it is used.
    """
    used = limit.used(largest)
    return largest.calls * limit.value / used if used else math.inf


def _answering(one: Month) -> float:
    return one.work["receive"].at_once + one.work["ingest"].at_once


def _archiving(one: Month) -> float:
    return one.work["archive"].at_once
