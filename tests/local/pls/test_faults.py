"""What the API and its gateway are asked to do wrong, they do, as the unmodified SDK sees it."""

from __future__ import annotations

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException

from local.cloud.faults import Fault
from local.cloud.pls import PlsServer
from tests.local.pls.support import ACTION, CALL_TIME_MS, FILE, POOL_KEY, QUESTION, ask, client_of
from tests.local.support import KEY, wait_until

if TYPE_CHECKING:
    from local.cloud.files import FileHost


@pytest.mark.parametrize(
    "code", ["isv.FLOW_LIMIT", "isp.RAM_PERMISSION_DENY", "isp.SYSTEM_ERROR", "isv.OUT_OF_SERVICE"]
)
def test_a_refusal_of_the_api_is_no_error_to_the_sdk(server: PlsServer, code: str) -> None:
    """It comes with status 200, is not tried again and has no link in it: only its code tells."""
    server.faults.plan(Fault(status=200, code=code), on=ACTION)
    answer = ask(server)
    assert answer.keys() == {"Code", "Message", "RequestId"}
    assert answer["Code"] == code
    assert server.faults.calls[ACTION] == 1
    assert ask(server)["Code"] == "OK"


@pytest.mark.parametrize(
    ("status", "code"),
    [(503, "ServiceUnavailable"), (500, "InternalError"), (400, "Throttling.User"), (403, "Forbidden.RAM")],
)
def test_a_refusal_of_the_gateway_is_raised(server: PlsServer, status: int, code: str) -> None:
    """With its status and code."""
    server.faults.plan(Fault(status=status, code=code))
    with pytest.raises(ServerException) as caught:
        ask(server)
    assert (caught.value.get_http_status(), caught.value.get_error_code()) == (status, code)


def test_a_planned_mismatch_of_signatures_does_not_break_the_sdk(server: PlsServer) -> None:
    """Which takes the message apart."""
    server.faults.plan(Fault(status=400, code="SignatureDoesNotMatch"))
    with pytest.raises(ServerException) as caught:
        ask(server)
    assert caught.value.get_error_code() == "SignatureDoesNotMatch"


@pytest.mark.parametrize("fault", [Fault(close_before=True), Fault(close_after=True)])
def test_a_lost_connection_is_a_client_exception(server: PlsServer, fault: Fault) -> None:
    """Not one of the server's."""
    server.faults.plan(fault)
    with pytest.raises(ClientException) as caught:
        ask(server)
    assert caught.value.get_error_code() == "SDK.HttpError"


@pytest.mark.parametrize("fault", [Fault(status=503, code="ServiceUnavailable"), Fault(close_before=True)])
def test_the_sdk_leaves_trying_again_to_the_caller(server: PlsServer, fault: Fault) -> None:
    """It does so for APIs on a list of its own, and this one is not there."""
    server.faults.plan(fault, times=None)
    with pytest.raises((ClientException, ServerException)):
        ask(server)
    assert server.faults.calls == {ACTION: 1}


def test_a_hanging_answer_runs_into_the_read_timeout(server: PlsServer) -> None:
    """Which the SDK reports like any lost connection."""
    server.faults.plan(Fault(hang=60))
    with pytest.raises(ClientException) as caught:
        ask(server, client=client_of(timeout=0.05))
    assert caught.value.get_error_code() == "SDK.HttpError"


def test_many_ask_at_once(server: PlsServer) -> None:
    """Each gets the link to its own recording."""
    for number in range(40):
        server.recordings.add(f"call-{number}", CALL_TIME_MS, POOL_KEY, f"{number}-{FILE}")

    def link(number: int) -> str:
        answer = ask(server, QUESTION | {"CallId": f"call-{number}"})
        return str(answer["DownloadUrl"])

    with ThreadPoolExecutor(8) as pool:
        links = list(pool.map(link, range(40)))
    assert all(f"/{number}-{FILE}?" in found for number, found in enumerate(links))


def test_no_thread_stays_behind(host: FileHost) -> None:
    """Not even of a client that keeps its connection open."""
    before = set(threading.enumerate())
    server = PlsServer(key=KEY, link=host.url).start()
    connection = http.client.HTTPConnection(server.endpoint.removeprefix("http://"), timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()
    server.stop()
    wait_until(lambda: not set(threading.enumerate()) - before)
    connection.close()
