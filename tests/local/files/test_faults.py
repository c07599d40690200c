"""What goes wrong whatever the file, by the plans that every loopback server takes."""

from __future__ import annotations

import http.client
import threading
import time
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault, Faults
from local.cloud.files import FileHost, Misbehaviour
from tests.local.files.support import ask, connect, element, get, target

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "demo.mp3"


def test_a_status_comes_with_its_code_in_xml(host: FileHost) -> None:
    """As often as planned."""
    host.put(NAME, 10)
    host.faults.plan(Fault(status=503, code="ServiceUnavailable"), on="GetObject", times=2)
    for _ in range(2):
        answer = get(host.url(NAME))
        assert (answer.status, element(answer, "Code")) == (503, "ServiceUnavailable")
    assert get(host.url(NAME)).status == 200
    assert host.faults.calls == {"GetObject": 3}


@pytest.mark.parametrize("fault", [Fault(close_before=True), Fault(close_after=True)])
def test_a_connection_is_dropped(host: FileHost, fault: Fault) -> None:
    """Before anything was sent."""
    host.put(NAME, 10)
    host.faults.plan(fault)
    with pytest.raises(http.client.RemoteDisconnected):
        get(host.url(NAME))
    assert len(get(host.url(NAME)).body) == 10


@pytest.mark.parametrize("fault", [Fault(delay=0.05), Fault(hang=0.05)])
def test_an_answer_is_late(host: FileHost, fault: Fault) -> None:
    """By as much as planned."""
    host.put(NAME, 10)
    host.faults.plan(fault)
    began = time.monotonic()
    assert get(host.url(NAME)).status == 200
    assert time.monotonic() - began >= 0.05


def test_a_test_can_do_something_at_the_request(host: FileHost) -> None:
    """Such as ending a process."""
    host.put(NAME, 10)
    called: list[str] = []
    host.faults.plan(Fault(after=lambda: called.append("now")))
    assert get(host.url(NAME)).status == 200
    assert called == ["now"]


def test_plans_can_be_shared(host: FileHost) -> None:
    """By giving the host a plan that is known elsewhere."""
    faults = Faults()
    with FileHost(faults=faults) as other:
        faults.plan(Fault(status=500))
        assert get(other.url(NAME)).status == 500


@pytest.mark.parametrize(
    "plan",
    [
        lambda host: host.faults.plan(Fault(hang=600)),
        lambda host: host.misbehave(NAME, Misbehaviour(stall_after=1)),
        lambda host: host.misbehave(NAME, Misbehaviour(first_byte_after=600)),
        lambda host: host.misbehave(NAME, Misbehaviour(drip_bytes=1, drip_seconds=600)),
        lambda _: None,
    ],
)
def test_no_thread_stays_behind(plan: Callable[[FileHost], None]) -> None:
    """Whatever the host is doing when it is stopped, be it sending to a client that does not read."""
    before = set(threading.enumerate())
    host = FileHost().start()
    host.put(NAME, 1 << 30)
    connection, idle = connect(host.endpoint), connect(host.endpoint)
    ask(idle, f"{host.endpoint}/")
    plan(host)
    connection.request("GET", target(host.url(NAME)))
    while not host.requests[NAME]:
        time.sleep(0.001)
    began = time.monotonic()
    host.stop()
    assert time.monotonic() - began < 2
    assert set(threading.enumerate()) == before
    connection.close()
    idle.close()


def test_a_host_that_was_never_started_can_be_stopped() -> None:
    """It gives its port back."""
    host = FileHost()
    port = int(host.endpoint.rpartition(":")[2])
    host.stop()
    with FileHost(port=port) as again:
        assert again.endpoint == host.endpoint


def test_what_comes_with_a_request_is_not_taken_for_the_next_one(host: FileHost) -> None:
    """A body is not read: the connection ends with the answer."""
    connection = connect(host.endpoint)
    assert ask(connection, host.url(NAME), "POST", b"GET / HTTP/1.1\r\n\r\n").status == 403
    assert ask(connection, host.url(NAME)).status == 404
    connection.close()
    assert host.requests == {NAME: 2}
