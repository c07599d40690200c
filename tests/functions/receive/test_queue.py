"""Law 2, at the edge: 200 only after the queue has every part, 503 for whatever else the queue does."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from local.cloud.mns import MnsServer
from receipts.contents.bodies import Sent, receipts_in
from tests.functions.receive.conftest import push_event
from tests.store.support import KEY

if TYPE_CHECKING:
    from tests.functions.receive.conftest import Receive

OPERATION = "BatchSendMessage"
# Far above what an answer takes, far below what the faults would hold it.
IN_TIME_SECONDS = 5.0
FAULT_SECONDS = 30.0


def receipts(count: int, filler: int = 0) -> str:
    """A push of so many receipts, `filler` incompressible characters in each."""
    import random  # noqa: PLC0415 - only here

    rng = random.Random(count)
    return json.dumps([{"call_id": f"{n:016x}", "x": f"{rng.getrandbits(4 * filler or 1):x}"} for n in range(count)])


def arrived(receive: Receive) -> list[str]:
    """The call ids that the queue holds, in order."""
    sent = [item for entry in receive.journal() for item in receipts_in(entry.body)]
    return [item.receipt["call_id"] for item in sent if isinstance(item, Sent)]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=503, code="InternalError"),
        Fault(status=500, code="InternalServerError"),
        Fault(status=429, code="TooManyRequests"),
        Fault(status=403, code="SignatureDoesNotMatch"),
        Fault(close_before=True),
        Fault(close_after=True),
        Fault(fail_parts=(0,), code="InternalError"),
    ],
)
def test_law_acknowledge_a_failing_queue_is_503(receive: Receive, fault: Fault) -> None:
    """Whatever goes wrong at the queue, the vendor is told to send again, and then it works."""
    receive.mns.faults.plan(fault, on=OPERATION, times=1)
    answer = receive.answer(push_event(receipts(2)))
    assert answer["statusCode"] == 503
    assert json.loads(answer["body"])["code"] == 503
    assert receive.status(push_event(receipts(2))) == 200
    assert set(arrived(receive)) == {f"{n:016x}" for n in range(2)}


@pytest.mark.parametrize("fault", [Fault(delay=FAULT_SECONDS), Fault(hang=FAULT_SECONDS)])
def test_law_acknowledge_a_hanging_queue_is_503_in_time(
    receive: Receive, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """The answer does not wait for a queue that does not answer."""
    monkeypatch.setenv("ACK_BUDGET_MS", "100")
    receive.module.initialize(None)
    receive.mns.faults.plan(fault, on=OPERATION)
    started = time.monotonic()
    assert receive.status(push_event()) == 503
    assert time.monotonic() - started < IN_TIME_SECONDS


def test_law_acknowledge_no_queue_server_is_503(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens at the endpoint."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("MNS_ENDPOINT", f"http://127.0.0.1:{free.getsockname()[1]}")
        receive.module.initialize(None)
        assert receive.status(push_event()) == 503


def test_law_acknowledge_no_such_queue_is_503(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not provisioned."""
    monkeypatch.setenv("RECEIPTS_QUEUE", "not-there")
    receive.module.initialize(None)
    assert receive.status(push_event()) == 503


def test_law_acknowledge_wrong_keys_are_503(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The role's rights can be mended while the vendor tries again."""
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "another")
    assert receive.status(push_event()) == 503
    monkeypatch.delenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
    assert receive.status(push_event()) == 503


def test_a_dripping_answer_does_not_outlast_the_deadline(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then restarts a socket's own time-out; the deadline stands."""
    stop = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            for byte in b"HTTP/1.1 201 Created\r\nX: " + b"x" * 10_000:
                if stop.wait(0.02):
                    return
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=drip, args=(listener,))
        server.start()
        monkeypatch.setenv("MNS_ENDPOINT", f"http://127.0.0.1:{listener.getsockname()[1]}")
        monkeypatch.setenv("ACK_BUDGET_MS", "150")
        receive.module.initialize(None)
        started = time.monotonic()
        assert receive.status(push_event()) == 503
        assert time.monotonic() - started < IN_TIME_SECONDS
        stop.set()
        server.join()


def test_a_hanging_name_look_up_does_not_outlast_the_deadline(
    receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look-up of a name has no time-out of its own."""
    released = threading.Event()
    look_up = socket.getaddrinfo

    def slow(*arguments: object, **options: object) -> object:
        released.wait(FAULT_SECONDS)
        return look_up(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setenv("ACK_BUDGET_MS", "100")
    receive.module.initialize(None)
    started = time.monotonic()
    assert receive.status(push_event()) == 503
    assert time.monotonic() - started < IN_TIME_SECONDS
    released.set()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and "connect" in thread.name:
            thread.join()


def test_an_idle_connection_that_the_service_closed_is_mended(
    receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service cuts idle connections: the push after that is not lost for it."""
    with MnsServer(key=KEY) as first:
        port = int(first.endpoint.rpartition(":")[2])
        monkeypatch.setenv("MNS_ENDPOINT", first.endpoint)
        receive.module.initialize(None)
        assert receive.status(push_event()) == 503  # no queue there: but the connection stands
    with MnsServer(key=KEY, port=port) as second:
        assert receive.status(push_event()) == 503
        assert second.faults.calls[OPERATION] == 1


def test_one_connection_serves_many_pushes(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """One call to the queue per push, over one connection that is kept alive."""
    opened = []
    connect = socket.create_connection

    def counted(*arguments: object, **options: object) -> socket.socket:
        opened.append(arguments)
        return connect(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came

    # http.client takes the function from the module when a connection object is made.
    monkeypatch.setattr(socket, "create_connection", counted)
    for _ in range(5):
        assert receive.status(push_event()) == 200
    assert len(opened) == 1
    assert receive.mns.faults.calls[OPERATION] == 5


def test_an_answer_that_closes_the_connection_is_read_whole(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """`Connection: close` with the answer still on its way: accepted is accepted."""
    answer = b"<Messages><Message><MessageId>1</MessageId></Message></Messages>"

    def serve(listener: socket.socket) -> None:
        for _ in range(2):
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                head = f"HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: {len(answer)}\r\n\r\n"
                connection.sendall(head.encode())
                connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve, args=(listener,))
        server.start()
        monkeypatch.setenv("MNS_ENDPOINT", f"http://127.0.0.1:{listener.getsockname()[1]}")
        receive.module.initialize(None)
        assert receive.status(push_event()) == 200
        assert receive.status(push_event()) == 200
        server.join()


def test_temporary_keys_send_their_token(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform's keys are temporary ones: their token goes along."""
    monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "a-token")
    assert receive.status(push_event()) == 200


def test_500_receipts_in_one_push_all_arrive_in_order(receive: Receive) -> None:
    """A large push becomes as many messages as it needs, none of them too large."""
    assert receive.status(push_event(receipts(500, filler=400))) == 200
    assert len(receive.journal()) > 1
    assert arrived(receive) == [f"{n:016x}" for n in range(500)]


def test_a_large_push_that_fails_half_way_is_503(receive: Receive) -> None:
    """200 only once the queue has every part: the vendor sends all of it again."""
    receive.mns.faults.plan(Fault(status=503), on=OPERATION, skip=1, times=1)
    body = receipts(500, filler=800)
    assert receive.status(push_event(body)) == 503
    assert len(receive.journal()) > 0
    assert receive.status(push_event(body)) == 200
    assert set(arrived(receive)) == {f"{n:016x}" for n in range(500)}
