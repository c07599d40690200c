"""Fresh links from the vendor's API: what is asked, and what each refusal means for the next attempt."""

from __future__ import annotations

import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from local.cloud.files import FileHost
from local.cloud.pls import PlsServer
from local.cloud.pls.questions import RecordingCodes
from local.cloud.rpc.errors import RpcError
from receipts.aliyun.record_links import RecordLinks
from receipts.credentials import Credentials
from receipts.recordings.problem import NoRecording, Problem
from receipts.recordings.settings import LinkSettings
from tests.fetching.peer import Peer, says
from tests.store.support import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.recordings.announcement import Source

POOL = "FC100000000000001"
CALL = "13900000001-7"
# 2026-11-20 14:05:03.999 in China.
CALL_TIME = 1795154703999
SOURCE: Source = {"kind": "call", "call_id": CALL, "call_time": CALL_TIME, "pool_key": POOL}
RING: Source = {**SOURCE, "kind": "ring"}
GONE = "isv.RECORD_DELETED"
KEYS = Credentials(KEY.key_id, KEY.secret)


@contextmanager
def links_of(endpoint: str, keys: Credentials = KEYS) -> Iterator[RecordLinks]:
    """The product's way to links."""
    links = RecordLinks(LinkSettings(endpoint, "cn-hangzhou", (GONE, "Weird.Gone")), keys)
    yield links
    links.close()


@pytest.fixture(scope="module")
def host() -> Iterator[FileHost]:
    """A file host with both recordings of the call."""
    with FileHost() as host:
        yield host


@pytest.fixture
def server(host: FileHost) -> Iterator[PlsServer]:
    """The API, which has both."""
    with PlsServer(key=KEY, link=host.url) as server:
        server.recordings.add(CALL, CALL_TIME, POOL, "call.mp3")
        server.recordings.add(CALL, CALL_TIME, POOL, "ring.mp3", ring=True)
        yield server


def refused(endpoint: str, source: Source = SOURCE) -> Problem:
    """What is raised instead of a link; and that it shows nothing of the call."""
    with links_of(endpoint) as links, pytest.raises(NoRecording) as caught:
        links.link(source)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.problem)
    assert caught.value.__cause__ is None
    assert not [word for word in (CALL, POOL, "13900000001", KEY.secret) if word in shown]
    return caught.value.problem


def test_the_link_to_a_call_and_to_its_ringing(server: PlsServer, host: FileHost) -> None:
    """Each by its own API; the time of the call is asked for as text in UTC+8, without its milliseconds."""
    with links_of(server.endpoint) as links:
        assert links.link(SOURCE).startswith(f"{host.endpoint}/call.mp3?")
        assert links.link(RING).startswith(f"{host.endpoint}/ring.mp3?")
    assert dict(server.faults.calls) == {"QueryRecordFileDownloadUrl": 1, "GetTotalPublicUrl": 1}


# A code as the API or the gateway answers it, with the status of either; what becomes of the recording.
PASSING = Problem("")
PERSON = Problem("", needs_a_person=True)
CODES = [
    (200, "isp.SYSTEM_ERROR", PASSING),
    (200, "isp.UNKNOWN_ERR_CODE", PASSING),
    (200, "isv.FLOW_LIMIT", PASSING),
    (200, "FlowLimited", PASSING),
    (400, "Throttling.User", PASSING),
    (400, "Throttling", PASSING),
    (500, "InternalError", PASSING),
    (503, "ServiceUnavailable", PASSING),
    (200, "isp.RAM_PERMISSION_DENY", PERSON),
    (200, "isv.OUT_OF_SERVICE", PERSON),
    (200, "isv.PARTNER_NOT_EXIST", PERSON),
    (200, "isv.ILLEGAL_ARGUMENT", PERSON),
    (403, "Forbidden.RAM", PERSON),
    (403, "NoPermission", PERSON),
    (404, "InvalidAccessKeyId.NotFound", PERSON),
    (400, "InvalidSecurityToken.Expired", PERSON),
    (400, "SignatureDoesNotMatch", PERSON),
    (400, "InvalidTimeStamp.Expired", PERSON),
    (404, "InvalidApi.NotFound", PERSON),
    (200, "isv.RECORD_NOT_EXIST", Problem("", vendor_code="isv.RECORD_NOT_EXIST")),
    (200, "RECORD_NOT_READY", Problem("", vendor_code="RECORD_NOT_READY")),
    (400, "Something.New", Problem("", vendor_code="Something.New")),
    (200, GONE, Problem("", vendor_code=GONE, gone=True)),
    (400, "Weird.Gone", Problem("", vendor_code="Weird.Gone", gone=True)),
]

MISSING_RIGHT = ("isp.RAM_PERMISSION_DENY", "Forbidden.RAM", "NoPermission")


@pytest.mark.parametrize(("status", "code", "means"), CODES, ids=[code for _, code, _ in CODES])
@pytest.mark.parametrize("source", [SOURCE, RING], ids=["call", "ring"])
def test_what_a_refusal_means(server: PlsServer, status: int, code: str, means: Problem, source: Source) -> None:
    """Passing, for a person to mend, not there, or gone by the operator's setting; asked once, never in a hurry."""
    server.faults.plan(Fault(status=status, code=code), times=None)
    action = "GetTotalPublicUrl" if source is RING else "QueryRecordFileDownloadUrl"
    right = f" to dypls:{action}" if code in MISSING_RIGHT else ""
    assert refused(server.endpoint, source) == means._replace(told=f"the API answered {code}{right}")
    assert sum(server.faults.calls.values()) == 1


def test_a_wrong_key_is_for_a_person(server: PlsServer) -> None:
    """The gateway's real refusals of a secret and of a key that it does not know."""
    for keys in (Credentials(KEY.key_id, "wrong"), Credentials("nobody", KEY.secret)):
        with links_of(server.endpoint, keys) as links, pytest.raises(NoRecording) as caught:
            links.link(SOURCE)
        assert caught.value.problem.needs_a_person
        assert "SignatureDoesNotMatch" in str(caught.value) or "InvalidAccessKeyId" in str(caught.value)


def test_a_temporary_key_comes_with_its_token(host: FileHost) -> None:
    """A function's role has keys with a token, without which they open nothing."""

    class Temporary:
        def secret(self, key_id: str, security_token: str | None) -> str:
            if (key_id, security_token) != ("STS.x", "a-token"):
                raise RpcError("InvalidSecurityToken.MismatchWithAccessKey")
            return "temporary"

    with PlsServer(key=Temporary(), link=host.url) as server:
        server.recordings.add(CALL, CALL_TIME, POOL, "call.mp3")
        with links_of(server.endpoint, Credentials("STS.x", "temporary", "a-token")) as links:
            assert links.link(SOURCE)


@pytest.mark.parametrize("missing", ["pool_key", "call_time"])
def test_nothing_to_ask_with(server: PlsServer, missing: str) -> None:
    """Receipts without a pool or a time: the API is not asked at all, and another way may lead there."""
    source = {name: value for name, value in SOURCE.items() if name != missing}
    assert refused(server.endpoint, source) == Problem(
        "its receipts name no pool or no time of the call: the API cannot be asked"
    )
    assert sum(server.faults.calls.values()) == 0


def test_a_success_without_a_link(host: FileHost) -> None:
    """Some answer OK and give none: as good as not there yet."""
    codes = RecordingCodes("OK", "OK", "OK")
    with PlsServer(key=KEY, link=host.url, codes=codes) as server:
        for source in (SOURCE, RING):
            assert refused(server.endpoint, source) == Problem("the API gave no link")
        # The call's recording is there, its ringing is not.
        server.recordings.add(CALL, CALL_TIME, POOL, "call.mp3")
        assert refused(server.endpoint, RING) == Problem("the API gave no link")


def answer(status: int, body: bytes, kind: bytes = b"application/json") -> bytes:
    """An HTTP answer."""
    head = b"HTTP/1.1 %d X\r\nContent-Type: %b\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    return head % (status, kind, len(body)) + body


NO_API = [
    (b"", PASSING),
    (answer(200, b""), PASSING),
    (answer(200, b"<html>sign in, 13900000001</html>", b"text/html"), PASSING),
    (answer(200, b"[]"), PASSING),
    (answer(200, b"[" * 100_000), PASSING),
    (answer(200, b'{"Code":"OK","DownloadUrl":7}'), PASSING),
    (answer(200, b'{"Code":"OK","Data":[]}'), PASSING),
    (answer(502, b"<html>bad gateway</html>", b"text/html"), PASSING),
    (answer(500, b""), PASSING),
    (answer(400, b'{"Code":"SignatureDoesNotMatch","Message":"no mark in it"}'), PASSING),
    (answer(400, b'{"Code":"SignatureDoesNotMatch"}'), PERSON),
    (answer(200, b'{"Code":13900000001,"Message":"m"}'), None),
    (answer(200, b'{"Code":"isv.X\\r\\n13900000001 13900000001-7 \xe7\x94\xb5"}'), None),
]


@pytest.mark.parametrize(("sent", "means"), NO_API, ids=[repr(sent[-40:]) for sent, _ in NO_API])
@pytest.mark.parametrize("source", [SOURCE, RING], ids=["call", "ring"])
def test_whatever_answers_in_the_apis_place(sent: bytes, means: Problem | None, source: Source) -> None:
    """No answer and nonsense are a passing problem, and nothing of it is repeated but a code's letters."""
    with Peer(says(sent)) as peer:
        problem = refused(f"http://127.0.0.1:{peer.port}", source)
    if means is not None:
        assert problem._replace(told="") == means
    assert not problem.gone
    assert "\n" not in problem.told
    assert "html" not in problem.told


def test_nobody_answers() -> None:
    """A closed port."""
    with Peer(says()) as peer:
        endpoint = f"http://127.0.0.1:{peer.port}"
    began = time.monotonic()
    problem = refused(endpoint)
    assert not problem.needs_a_person
    assert problem.vendor_code is None
    assert time.monotonic() - began < 5


def test_a_second_asks_again_over_the_same_client(server: PlsServer) -> None:
    """After a refusal and after a connection that broke, the next question is answered."""
    with links_of(server.endpoint) as links:
        for fault in (Fault(status=503, code="ServiceUnavailable"), Fault(close_before=True)):
            server.faults.plan(fault)
            with pytest.raises(NoRecording):
                links.link(SOURCE)
            assert links.link(SOURCE)
