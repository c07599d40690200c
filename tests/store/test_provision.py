"""`receipts provision`: makes what is missing, leaves alone what is there, says in a line what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import oss2
import pytest
from oss2.models import BucketLifecycle, LifecycleExpiration, LifecycleRule, ServerSideEncryptionRule

from local.cloud.faults import Fault
from ops.provisioning.queues import DAY_SECONDS, RETENTION_SECONDS
from ops.provisioning.steps import DIFFERENT, MADE, THERE
from receipts.store import schema
from receipts.store.sdk import tablestore
from tests.store.empty_cloud import Cloud, bucket_of, exit_code
from tests.store.support import BUCKET, INSTANCE, KEY, ended, push

ROOT = Path(__file__).resolve().parents[2]
TABLES = {table.name for table in schema.TABLES}
INDEXES = {index.name for table in schema.TABLES for index in table.indexes}
OF_THE_BUCKET = {BUCKET, "receipts-oversize", "receipts-uploads", "AES256"}
QUEUES = {"receipts", "receipts-dead", "recordings", "recordings-dead"}
SETTINGS = (
    "TABLESTORE_ENDPOINT",
    "TABLESTORE_INSTANCE",
    "MNS_ENDPOINT",
    "OSS_ENDPOINT",
    "OSS_BUCKET",
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
)


def test_everything_is_made_and_then_left_alone(cloud: Cloud) -> None:
    """The first run makes tables, indexes, queues and the bucket; the second changes nothing, rows included."""
    first = cloud.provision()
    assert first.keys() == TABLES | INDEXES | QUEUES | OF_THE_BUCKET
    assert set(first.values()) == {MADE}
    cloud.store.take_in([push("SecretReport", [ended("c1")])])
    before = cloud.store.tables()
    with cloud.store.counted() as calls:
        second = cloud.provision()
    assert (second.keys(), set(second.values())) == (first.keys(), {THERE})
    assert calls == {"DescribeTable": len(TABLES)}
    assert cloud.store.tables() == before


def test_a_prefix_stands_before_every_table_and_index(cloud: Cloud) -> None:
    """Two stages share an instance; queues are named by their own settings."""
    cloud.provision()
    made = cloud.provision(TABLE_PREFIX="test_", RECEIPTS_QUEUE="test-receipts", RECEIPTS_DEAD_QUEUE="test-dead")
    queues = {"test-receipts", "test-dead", "recordings", "recordings-dead"}
    assert made.keys() == OF_THE_BUCKET | {f"test_{name}" for name in TABLES | INDEXES} | queues
    assert {made.pop(name) for name in (*OF_THE_BUCKET, "recordings", "recordings-dead")} == {THERE}
    assert set(made.values()) == {MADE}


def test_tables_never_expire_and_keep_one_version(cloud: Cloud) -> None:
    """What indexes demand, and what a record of calls needs."""
    cloud.provision()
    for name in TABLES:
        options = cloud.store.client.describe_table(name).table_options
        assert (options.time_to_live, options.max_version) == (-1, 1)


def test_a_missing_index_is_added_with_the_rows_that_are_there(cloud: Cloud) -> None:
    """A table of an earlier version gets the index that it lacks, filled; everything else stays."""
    cloud.provision()
    cloud.store.take_in([push("SecretReport", [ended("c1")])])
    cloud.store.client.delete_secondary_index("calls", "calls_by_order")
    assert {name for name, state in cloud.provision().items() if state == MADE} == {"calls_by_order"}
    start = [(name, tablestore.INF_MIN) for name in ("order_id", "shard", "call_id")]
    end = [(name, tablestore.INF_MAX) for name in ("order_id", "shard", "call_id")]
    _, _, rows, _ = cloud.store.client.get_range(
        "calls_by_order", tablestore.Direction.FORWARD, start, end, max_version=1
    )
    assert len(rows) == 1


def table_with_another_key(cloud: Cloud) -> None:
    """Somebody else's `texts`."""
    meta = tablestore.TableMeta("texts", [("id", "STRING")])
    throughput = tablestore.ReservedThroughput(tablestore.CapacityUnit(0, 0))
    cloud.store.client.create_table(meta, tablestore.TableOptions(), throughput)


def test_a_table_with_another_key_is_left_alone_and_told(cloud: Cloud) -> None:
    """Nothing of somebody else's is changed or deleted; the rest is made all the same."""
    table_with_another_key(cloud)
    states = cloud.provision()
    assert states.pop("texts") == DIFFERENT
    assert set(states.values()) == {MADE}


def done(result: Any) -> None:
    """The SDK frees a connection only when the answer has been read."""
    result.resp.read()


@pytest.mark.parametrize("encryption", ["AES256", "KMS"])
def test_the_bucket_is_private_encrypted_and_cleans_up(cloud: Cloud, encryption: str) -> None:
    """Nobody else reads it; what a crash leaves in it goes by itself, but not before its last message has."""
    assert cloud.provision(OSS_ENCRYPTION=encryption)[encryption] == MADE
    with bucket_of(cloud) as bucket:
        info = bucket.get_bucket_info()
        assert (info.acl.grant, info.bucket_encryption_rule.sse_algorithm) == ("private", encryption)
        oversize, uploads = bucket.get_bucket_lifecycle().rules
    assert (oversize.prefix, oversize.status, oversize.abort_multipart_upload) == ("oversize/", "Enabled", None)
    # In the queue, tried for a day, in the dead letter queue.
    assert oversize.expiration.days * DAY_SECONDS > 2 * RETENTION_SECONDS + DAY_SECONDS
    assert (uploads.prefix, uploads.status, uploads.expiration) == ("recordings/", "Enabled", None)
    assert uploads.abort_multipart_upload.days == 7


def test_a_bucket_without_encryption_is_as_it_was_asked_for(cloud: Cloud) -> None:
    """`none` makes no rule, and takes one that is there."""
    assert cloud.provision(OSS_ENCRYPTION="none")["none"] == THERE
    with bucket_of(cloud) as bucket, pytest.raises(oss2.exceptions.NoSuchServerSideEncryptionRule):
        bucket.get_bucket_encryption()
    cloud.provision()
    assert cloud.provision(OSS_ENCRYPTION="none")["AES256"] == THERE


def test_temporary_keys_make_the_bucket_too(cloud: Cloud) -> None:
    """An operator may have taken on a role."""
    assert cloud.provision(ALIBABA_CLOUD_SECURITY_TOKEN="a-token")[BUCKET] == MADE


def test_a_bucket_that_is_there_keeps_what_it_has(cloud: Cloud) -> None:
    """Another access list, another encryption and another rule of ours are told; somebody else's rules stay."""
    theirs = LifecycleRule("theirs", "logs/", expiration=LifecycleExpiration(days=1))
    other = LifecycleRule("receipts-oversize", "oversize/", expiration=LifecycleExpiration(days=2))
    rule = ServerSideEncryptionRule()
    rule.sse_algorithm = "KMS"
    with bucket_of(cloud) as bucket:
        done(bucket.create_bucket(oss2.BUCKET_ACL_PUBLIC_READ))
        done(bucket.put_bucket_lifecycle(BucketLifecycle([theirs, other])))
        done(bucket.put_bucket_encryption(rule))
        for state in (MADE, THERE):
            states = cloud.provision()
            assert states.pop("receipts-uploads") == state
            assert {name: states[name] for name in (BUCKET, "receipts-oversize", "KMS")} == dict.fromkeys(
                (BUCKET, "receipts-oversize", "KMS"), DIFFERENT
            )
            rules = bucket.get_bucket_lifecycle().rules
            assert [(one.id, one.prefix) for one in rules] == [
                ("theirs", "logs/"), ("receipts-oversize", "oversize/"), ("receipts-uploads", "recordings/")
            ]  # fmt: skip
            assert [one.expiration.days for one in rules[:2]] == [1, 2]
        assert bucket.get_bucket_acl().acl == "public-read"


def test_the_command_tells_the_code_of_the_bucket(command: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody else's bucket of that name, or missing rights: the code, and where to look."""
    command.oss.faults.plan(Fault(status=403, code="AccessDenied"))
    assert exit_code() == 1
    assert capsys.readouterr().err.startswith("receipts: OSS: AccessDenied. Look at OSS_ENDPOINT, OSS_BUCKET")


def test_the_command_says_what_it_did(command: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 and a line for everything, the second time, too."""
    assert exit_code() == 0
    told = capsys.readouterr().out
    assert all(name in told for name in TABLES | INDEXES)
    assert told.count(MADE) == len(TABLES | INDEXES) + len(QUEUES | OF_THE_BUCKET)
    assert exit_code() == 0
    assert capsys.readouterr().out.count(THERE) == len(TABLES | INDEXES) + len(QUEUES | OF_THE_BUCKET)


def test_the_command_fails_on_a_table_with_another_key(command: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, with what to do about it."""
    table_with_another_key(command)
    assert exit_code() == 1
    told = capsys.readouterr().out
    assert DIFFERENT in told
    assert "TABLE_PREFIX" in told


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"TABLESTORE_ENDPOINT": "http://127.0.0.1:9"}, "TABLESTORE_ENDPOINT"),
        ({"TABLESTORE_ENDPOINT": "loopback"}, "TABLESTORE_ENDPOINT: must begin with http"),
        ({"TABLESTORE_INSTANCE": "another"}, "TABLESTORE_INSTANCE"),
        ({"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAIother"}, "OTSAuthFailed"),
        ({"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "other"}, "OTSAuthFailed"),
        ({"MNS_ENDPOINT": "http://127.0.0.1:9"}, "MNS_ENDPOINT"),
        ({"RECEIPTS_QUEUE": "no such name!"}, "MNS"),
        ({"OSS_ENDPOINT": "http://127.0.0.1:9"}, "OSS cannot be reached. Look at OSS_ENDPOINT"),
        ({"OSS_BUCKET": "no such name!"}, "OSS_BUCKET: must be"),
        *(({name: ""}, f"{name}: is not set") for name in SETTINGS),
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(
    command: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    words: str,
) -> None:
    """Exit code 1 and one line on standard error that names the setting or the code; no traceback, no secret."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert exit_code() == 1
    told = capsys.readouterr()
    (line,) = told.err.splitlines()
    assert line.startswith("receipts: ")
    assert words in line
    assert KEY.secret not in told.err + told.out


def test_the_command_works_on_the_loopback_cloud_that_runs(
    command: Cloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """`--local` takes everything from `.local/endpoints.json`, and says so when there is none."""
    monkeypatch.setattr(sys, "argv", ["receipts", "provision", "--local"])
    for name in SETTINGS:
        monkeypatch.delenv(name)
    assert exit_code() == 1
    assert "make up" in capsys.readouterr().err
    keys = {"access_key_id": KEY.key_id, "access_key_secret": KEY.secret}
    endpoints = {
        "fc": {"endpoint": "http://127.0.0.1:9"},
        "tablestore": {"endpoint": command.store.server.endpoint, "instance": INSTANCE, "table_prefix": "up_", **keys},
        "mns": {
            "endpoint": command.mns.endpoint,
            "receipts_queue": "up",
            "dead_queue": "up-dead",
            "recordings_queue": "recordings",
            "recordings_dead_queue": "recordings-dead",
            **keys,
        },
        "oss": {"endpoint": command.oss.endpoint, "bucket": "receipts-up", "region": "cn-hangzhou", **keys},
        "pls": {"endpoint": "http://127.0.0.1:9", "recording_hosts": "", "recording_networks": "", **keys},
        "aliyun": {"token": "up"},
        "huawei": {"apps": {}, "max_age_hours": "24", "api": ""},
        "alicom": {"endpoint": "http://127.0.0.1:9", "mns_endpoint": "http://127.0.0.1:9", "queues": {}, **keys},
    }
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "endpoints.json").write_text(json.dumps(endpoints))
    assert exit_code() == 0
    told = capsys.readouterr().out
    assert all(name in told for name in ("up_calls", "up_calls_by_day", "up-dead", "receipts-up"))


def test_the_command_as_a_process_ends_with_its_code_and_no_traceback() -> None:
    """Run as an operator runs it, without any setting: one line, exit code 1."""
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "shared")))
    done = subprocess.run(
        [sys.executable, "-m", "ops.main", "provision"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("receipts: TABLESTORE_ENDPOINT: is not set")
    assert "Traceback" not in done.stderr + done.stdout
