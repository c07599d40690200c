"""Both recordings of a call are told of in one answer, each with a link of its own if it is ready."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException

from local.cloud.access import AccessKey
from local.cloud.faults import Fault
from local.cloud.files import FileHost
from local.cloud.pls import PlsServer, RecordingCodes, State
from tests.local.pls.support import ACTION, CALL_ID, CALL_TIME, CALL_TIME_MS, FILE, POOL_KEY, ask, client_of
from tests.local.support import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

TOTAL = "GetTotalPublicUrl"
RING_FILE = "1000450000123456_ring.mp3"
QUESTION = {"CallId": CALL_ID, "CallTime": CALL_TIME, "PartnerKey": POOL_KEY, "CheckSubs": "true"}
NO_RECORDING = RecordingCodes().unknown


def ask_total(server: PlsServer, question: Mapping[str, str] = QUESTION, **how: Any) -> Any:
    """The parsed answer to the SDK's question."""
    return ask(server, question, action=TOTAL, **how)


def add_ring(server: PlsServer, *, ready: bool = True) -> None:
    """Have the recording of the ringing too."""
    server.recordings.add(CALL_ID, CALL_TIME_MS, POOL_KEY, RING_FILE, ring=True, ready=ready)


def fetched(link: str) -> bytes:
    """What a link leads to."""
    parts = urlsplit(link)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        assert response.status == 200
        return response.read()
    finally:
        connection.close()


@pytest.mark.parametrize(("method", "form"), [("GET", False), ("POST", False), ("POST", True)])
def test_the_links_lead_to_the_files(server: PlsServer, host: FileHost, method: str, *, form: bool) -> None:
    """Asked for in each of the three ways the SDK has, each link is good for its own recording's bytes."""
    host.put(RING_FILE, 700)
    add_ring(server)
    answer = ask_total(server, method=method, form=form)
    assert (answer["Code"], answer["Message"]) == ("OK", "OK")
    assert len(fetched(answer["Data"]["PhonePublicUrl"])) == 5000
    assert len(fetched(answer["Data"]["RingPublicUrl"])) == 700


def test_links_are_good_for_thirty_days() -> None:
    """Those of the other API for two hours."""
    with (
        FileHost(clock=lambda: 1_800_000_000.0) as host,
        PlsServer(key=KEY, link=host.url) as server,
    ):
        server.recordings.add(CALL_ID, CALL_TIME_MS, POOL_KEY, FILE)
        links = ask_total(server)["Data"]["PhonePublicUrl"], ask(server)["DownloadUrl"]
        ends = [int(parse_qs(urlsplit(link).query)["Expires"][0]) for link in links]
    assert ends == [1_800_000_000 + 30 * 86400, 1_800_000_000 + 2 * 3600]


def test_only_what_there_is_has_a_link(server: PlsServer) -> None:
    """The other field is not there, neither empty nor null."""
    assert ask_total(server)["Data"].keys() == {"PhonePublicUrl"}
    add_ring(server, ready=False)
    assert ask_total(server)["Data"].keys() == {"PhonePublicUrl"}
    server.recordings.set_state(CALL_ID, State.READY, ring=True)
    assert ask_total(server)["Data"].keys() == {"PhonePublicUrl", "RingPublicUrl"}
    server.recordings.set_state(CALL_ID, State.GONE)
    assert ask_total(server)["Data"].keys() == {"RingPublicUrl"}
    assert ask(server, action=ACTION)["Code"] == NO_RECORDING


def test_the_other_api_knows_no_ringing(host: FileHost) -> None:
    """A call of which only the ringing was recorded has no link there."""
    with PlsServer(key=KEY, link=host.url) as server:
        add_ring(server)
        assert ask(server)["Code"] == NO_RECORDING
        assert ask_total(server)["Data"].keys() == {"RingPublicUrl"}


@pytest.mark.parametrize("parameter", sorted(QUESTION))
def test_every_parameter_is_required_by_the_gateway(server: PlsServer, parameter: str) -> None:
    """Left out or empty, it is missed with a status, and so the SDK raises."""
    for question in ({k: v for k, v in QUESTION.items() if k != parameter}, QUESTION | {parameter: ""}):
        with pytest.raises(ServerException) as caught:
            ask_total(server, question)
        assert (caught.value.get_http_status(), caught.value.get_error_code()) == (400, f"Missing{parameter}")


@pytest.mark.parametrize("call_time", [str(CALL_TIME_MS), str(CALL_TIME_MS // 1000), "2026-11-20T14:05:03"])
def test_a_call_time_of_another_form_is_refused(server: PlsServer, call_time: str) -> None:
    """Epoch numbers above all, which is how the receipt says it."""
    answer = ask_total(server, QUESTION | {"CallTime": call_time})
    assert answer["Code"] == "isv.ILLEGAL_ARGUMENT"
    assert "Data" not in answer


def test_check_subs_is_true_or_false(server: PlsServer) -> None:
    """In any case, as clients in different languages write it; nothing else."""
    assert [ask_total(server, QUESTION | {"CheckSubs": text})["Code"] for text in ("True", "false")] == ["OK", "OK"]
    with pytest.raises(ServerException, match="InvalidCheckSubs"):
        ask_total(server, QUESTION | {"CheckSubs": "1"})


@pytest.mark.parametrize(
    "change",
    [{"CallTime": "2026-11-20 06:05:03"}, {"CallId": "4a9f1c77d2e80b32"}, {"PartnerKey": "FC100000099990002"}],
)
def test_another_call_has_no_recording(server: PlsServer, change: dict[str, str]) -> None:
    """Another id or pool, or the same time of day in UTC."""
    assert ask_total(server, QUESTION | change)["Code"] == NO_RECORDING


def test_each_state_has_the_code_that_was_asked_for(host: FileHost) -> None:
    """If nothing is ready; one recording that is still being made outweighs one that is gone."""
    codes = RecordingCodes(unknown="isv.A", not_ready="isv.B", gone="isv.C")
    with PlsServer(key=KEY, link=host.url, codes=codes) as server:
        assert ask_total(server)["Code"] == "isv.A"
        add_ring(server, ready=False)
        assert ask_total(server)["Code"] == "isv.B"
        server.recordings.add(CALL_ID, CALL_TIME_MS, POOL_KEY, FILE)
        server.recordings.set_state(CALL_ID, State.GONE)
        assert ask_total(server)["Code"] == "isv.B"
        server.recordings.set_state(CALL_ID, State.GONE, ring=True)
        assert ask_total(server)["Code"] == "isv.C"


def test_no_link_may_come_as_a_success(host: FileHost) -> None:
    """A client must not take OK for a link."""
    with PlsServer(key=KEY, link=host.url, codes=RecordingCodes(unknown="OK")) as server:
        assert (ask_total(server)["Code"], ask_total(server)["Data"]) == ("OK", {})


def test_who_asks_is_checked_as_for_the_other_api(server: PlsServer) -> None:
    """The secret, then the budget of the account, which this API words in its own way."""
    with pytest.raises(ServerException, match="SignatureDoesNotMatch"):
        ask_total(server, client=client_of(AccessKey(KEY.key_id, "another-secret")))
    server.faults.plan(Fault(status=200, code="FlowLimited"), on=TOTAL)
    assert ask_total(server)["Code"] == "FlowLimited"
    assert ask_total(server)["Code"] == "OK"
