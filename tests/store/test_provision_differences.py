"""What is there and differs: put right where it loses receipts, told otherwise; looked at alone with --dry-run."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import oss2
import pytest
from mns.queue import QueueMeta
from oss2.models import BucketVersioningConfig

from ops.provisioning import queues
from ops.provisioning.steps import DIFFERENT, MADE, SET, THERE, WOULD_MAKE, WOULD_SET
from receipts.store import schema
from receipts.store.sdk import tablestore
from template.reading import TEMPLATE, read_functions
from tests.store.empty_cloud import Cloud, bucket_of, exit_code, queue_of
from tests.test_docs import REQUIRED

if TYPE_CHECKING:
    from collections.abc import Callable

    Told = Callable[..., tuple[int, dict[str, Any]]]

SAFE = QueueMeta(600, 65536, 604800, 3, 0, True)


def attributes(cloud: Cloud, name: str) -> queues.Found:
    """Of a queue that is there."""
    with queues.opened(cloud.mns.endpoint, cloud.store.keys) as account:
        found = queues.found(account, name)
    assert found is not None
    return found


@pytest.fixture
def told(command: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """Runs `receipts provision --json`: its exit code, and each line by its name."""

    def run(*arguments: str) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr(sys, "argv", ["receipts", "provision", "--json", *arguments])
        code = exit_code()
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return code, {line["name"]: line for line in lines}

    return run


@pytest.mark.parametrize(
    ("unsafe", "words"),
    [
        (QueueMeta(vis_timeout=30), "ingest may run 120 s"),
        (QueueMeta(vis_timeout=600, msg_ttl=3600), "an outage that is longer loses them"),
        (QueueMeta(vis_timeout=600, max_msg_size=1024), "larger ones are refused"),
    ],
)
def test_a_queue_that_would_lose_or_double_receipts_is_put_right(
    command: Cloud, told: Told, unsafe: QueueMeta, words: str
) -> None:
    """The consequence is told, what is unsafe is set as declared, and everything else of the queue stays."""
    unsafe.delay_seconds, unsafe.logging_enabled = 7, True
    with queue_of(command, "receipts") as queue:
        queue.create(unsafe)
    before = attributes(command, "receipts")
    code, lines = told("--dry-run")
    assert (code, lines["receipts"]["state"]) == (0, WOULD_SET)
    assert attributes(command, "receipts") == before
    code, lines = told()
    assert (code, lines["receipts"]["state"]) == (0, SET)
    assert words in lines["receipts"]["advice"]
    after = attributes(command, "receipts")
    assert (after.message_retention_period, after.maximum_message_size) == (604800, 65536)
    assert after.visibility_timeout >= 120
    assert (after.delay_seconds, after.logging) == (7, True)
    assert told()[1]["receipts"]["state"] == DIFFERENT


def test_a_queue_that_differs_and_is_safe_is_told_and_left_alone(command: Cloud, told: Told) -> None:
    """It may be meant: exit code 0."""
    with queue_of(command, "receipts") as queue:
        queue.create(SAFE)
    before = attributes(command, "receipts")
    code, lines = told()
    assert (code, lines["receipts"]["state"]) == (0, DIFFERENT)
    for words in ("600 s in place of 150", "3 s late", "Long poll 0 s", "if it is meant"):
        assert words in lines["receipts"]["advice"]
    assert attributes(command, "receipts") == before


def test_queues_are_hidden_for_longer_than_their_function_may_run() -> None:
    """The declared visibility timeouts stand to the time-outs of template.yml as the documents say."""
    seconds = {function.name: function.timeout for function in read_functions(TEMPLATE, REQUIRED)}
    for queue in queues.declared("receipts", "receipts-dead", "recordings", "recordings-dead"):
        assert queue.visibility_timeout > seconds[queue.taker]
        assert queue.dead or queue.runs_seconds == seconds[queue.taker]


def test_a_dry_run_shows_everything_and_makes_nothing(command: Cloud, told: Told) -> None:
    """On an empty cloud every thing is named; not one call changes anything."""
    code, lines = told("--dry-run")
    assert code == 0
    assert {line["state"] for line in lines.values()} == {WOULD_MAKE}
    asked = {*command.store.server.faults.calls, *command.mns.faults.calls, *command.oss.faults.calls}
    assert asked == {"DescribeTable", "GetQueueAttributes", "GetBucketInfo"}
    code, made = told()
    assert code == 0
    assert made.keys() == lines.keys()
    assert {line["state"] for line in made.values()} == {MADE}


def without_a_defined_column(client: Any) -> None:
    """`calls` as an earlier version made it."""
    make_calls(client, [(name, kind) for name, kind in all_defined() if name != "open_since_at"], [])


def with_another_index_key(client: Any) -> None:
    """`calls` with an index by order whose key is another."""
    make_calls(client, all_defined(), [tablestore.SecondaryIndexMeta("calls_by_order", ["binding_id"], ["vendor"])])


def with_a_poor_index(client: Any) -> None:
    """`calls` with an index by order that holds fewer columns."""
    make_calls(client, all_defined(), [tablestore.SecondaryIndexMeta("calls_by_order", ["order_id"], ["vendor"])])


def all_defined() -> list[tuple[str, str]]:
    """The defined columns of `calls`."""
    return list(schema.CALLS.defined.items())


def make_calls(client: Any, defined: list[tuple[str, str]], indexes: list[Any]) -> None:
    """A table `calls` with the right key."""
    meta = tablestore.TableMeta("calls", [("shard", "STRING"), ("call_id", "STRING")], defined)
    throughput = tablestore.ReservedThroughput(tablestore.CapacityUnit(0, 0))
    client.create_table(meta, tablestore.TableOptions(), throughput, indexes)


@pytest.mark.parametrize(
    ("made", "name", "words"),
    [
        (without_a_defined_column, "calls_open", "calls does not define open_since_at. Add that in the console"),
        (with_another_index_key, "calls_by_order", "Its key is another: nothing is found by it. Delete it and run"),
        (with_a_poor_index, "calls_by_order", "It lacks status, outcome, started_at, ended_at, talk_seconds"),
    ],
)
def test_a_table_that_cannot_serve_is_told_with_what_to_do(
    command: Cloud,
    told: Told,
    made: Callable[[Any], None],
    name: str,
    words: str,
) -> None:
    """No index is deleted under anybody's feet: exit code 1, and the rest is made."""
    made(command.store.client)
    code, lines = told()
    assert (code, lines.pop(name)["state"]) == (1, DIFFERENT)
    assert lines.pop("calls", {"state": THERE})["state"] == THERE
    assert {line["state"] for line in lines.values()} == {MADE}
    code, lines = told("--dry-run")
    assert code == 1
    assert words in lines[name]["advice"]


def test_rows_that_expire_and_a_bucket_with_versions_are_told(command: Cloud, told: Told) -> None:
    """Either may be meant, and neither goes unnoticed."""
    make_texts_expire(command.store.client)
    with bucket_of(command) as bucket:
        bucket.create_bucket(oss2.BUCKET_ACL_PRIVATE).resp.read()
        bucket.put_bucket_versioning(BucketVersioningConfig("Enabled")).resp.read()
    code, lines = told()
    assert code == 0
    assert "vanish 86400 s" in lines["texts"]["advice"]
    (versions,) = (line for line in lines.values() if line["what"] == "bucket")
    assert versions["state"] == DIFFERENT
    assert "what is deleted stays" in versions["advice"]


def make_texts_expire(client: Any) -> None:
    """Texts that are kept for a day."""
    meta = tablestore.TableMeta("texts", [("shard", "STRING"), ("text_id", "STRING")])
    throughput = tablestore.ReservedThroughput(tablestore.CapacityUnit(0, 0))
    client.create_table(meta, tablestore.TableOptions(time_to_live=86400), throughput)
