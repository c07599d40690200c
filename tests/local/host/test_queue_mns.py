"""Queue triggers end to end: the vendor's SDK, a real queue server, a function in its process."""

from __future__ import annotations

import base64
import http.client
import json
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from mns.account import Account
from mns.queue import Message, QueueMeta

from local.cloud.access import AccessKey
from local.cloud.clock import ShiftedClock
from local.cloud.faults import Fault, Faults
from local.cloud.mns import MnsServer
from local.host.host import MnsAccess
from local.host.queue_source import MnsSource, QueueUnavailableError
from template.functions import HttpTrigger, TimerTrigger
from tests.local.host.support import QUEUE_TRIGGER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.local.host.support import Eventually, MakeFunction, StartHost

_KEY = AccessKey("LTAItest", "made-up")
_TRIGGER = QUEUE_TRIGGER._replace(dead_letters="dead")
# Keeps what it got, next to its code; fails as long as a file says so.
_KEEP = """
import os, pathlib, time
folder = pathlib.Path(__file__).parent
def handler(event, context):
    with open(folder / "got", "ab") as got:
        got.write(event + b"\\n")
    while (folder / "hang").exists():
        time.sleep(0.01)
    if (folder / "fail").exists():
        raise OSError("store is down")
"""


@pytest.fixture
def mns() -> Iterator[MnsServer]:
    """A server with the two queues."""
    with MnsServer(key=_KEY, faults=Faults()) as server:
        for name in ("receipts", "dead"):
            _queue(server, name).create(QueueMeta())
        yield server


def _queue(server: MnsServer, name: str) -> Any:
    account = Account(server.endpoint, *_KEY)
    account.mns_client.set_keep_alive(False)
    return account.get_queue(name)


def _access(server: MnsServer) -> MnsAccess:
    return MnsAccess(server.endpoint, _KEY)


def _got(folder: Path) -> list[Any]:
    file = folder / "got"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def _empty(server: MnsServer, name: str = "receipts") -> bool:
    return not server.peek_all(name)


def _has_left(server: MnsServer, count: int) -> bool:
    return len(server.peek_all("receipts")) == count


def test_messages_reach_the_function_and_leave_the_queue(
    make: MakeFunction, start: StartHost, eventually: Eventually, mns: MnsServer
) -> None:
    """Sent with the SDK, received as an array of CloudEvents with decoded bodies."""
    queue = _queue(mns, "receipts")
    sent = [queue.send_message(Message(f"body {number} 号")).message_id for number in range(40)]
    function = make(_KEEP, triggers=(_TRIGGER,))
    start(function, mns=_access(mns), account_id="99")
    eventually(lambda: _empty(mns))
    events = [event for batch in _got(function.code) for event in batch]
    assert sorted(event["data"]["messageId"] for event in events) == sorted(sent)
    assert {event["data"]["messageBody"] for event in events} == {f"body {number} 号" for number in range(40)}
    assert events[0]["subject"] == "acs:mns:cn-hangzhou:99:queues/receipts"
    assert len(_got(function.code)) < 5


def test_a_failing_function_ends_in_the_dead_letters(
    make: MakeFunction, start: StartHost, eventually: Eventually, mns: MnsServer
) -> None:
    """After the first try and three repetitions, with the body as the producer sent it."""
    _queue(mns, "receipts").send_message(Message("poison"))
    function = make(_KEEP, triggers=(_TRIGGER,))
    (function.code / "fail").touch()
    start(function, mns=_access(mns))
    eventually(lambda: not _empty(mns, "dead") and _empty(mns))
    assert mns.peek_all("dead") == [base64.b64encode(b"poison").decode()]
    assert len(_got(function.code)) == 4


def test_a_killed_instance_loses_no_message(
    make: MakeFunction, start: StartHost, eventually: Eventually, mns: MnsServer
) -> None:
    """SIGKILL in the middle of a batch: it is delivered again."""
    _queue(mns, "receipts").send_message(Message("receipt"))
    function = make(_KEEP, triggers=(_TRIGGER,), timeout=60)
    (function.code / "hang").touch()
    host = start(function, mns=_access(mns))
    eventually(lambda: _got(function.code))
    assert host.kill("f") == 1
    (function.code / "hang").unlink()
    eventually(lambda: _empty(mns))
    assert len(_got(function.code)) == 2


def test_a_host_that_stops_in_the_middle_loses_no_message(
    make: MakeFunction, start: StartHost, eventually: Eventually, mns: MnsServer
) -> None:
    """What was in hand is soon visible again for the next host."""
    _queue(mns, "receipts").send_message(Message("receipt"))
    function = make(_KEEP, triggers=(_TRIGGER,), timeout=60)
    (function.code / "hang").touch()
    host = start(function, mns=_access(mns), grace_seconds=0.0)
    eventually(lambda: _got(function.code))
    host.stop()
    assert len(mns.peek_all("receipts")) == 1
    (function.code / "hang").unlink()
    start(function, mns=_access(mns))
    eventually(lambda: _empty(mns))
    assert len(_got(function.code)) == 2


def test_an_outage_of_the_queue_is_waited_out(
    make: MakeFunction, start: StartHost, eventually: Eventually, mns: MnsServer
) -> None:
    """503 to receiving and to deleting: the message is stored, and gone in the end."""
    for operation in ("BatchReceiveMessage", "BatchDeleteMessage"):
        mns.faults.plan(Fault(status=503, code="InternalServerError"), on=operation, times=2)
    _queue(mns, "receipts").send_message(Message("receipt"))
    function = make(_KEEP, triggers=(_TRIGGER,))
    start(function, mns=_access(mns))
    eventually(lambda: _empty(mns))
    assert len(_got(function.code)) == 1


def test_a_delayed_message_comes_when_its_time_does(
    make: MakeFunction, start: StartHost, eventually: Eventually
) -> None:
    """Not before; an hour passes at once when the clock of queue and host is moved."""
    clock = ShiftedClock()
    with MnsServer(key=_KEY, clock=clock) as server:
        queue = _queue(server, "receipts")
        queue.create(QueueMeta())
        for seconds in (30, 3600):
            queue.send_message(Message(f"after {seconds} s", delay_seconds=seconds))
        function = make(_KEEP, triggers=(QUEUE_TRIGGER,))
        host = start(function, mns=_access(server), clock=clock)
        queue.send_message(Message("at once", delay_seconds=0))
        for shift, left in ((0, 2), (31, 1), (3601, 0)):
            clock.shift = shift
            server.tick()
            eventually(partial(_has_left, server, left))
        host.stop()
    got = [event["data"]["messageBody"] for batch in _got(function.code) for event in batch]
    assert got == ["at once", "after 30 s", "after 3600 s"]


def test_a_function_may_have_several_triggers(
    make: MakeFunction, start: StartHost, eventually: Eventually, mns: MnsServer
) -> None:
    """Each brings its own event to the same instances: two queues, a timer and a request."""
    triggers = (
        QUEUE_TRIGGER,
        QUEUE_TRIGGER._replace(name="second", queue="dead"),
        TimerTrigger("sweep", "@every 5m", "due", enabled=True),
        HttpTrigger("http", frozenset({"POST"})),
    )
    function = make(_KEEP, triggers=triggers)
    host = start(function, mns=_access(mns), max_instances=1)
    for name in ("receipts", "dead"):
        _queue(mns, name).send_message(Message(f"to {name}"))
    eventually(lambda: _empty(mns) and _empty(mns, "dead"))
    assert host.tick("f").ok
    connection = http.client.HTTPConnection(host.url("f").removeprefix("http://"), timeout=10)
    connection.request("POST", "/", b"asked")
    connection.getresponse().read()
    connection.close()
    *batches, tick, request = _got(function.code)
    assert sorted(event["data"]["messageBody"] for batch in batches for event in batch) == ["to dead", "to receipts"]
    assert tick["triggerName"] == "sweep"
    assert request["requestContext"]["http"]["method"] == "POST"
    assert len(host.instances("f")) == 1


def test_without_queues_the_trigger_rests(make: MakeFunction, start: StartHost) -> None:
    """A host of HTTP functions needs no queue server."""
    host = start(make(_KEEP, triggers=(_TRIGGER,)))
    assert host.instances("f") == []


def test_the_source_speaks_to_the_real_service(mns: MnsServer) -> None:
    """Receive, hold, delete, send; a handle that is void is no error, a missing queue is."""
    source = MnsSource(mns.endpoint, *_KEY, "receipts")
    try:
        assert source.receive(16, 0) == []
        source.send("receipts", "as it stands")
        (message,) = source.receive(16, 1)
        assert message.body == "as it stands"
        held = source.hold(message, 60)
        assert held
        assert held.visible_at > message.visible_at
        assert source.hold(message, 60) is None
        source.delete([message])
        assert len(mns.peek_all("receipts")) == 1
        source.delete([held])
        assert _empty(mns)
        with pytest.raises(QueueUnavailableError, match="QueueNotExist"):
            source.send("nowhere", "x")
    finally:
        source.close()
