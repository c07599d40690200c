"""A link is given for the call, the time and the pool of a recording that is ready, and for nothing else."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException

from local.cloud.pls import PlsServer, RecordingCodes, State
from tests.local.pls.support import CALL_ID, CALL_TIME, CALL_TIME_MS, FILE, POOL_KEY, QUESTION, ask, send, signed
from tests.local.support import KEY

if TYPE_CHECKING:
    from local.cloud.files import FileHost

NO_RECORDING = RecordingCodes().unknown


@pytest.mark.parametrize(("method", "form"), [("GET", False), ("POST", False), ("POST", True)])
def test_the_link_leads_to_the_file(server: PlsServer, host: FileHost, method: str, *, form: bool) -> None:
    """Asked for in each of the three ways the SDK has, it is good for the recording's bytes."""
    before = host.requests[FILE]
    answer = ask(server, method=method, form=form)
    assert (answer["Code"], answer["Message"]) == ("OK", "OK")
    link = urlsplit(answer["DownloadUrl"])
    connection = http.client.HTTPConnection(link.netloc, timeout=10)
    connection.request("GET", f"{link.path}?{link.query}")
    assert len(connection.getresponse().read()) == 5000
    connection.close()
    assert host.requests[FILE] == before + 1


def test_milliseconds_of_the_call_are_below_what_can_be_asked(server: PlsServer) -> None:
    """A receipt may say 703,999 ms: the text of that second finds the recording."""
    server.recordings.add("odd", CALL_TIME_MS + 999, POOL_KEY, FILE)
    assert ask(server, QUESTION | {"CallId": "odd"})["Code"] == "OK"


@pytest.mark.parametrize(
    "call_time",
    [
        str(CALL_TIME_MS),
        str(CALL_TIME_MS // 1000),
        "",
        "2026-11-20T14:05:03",
        "2026-11-20 14:05:03 ",
        "2026-11-20 14:05:03.000",
        "2026-11-20 14:5:3",
        "2026-02-30 14:05:03",
        "２０２６-11-20 14:05:03",
        "yesterday",
    ],
)
def test_a_call_time_of_another_form_is_refused(server: PlsServer, call_time: str) -> None:
    """Epoch numbers above all, which is how the receipt says it."""
    answer = ask(server, QUESTION | {"CallTime": call_time})
    assert answer["Code"] == "isv.ILLEGAL_ARGUMENT"
    assert "DownloadUrl" not in answer


def test_a_call_time_is_required(server: PlsServer) -> None:
    """By the API's description, whatever its schema says."""
    assert ask(server, {"CallId": CALL_ID, "PoolKey": POOL_KEY})["Code"] == "isv.ILLEGAL_ARGUMENT"


@pytest.mark.parametrize(
    "change",
    [
        {"CallTime": "2026-11-20 06:05:03"},
        {"CallTime": "2026-11-20 14:05:04"},
        {"CallId": "4a9f1c77d2e80b32"},
        {"PoolKey": "FC100000099990002"},
    ],
)
def test_another_call_has_no_recording(server: PlsServer, change: dict[str, str]) -> None:
    """Another id or pool, another second, or the same time of day in UTC."""
    assert ask(server, QUESTION | change)["Code"] == NO_RECORDING


def test_a_pool_or_a_product_is_required(server: PlsServer) -> None:
    """Either will do, an empty one will not."""
    alone = {"CallId": CALL_ID, "CallTime": CALL_TIME}
    assert ask(server, alone)["Code"] == "isv.ILLEGAL_ARGUMENT"
    assert ask(server, alone | {"PoolKey": ""})["Code"] == "isv.ILLEGAL_ARGUMENT"
    assert ask(server, alone | {"ProductType": "AXB_170"})["Code"] == "OK"


def test_a_call_id_is_required_by_the_gateway(server: PlsServer) -> None:
    """Which says so with a status, and so the SDK raises."""
    with pytest.raises(ServerException) as caught:
        ask(server, {"CallTime": CALL_TIME, "PoolKey": POOL_KEY})
    assert (caught.value.get_http_status(), caught.value.get_error_code()) == (400, "MissingCallId")


def test_a_refusal_of_the_api_comes_with_status_200(server: PlsServer) -> None:
    """And without what only the gateway adds."""
    answer = send(server, signed("GET", {"CallId": "nobody"}))
    assert answer.status == 200
    assert answer.content.keys() == {"Code", "Message", "RequestId"}


def test_a_recording_becomes_ready_and_goes(host: FileHost) -> None:
    """Each state has the code that was asked for."""
    codes = RecordingCodes(unknown="isv.A", not_ready="isv.B", gone="isv.C")
    with PlsServer(key=KEY, link=host.url, codes=codes) as server:
        assert ask(server)["Code"] == "isv.A"
        server.recordings.add(CALL_ID, CALL_TIME_MS, POOL_KEY, FILE, ready=False)
        assert ask(server)["Code"] == "isv.B"
        server.recordings.set_state(CALL_ID, State.READY)
        assert ask(server)["Code"] == "OK"
        server.recordings.set_state(CALL_ID, State.GONE)
        assert ask(server)["Code"] == "isv.C"


def test_by_default_one_code_stands_for_all_that_is_not_there(server: PlsServer) -> None:
    """A client that tells them apart by the code would rely on what nobody has confirmed."""
    server.recordings.set_state(CALL_ID, State.NOT_READY)
    assert ask(server)["Code"] == NO_RECORDING
    server.recordings.set_state(CALL_ID, State.GONE)
    assert ask(server)["Code"] == NO_RECORDING


def test_no_link_may_come_as_a_success(host: FileHost) -> None:
    """A client must not take OK for a link."""
    with PlsServer(key=KEY, link=host.url, codes=RecordingCodes(unknown="OK")) as server:
        assert ask(server).keys() == {"Code", "Message", "RequestId"}


def test_what_never_was_has_no_state(server: PlsServer) -> None:
    """A test that mistypes a call learns of it."""
    with pytest.raises(KeyError):
        server.recordings.set_state("nobody", State.READY)
