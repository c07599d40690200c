"""The stack holds the vendor's servers too, and a clock for queues and links that can be moved."""

from __future__ import annotations

import http.client
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from mns.account import Account
from mns.queue import Message, QueueMeta

from local.cloud.access import AccessKey
from local.golden import EVENTS
from local.golden.bodies import Bodies
from local.stack import BUCKET, Stack
from local.story import story
from local.vendor import shelve, shelve_told
from receipts.recordings.problem import NoRecording
from tests.local.alicom.support import consumer, refused
from tests.local.pls.support import ask, client_of
from tests.local.support import wait_until
from tests.recordings.huawei import DOMAIN, NAME, SOURCE, links_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOUR = 3600
DAY = story(7, calls=3)
RECORDING = next(it for it in DAY.recordings if not it.ring)


def status_of(link: str) -> int:
    """What a GET of it is answered."""
    parts = urlsplit(link)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return connection.getresponse().status
    finally:
        connection.close()


@contextmanager
def queue_of(stack: Stack) -> Iterator[Any]:
    """The SDK's queue `slow`; the SDK wants an account for each thread."""
    where = stack.endpoints()["mns"]
    account = Account(where["endpoint"], where["access_key_id"], where["access_key_secret"])
    try:
        yield account.get_queue("slow")
    finally:
        account.mns_client.close_connection()


def test_the_vendors_servers_live_as_long_as_the_stack(tmp_path: Path) -> None:
    """A link is had with what endpoints.json says, leads to the host that functions are to trust, then nowhere."""
    with Stack(database=None, log_dir=tmp_path) as stack:
        shelve(DAY.recordings, stack.files, stack.pls)
        where, environment = stack.endpoints()["pls"], stack.vendor_environment()
        assert where["endpoint"] == environment["PLS_ENDPOINT"] == stack.pls.endpoint
        called = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(RECORDING.call_time_ms / 1000 + 8 * HOUR))
        question = {"CallId": RECORDING.call_id, "CallTime": called, "PoolKey": RECORDING.pool_key}
        key = AccessKey(where["access_key_id"], where["access_key_secret"])
        link = ask(stack.pls, question, client=client_of(key))["DownloadUrl"]
        assert status_of(link) == 200
        assert link.startswith(f"{environment['RECORDING_HOSTS']}/")
        assert (urlsplit(link).hostname, environment["RECORDING_NETWORKS"]) == ("127.0.0.1", "127.0.0.0/8")
        huawei = stack.endpoints()["huawei"]
        assert huawei["api"] == environment["HUAWEI_API_ENDPOINT"] == stack.huawei.endpoint
        ((app_key, _),) = huawei["apps"].items()
        stack.huawei.recordings.add(app_key, NAME, DOMAIN, RECORDING.file)
        with links_of(huawei["api"], huawei["apps"]) as links:
            assert status_of(links.link({**SOURCE, "app_key": app_key})) == 200
        stack.pass_time(7 * 24 * HOUR + 1)
        with links_of(huawei["api"], huawei["apps"]) as links, pytest.raises(NoRecording, match=r"1012007$"):
            links.link({**SOURCE, "app_key": app_key})
    for gone in (link, where["endpoint"], huawei["api"]):
        with pytest.raises(ConnectionRefusedError):
            status_of(gone)


def test_what_huawei_pushes_comes_to_the_bucket(tmp_path: Path) -> None:
    """Signed, taken in, joined, its recording asked for and copied: every part finds the others by its settings."""
    with Stack(database=None, log_dir=tmp_path) as stack:
        told = Bodies(EVENTS / "bodies").huawei("fee")
        assert len(shelve_told(told, stack.files, stack.huawei, 5000)) == 1
        pushed = stack.huawei_pusher(patience_seconds=30.0).push(f"{stack.host.url('receive')}/huawei", told)
        assert pushed.statuses == (200,)
        (key,) = wait_until(lambda: stack.oss.keys(BUCKET), 30)
        assert key.startswith("recordings/huawei/")


def test_time_passes_for_queues_and_links_at_once(tmp_path: Path) -> None:
    """A message that was to wait for an hour is received, a link of two hours runs out; signatures stay good."""
    answers: list[Any] = []
    with Stack(database=None, log_dir=tmp_path) as stack, queue_of(stack) as queue:
        shelve(DAY.recordings, stack.files, stack.pls)
        link = stack.files.url(RECORDING.file)
        queue.create(QueueMeta())
        queue.send_message(Message("x", delay_seconds=HOUR))

        def receive() -> None:
            with queue_of(stack) as mine:
                answers.append(mine.receive_message(30).message_body)

        waiting = threading.Thread(target=receive)
        waiting.start()
        wait_until(lambda: stack.mns.faults.calls["ReceiveMessage"] > 0)
        stack.pass_time(HOUR + 1)
        waiting.join(10)
        assert answers == [b"x"]
        assert status_of(link) == 200
        stack.pass_time(HOUR)
        assert status_of(link) == 403
        assert status_of(stack.files.url(RECORDING.file)) == 200


def test_the_vendors_queues_are_in_the_stack(tmp_path: Path) -> None:
    """With what endpoints.json says a receipt is had from its queue; the token ends as time passes."""
    with Stack(database=None, log_dir=tmp_path) as stack:
        where = stack.endpoints()["alicom"]
        assert (where["endpoint"], where["mns_endpoint"]) == (stack.alicom.endpoint, stack.alicom.mns_endpoint)
        assert where["queues"]["SecretReport"] == f"Alicom-Queue-{where['account']}-SecretReport"
        key = AccessKey(where["access_key_id"], where["access_key_secret"])
        stack.alicom.send("SecretReport", "{}")
        with consumer(stack.alicom, key=key) as queue:
            assert queue.receive_message().message_body == b"{}"
            stack.pass_time(HOUR)
            assert refused(queue.receive_message) == "InvalidAccessKeyId"
