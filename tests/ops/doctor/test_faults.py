"""Every fault has a line of its own that says what to do; whatever is down, the doctor ends in time."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import oss2
import pytest
from mns.queue import Message, QueueMeta

from local.cloud.faults import Fault
from local.stack import BUCKET, HUAWEI_APPS, KEY, REGION
from ops.doctor.lines import Line, ok
from ops.doctor.running import Service, examined
from ops.provisioning import bucket as buckets
from ops.provisioning import queues
from ops.provisioning.provision import provision
from ops.reading import store_of
from ops.settings import OpsSettings
from receipts.credentials import Credentials
from receipts.settings import BucketSettings
from receipts.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.ops.doctor.conftest import Doctor, Examined

SIGNED = ("TableStore", "MNS", "OSS", "Aliyun's API")
HUAWEI = "Huawei's API, application 1 of 1"
ENDPOINTS = {
    "TABLESTORE_ENDPOINT": "TableStore",
    "MNS_ENDPOINT": "MNS",
    "OSS_ENDPOINT": "OSS",
    "PLS_ENDPOINT": "Aliyun's API",
    "HUAWEI_API_ENDPOINT": "Huawei's API",
    "ALICOM_API_ENDPOINT": "Alibaba's tokens",
    "ALICOM_ENDPOINT": "Alibaba's queues",
}
(APP,) = HUAWEI_APPS
INDEXES = sum(len(table.indexes) for table in schema.TABLES)


def only(found: Examined, *whats: str) -> list[dict[str, str]]:
    """The lines about these, which are all that is wrong or a warning; the round trip is left out then."""
    assert (found.code, set(found.troubled)) == (1, set(whats)), found.troubled
    return [found.lines[what] for what in whats]


def test_another_secret(doctor: Doctor) -> None:
    """Each service that signs with it says so; Huawei, which has its own, is well."""
    found = doctor.run(ALIBABA_CLOUD_ACCESS_KEY_SECRET="another", ALICOM_QUEUES="SecretReport:one")
    for line in only(found, *SIGNED, "token for one")[:4]:
        assert "ALIBABA_CLOUD_ACCESS_KEY_SECRET" in line["do"]
    assert found.states[HUAWEI] == "ok"
    assert found.states["round trip"] == "skipped"


def test_another_key(doctor: Doctor) -> None:
    """The id is not known: told apart from a wrong secret."""
    found = doctor.run(ALIBABA_CLOUD_ACCESS_KEY_ID="LTAIother", ALICOM_QUEUES="")
    for line in only(found, *SIGNED):
        assert "does not know the key" in line["found"]


@pytest.mark.parametrize(
    ("settings", "what", "found", "do"),
    [
        ({"TABLESTORE_INSTANCE": "other"}, "TableStore", "no such instance", "Correct TABLESTORE_INSTANCE"),
        ({"TABLESTORE_ENDPOINT": "http://127.0.0.1:9"}, "TableStore", "nobody listens there", "TABLESTORE_ENDPOINT"),
        ({"MNS_ENDPOINT": "http://127.0.0.1:9"}, "MNS", "nobody listens there", "MNS_ENDPOINT"),
        ({"OSS_ENDPOINT": "http://127.0.0.1:9"}, "OSS", "nobody listens there", "OSS_ENDPOINT"),
        ({"OSS_BUCKET": "no-such-bucket"}, "bucket no-such-bucket", "not there", "receipts provision"),
        ({"PLS_ENDPOINT": "http://127.0.0.1:9"}, "Aliyun's API", "nobody listens there", "PLS_ENDPOINT"),
        ({"HUAWEI_APPS": json.dumps({APP: "wrongSecret0123456789"})}, HUAWEI, "9999401", "APP_Secret in HUAWEI_APPS"),
        ({"HUAWEI_APPS": json.dumps({"b2": "otherSecret0123456789"})}, HUAWEI, "1010003", "APP_Key and APP_Secret"),
        (
            {"ALICOM_QUEUES": "SecretReport:no-such"},
            "token for no-such",
            "no token for queue no-such",
            "Switch the type",
        ),
        ({"RECORDINGS_QUEUE": "no-such"}, "queue no-such", "not there", "receipts provision"),
    ],
)
def test_a_setting_that_leads_nowhere(doctor: Doctor, settings: dict[str, str], what: str, found: str, do: str) -> None:
    """One line, which names the setting."""
    told = doctor.run("--no-write", **settings).lines[what]
    assert told["state"] == "wrong"
    assert found in told["found"]
    assert do in told["do"]


@pytest.mark.parametrize(
    ("server", "operation", "code", "what"),
    [
        ("tablestore", "DescribeTable", "OTSNoPermissionAccess", "TableStore"),
        ("tablestore", "BatchGetRow", "OTSNoPermissionAccess", "TableStore"),
        ("mns", "GetQueueAttributes", "AccessDenied", "MNS"),
        ("oss", "GetBucketInfo", "AccessDenied", "OSS"),
        ("oss", "ListObjectsV2", "AccessDenied", "OSS"),
        ("pls", "QueryRecordFileDownloadUrl", "isp.RAM_PERMISSION_DENY", "Aliyun's API"),
        ("alicom", "QueryTokenForMnsQueue", "isp.RAM_PERMISSION_DENY", "token for one"),
        ("huawei", "GetRecordingDownloadUrl", "1020166", HUAWEI),
    ],
)
def test_a_right_that_is_missing(doctor: Doctor, server: str, operation: str, code: str, what: str) -> None:
    """The code, and where the rights are listed; an API that would have said "no such call" has not said it."""
    faults = getattr(doctor.stack, server).faults
    faults.plan(Fault(status=200 if code.startswith("isp.") else 403, code=code), on=operation, times=None)
    found = doctor.run("--no-write", ALICOM_QUEUES="SecretReport:one")
    assert code in found.lines[what]["found"]
    assert ("white list" if server == "huawei" else "docs/permissions.md") in found.lines[what]["do"]


def test_a_service_that_is_ill_is_a_warning(doctor: Doctor) -> None:
    """It may be well again the next minute."""
    doctor.stack.pls.faults.plan(Fault(status=200, code="isp.SYSTEM_ERROR"), on="QueryRecordFileDownloadUrl")
    doctor.stack.oss.faults.plan(Fault(status=503, code="ServiceUnavailable"), on="ListObjectsV2")
    found = doctor.run("--no-write")
    assert (found.code, set(found.troubled)) == (0, {"Aliyun's API", "OSS"})
    assert found.lines["Aliyun's API"]["do"].startswith("Try again")


def test_without_a_network_it_ends_in_time(doctor: Doctor) -> None:
    """Every service has its line, nothing is waited for, and nothing is sent."""
    started = time.monotonic()
    found = doctor.run(**dict.fromkeys(ENDPOINTS, "http://127.0.0.1:9"))
    only(found, *ENDPOINTS.values())
    assert found.states["clock"] == found.states["round trip"] == "skipped"
    assert time.monotonic() - started < 10


def test_a_name_that_is_not_known(doctor: Doctor) -> None:
    """Told apart from a port where nobody listens, even by a resolver that takes its time."""
    found = doctor.run("--no-write", "--timeout", "3", OSS_ENDPOINT="http://oss-cn-hangzhou.invalid").lines["OSS"]
    assert found["found"] in ("the name of its host is not known", "no answer within 3 s")
    assert "DNS" in found["do"]


def test_an_address_for_inside_the_platform_says_so(doctor: Doctor) -> None:
    """It is right where the functions run, and leads nowhere from here."""
    found = doctor.run("--no-write", MNS_ENDPOINT="http://127.0.0.1:9/x.mns.cn-hangzhou-internal.aliyuncs.com")
    assert "inside the platform's network" in found.lines["MNS"]["do"]


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of somebody who takes every connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_services_that_hang_are_told_in_time(doctor: Doctor, silent: str) -> None:
    """All of them at once, and no more than --timeout in all."""
    started = time.monotonic()
    found = doctor.run("--timeout", "1", **dict.fromkeys(ENDPOINTS, silent))
    for line in only(found, *ENDPOINTS.values()):
        assert "does not answer in time" in line["found"]
    assert time.monotonic() - started < 10


def test_a_service_that_hangs_later_is_not_waited_for(doctor: Doctor) -> None:
    """What was found before is told, and that it ended there."""
    doctor.stack.oss.faults.plan(Fault(hang=30), on="ListObjectsV2", times=None)
    started = time.monotonic()
    found = doctor.run("--no-write", "--timeout", "1")
    assert found.lines["OSS"]["found"] in ("no answer within 1 s", "it does not answer")
    assert time.monotonic() - started < 10


def test_nobody_is_waited_for_longer_than_was_said(doctor: Doctor) -> None:
    """Not even one that no time-out of an SDK ends, such as a resolver: what was found before is told."""
    never = threading.Event()

    def check() -> Iterator[Line]:
        yield ok("before", "was found")
        never.wait(30)

    started = time.monotonic()
    service = Service("slow", doctor.stack.oss.endpoint, "SLOW_ENDPOINT, SLOW_NAME", check)
    (found,) = examined([service], 0.3, time.time, time.monotonic)
    assert time.monotonic() - started < 10
    never.set()
    before, late = found.lines
    assert before.what == "before"
    assert (late.what, late.state, late.found) == ("slow", "wrong", "no answer within 0.3 s")
    assert "SLOW_ENDPOINT" in late.do


@pytest.mark.parametrize(("seconds", "state", "words"), [(-120, "warning", "120 s ahead"), (1200, "wrong", "s behind")])
def test_the_clock_is_held_against_theirs(doctor: Doctor, seconds: float, state: str, words: str) -> None:
    """Two minutes are a warning, twenty are wrong: every signature would be refused."""
    stack = doctor.stack
    servers: tuple[Any, ...] = (stack.tablestore, stack.mns, stack.oss, stack.pls, stack.huawei)
    for server in servers:
        server.date_shift = seconds
    found = doctor.run("--no-write").lines["clock"]
    for server in servers:
        server.date_shift = 0.0
    assert found["state"] == state
    assert words in found["found"] or "119 s ahead" in found["found"]
    assert "NTP" in found["do"]


def test_tables_that_are_not_there(doctor: Doctor) -> None:
    """Another prefix, or never provisioned: each is named, and provisioning is the advice."""
    found = doctor.run(TABLE_PREFIX="other_")
    assert found.states["round trip"] == "skipped"
    missing = [line for line in found.troubled.values() if line["found"] == "is not there"]
    assert len(missing) == len(schema.TABLES) + INDEXES
    assert {line["do"] for line in missing} == {"Run `receipts provision`, which makes it."}


def test_an_index_that_is_not_there(doctor: Doctor) -> None:
    """The table is still read, and a receipt still arrives."""
    environment = doctor.stack.environment()
    with store_of(environment) as store:
        store.client.delete_secondary_index("calls", "calls_by_day")
    found = doctor.run()
    list(provision(OpsSettings.read(environment)))
    only(found, "index calls_by_day")
    assert found.states["row of the test receipt"] == "ok"
    assert found.lines["rows"]["found"] == f"can be read in {len(schema.TABLES)} tables and {INDEXES - 1} indexes"


def test_queues_that_are_not_as_declared(doctor: Doctor) -> None:
    """One that would hand messages out twice is wrong; dead letters in one are a warning with the way to mend them."""
    with queues.opened(doctor.stack.mns.endpoint, Credentials(*KEY)) as account:
        account.get_queue("short").create(QueueMeta(30, 65536, 604800))
        account.get_queue("dead").create(QueueMeta(150, 65536, 604800, polling_wait_sec=10))
        account.get_queue("dead").send_message(Message("x"))
        found = doctor.run("--no-write", RECEIPTS_QUEUE="short", RECEIPTS_DEAD_QUEUE="dead")
        for name in ("short", "dead"):
            account.get_queue(name).delete()
    short, dead = only(found, "queue short", "dead letters in dead")
    assert (short["state"], dead["state"]) == ("wrong", "warning")
    assert "ingest may run 120 s" in short["found"]
    assert short["do"] == "Run `receipts provision`, which puts it right."
    assert dead["found"] == "1 messages that no try could store"


def test_a_bucket_that_is_not_private(doctor: Doctor) -> None:
    """Strangers could listen to recordings."""
    settings = BucketSettings(doctor.stack.oss.endpoint, BUCKET, REGION, None)
    with buckets.opened(settings, Credentials(*KEY)) as bucket:
        bucket.put_bucket_acl(oss2.BUCKET_ACL_PUBLIC_READ).resp.read()
        found = doctor.run("--no-write")
        bucket.put_bucket_acl(oss2.BUCKET_ACL_PRIVATE).resp.read()
    (line,) = only(found, f"bucket {BUCKET}")
    assert "strangers can get the recordings" in line["found"]


def test_one_function_asks_for_no_more_than_it_needs(doctor: Doctor) -> None:
    """`sweep` has one table and one queue, and never meets a vendor."""
    found = doctor.run("--function", "sweep")
    assert found.lines["tables"]["found"] == f"1 table, {len(schema.RECORDINGS.indexes)} indexes as declared"
    assert found.lines["queues"]["found"] == "2 queues as declared"
    assert not {"OSS", "Aliyun's API", HUAWEI, "tokens", "test receipt", "round trip"} & found.lines.keys()


def test_people_get_a_table(doctor: Doctor) -> None:
    """What is wrong, what to do, and how many lines are of which kind."""
    code, told = doctor.text("--no-write", RECORDINGS_QUEUE="no-such")
    assert code == 1
    assert "is not there → Run `receipts provision`, which makes it." in told
    assert told.rstrip().endswith("1 wrong, 1 skipped")
