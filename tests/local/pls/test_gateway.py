"""Whatever is sent gets an answer in JSON, and the gateway's refusals have all that the real ones have."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer
from local.cloud.rpc.gateway import Gateway
from tests.local.pls.support import ask, send, signed
from tests.local.support import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.cloud.pls import PlsServer

relaxed = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"Action": None}, 400, "MissingAction"),
        ({"Action": "QueryTokenForEverything"}, 404, "InvalidApi.NotFound"),
        ({"Action": "queryrecordfiledownloadurl"}, 404, "InvalidApi.NotFound"),
        ({"Version": None}, 400, "MissingVersion"),
        ({"Version": "2016-05-25"}, 400, "InvalidVersion"),
        ({"Format": "XML"}, 400, "InvalidParameter.Format"),
        ({"Format": None}, 400, "InvalidParameter.Format"),
    ],
)
def test_an_api_is_found_by_action_and_version(
    server: PlsServer, changes: dict[str, str | None], status: int, code: str
) -> None:
    """And answers in JSON only; what leads nowhere is refused before anybody looks at the signature."""
    answer = send(server, signed("GET", changes))
    assert (answer.status, answer.code) == (status, code)


def test_only_the_root_is_served(server: PlsServer) -> None:
    """The address has no path."""
    assert send(server, signed("GET"), path="/api").code == "InvalidApi.NotFound"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(server: PlsServer, method: str) -> None:
    """However well signed."""
    assert send(server, signed(method), method).code == "UnsupportedHTTPMethod"


def test_every_answer_has_a_request_id_of_its_own(server: PlsServer) -> None:
    """In its body and in its header alike."""
    good, bad = send(server, signed("GET")), send(server, signed("GET", {"Action": None}))
    assert good.content["RequestId"] != bad.content["RequestId"]
    for answer in (good, bad):
        assert answer.headers["x-acs-request-id"] == answer.content["RequestId"]
        assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", answer.content["RequestId"])
        assert answer.headers["content-type"] == "application/json;charset=utf-8"


def test_a_refusal_of_the_gateway_is_whole(server: PlsServer) -> None:
    """It names the host that was asked, and a page to read."""
    answer = send(server, signed("GET", {"Action": None}))
    assert answer.content.keys() == {"Code", "Message", "RequestId", "HostId", "Recommend"}
    assert answer.content["HostId"] == server.endpoint.removeprefix("http://")
    assert answer.content["Recommend"].endswith("?q=MissingAction")


def test_a_body_that_is_no_form_is_not_read(server: PlsServer) -> None:
    """Its parameters do not count, and are not signed."""
    for content_type, code in (("application/json", "OK"), (FORM, "SignatureDoesNotMatch")):
        assert send(server, signed("POST"), "POST", body=(content_type, b"CallId=other")).code == code


@relaxed
@given(query=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=60))
def test_any_query_is_refused_in_json(server: PlsServer, query: str) -> None:
    """With the gateway's five fields, and the next good request is served."""
    answer = send(server, query)
    assert 400 <= answer.status < 500
    assert answer.content.keys() == {"Code", "Message", "RequestId", "HostId", "Recommend"}


@relaxed
@given(body=st.binary(max_size=80))
def test_any_form_is_refused_in_json(server: PlsServer, body: bytes) -> None:
    """A form that was not signed, whatever its bytes, unless it says nothing."""
    answer = send(server, signed("POST"), "POST", body=(FORM, b"x=" + body))
    assert (answer.status, answer.code) in ((400, "SignatureDoesNotMatch"), (400, "InvalidVersion"))


def test_another_api_is_one_more_object() -> None:
    """It has a name, a version and an answer; signature, refusals and envelope are the gateway's."""

    class Echo:
        action = "QueryTokenForMnsQueue"
        product = "dybase"
        version = "2017-05-25"

        def answer(self, parameters: Mapping[str, str]) -> Mapping[str, object]:
            return {"MessageTokenDTO": {"MessageType": parameters["MessageType"]}}

    with LoopbackServer(Gateway([Echo()], KEY, time.time), Faults()) as server:
        answer = send(server, signed("GET", {"Action": Echo.action, "MessageType": "SecretReport"}))
    assert (answer.status, answer.code) == (200, "OK")
    assert answer.content["MessageTokenDTO"] == {"MessageType": "SecretReport"}


def test_calls_are_counted_by_action(server: PlsServer) -> None:
    """And all that is not served under one name, so that strangers do not fill the count."""
    ask(server)
    ask(server)
    for name in ("A", "B"):
        send(server, signed("GET", {"Action": name}))
    assert server.faults.calls == {"QueryRecordFileDownloadUrl": 2, "Unknown": 2}
