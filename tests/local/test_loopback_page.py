"""docs/loopback.md is held against the servers: an operation is on it if, and only if, it is served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from local.cloud.mns.message_operations import MessageOperations
from local.cloud.mns.queue_operations import QueueOperations
from local.cloud.mns.queues import Queues
from local.cloud.oss import names
from local.cloud.tablestore import service

PAGE = (Path(__file__).parents[2] / "docs/loopback.md").read_text(encoding="utf-8")
OSS = {*names._ON_ACCOUNT.values(), *names._ON_BUCKET.values(), *names._ON_OBJECT.values()}
SERVED = {
    "TableStore": service._ALONE.keys() | service._BATCHES.keys(),
    # Two that are told apart by more than method and sub-resource.
    "OSS": OSS | {"CopyObject", "ListObjectsV2"},
    "MNS": QueueOperations(Queues(float)).by_name.keys() | MessageOperations(Queues(float)).by_name.keys(),
}


@pytest.mark.parametrize("title", SERVED)
def test_the_page_names_what_is_served(title: str) -> None:
    """Each operation once, by its name in the API, in a row of what is served."""
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| Served[^|]*\|(.*)\|$", section, re.MULTILINE)
    assert sorted(re.findall(r"`([A-Z]\w+)`", " ".join(rows))) == sorted(SERVED[title])
