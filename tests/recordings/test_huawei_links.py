"""Fresh links from Huawei's API: what is asked, what each answer means, and what is never asked or repeated."""

from __future__ import annotations

import json
import time
import traceback
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from local.cloud.faults import Fault
from local.cloud.files import FileHost
from local.cloud.huawei import HuaweiServer
from receipts.fetching.limits import Limits
from receipts.fetching.network import SystemNetwork
from receipts.huawei.record_links import RecordLinks
from receipts.recordings.problem import NoRecording, Problem
from receipts.recordings.settings import HuaweiLinkSettings
from tests.fetching.peer import Peer, says, says_and_stalls
from tests.recordings.huawei import APP_KEY, APPS, DOMAIN, NAME, SECRET, SOURCE, links_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from receipts.recordings.announcement import Source

PASSING = Problem("")
PERSON = Problem("", needs_a_person=True)
OPERATION = "GetRecordingDownloadUrl"
# For peers that say nothing: long enough for a busy machine to connect, and no longer.
SHORT = Limits(first_byte_seconds=0.5, idle_seconds=0.3, total_seconds=0.8, max_bytes=64 * 1024)


@pytest.fixture(scope="module")
def host() -> Iterator[FileHost]:
    """A file host with the recording."""
    with FileHost() as host:
        yield host


@pytest.fixture
def server(host: FileHost) -> Iterator[HuaweiServer]:
    """The API, which has it."""
    with HuaweiServer(apps=APPS, link=host.url) as server:
        server.recordings.add(APP_KEY, NAME, DOMAIN, "call.wav")
        yield server


def refused(links: RecordLinks, source: Source = SOURCE) -> Problem:
    """What is raised instead of a link; and that it shows nothing of the call or the secret."""
    with pytest.raises(NoRecording) as caught:
        links.link(source)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.problem)
    assert caught.value.__cause__ is None
    hidden = (NAME, DOMAIN, APP_KEY, SECRET, "13900000001", "wav", "Signature", "?", "/rest")
    told = repr(caught.value.problem)
    assert not [word for word in hidden if word in told]
    assert not [word for word in (NAME, SECRET, "13900000001") if word in shown]
    return caught.value.problem


def test_a_link_is_the_location_of_the_answer(server: HuaweiServer, host: FileHost) -> None:
    """Asked once, signed so that the API lets it in, and nothing is fetched on the way."""
    with links_of(server.endpoint) as links:
        link = links.link(SOURCE)
    assert link.startswith(f"{host.endpoint}/call.wav?")
    assert dict(server.faults.calls) == {OPERATION: 1}
    assert host.requests == {}


def test_what_is_asked() -> None:
    """The documented request to the letter, with the digest of the documents' formula and names that need quoting."""
    with Peer(says(b"HTTP/1.1 301 Moved\r\nLocation: http://a.example/x\r\nContent-Length: 0\r\n\r\n")) as peer:
        settings = HuaweiLinkSettings(f"http://127.0.0.1:{peer.port}", {APP_KEY: SECRET.encode()}, "127.0.0.0/8")
        nonce = "66c92b11ff8a425fb8d4ccfe0ed9ed1f"
        links = RecordLinks(settings, SystemNetwork(), lambda: 1795314624.9, lambda: nonce)
        assert links.link({**SOURCE, "file_name": "a b/录&音.wav"}) == "http://a.example/x"
    head, _, _ = peer.requests[0].decode().partition("\r\n\r\n")
    request, *headers = head.split("\r\n")
    assert request == (
        "GET /rest/provision/voice/record/v1.0"
        "?fileName=a%20b%2F%E5%BD%95%26%E9%9F%B3.wav&recordDomain=ostor.example.com HTTP/1.1"
    )
    assert 'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"' in headers
    assert "Content-Type: application/json;charset=UTF-8" in headers
    # The vector of Huawei's formula that every implementation here is held against.
    assert (
        f'X-AKSK: UsernameToken Username="{APP_KEY}",PasswordDigest="prlH85NR2aezTyeytCWevJjfKV+YjsG8WAJwTqwRcX8=",'
        f'Nonce="{nonce}",Created="2026-11-22T02:30:24Z"'
    ) in headers


# A code with the status that it comes with, and what becomes of the recording.
CODES = [
    (400, "1012007", Problem("", vendor_code="1012007")),
    (400, "1010010", PASSING),
    (403, "1010010", PASSING),
    (500, "1010001", PASSING),
    (503, "1019999", PASSING),
    (429, "1019999", PASSING),
    *((400, f"10230{number:02}", PERSON) for number in (6, 7, 8, 9, 10, 11, 12, 33, 34, 35, 36, 37)),
    (403, "1010002", PERSON),
    (400, "1010003", PERSON),
    (401, "1010013", PERSON),
    (400, "1010029", PERSON),
    (400, "1010040", PERSON),
    (403, "1020166", PERSON),
    (403, "1020176", PERSON),
    (500, "1010003", PERSON),
    (401, "1019999", PERSON),
    (403, "1019999", PERSON),
    (400, "1019999", PERSON),
    (200, "1019999", PERSON),
]


@pytest.mark.parametrize(("status", "code", "means"), CODES, ids=[f"{status}-{code}" for status, code, _ in CODES])
def test_what_a_refusal_means(server: HuaweiServer, status: int, code: str, means: Problem) -> None:
    """Passing, for a person to mend, or not there; asked once, never in a hurry, and never gone for good."""
    server.faults.plan(Fault(status=status, code=code), times=None)
    with links_of(server.endpoint) as links:
        assert refused(links) == means._replace(told=f"the API answered {code}")
    assert dict(server.faults.calls) == {OPERATION: 1}


def test_a_recording_that_is_not_there(server: HuaweiServer) -> None:
    """The API's own word for a wrong name, another domain and another application's file."""
    with links_of(server.endpoint) as links:
        for change in ({"file_name": "other.wav"}, {"record_domain": "elsewhere.example.com"}):
            assert refused(links, {**SOURCE, **change}).vendor_code == "1012007"


@pytest.mark.parametrize(
    ("apps", "clock", "told"),
    [
        ({APP_KEY: "wrong"}, time.time, "9999401"),
        ({APP_KEY: SECRET}, lambda: time.time() + 8 * 3600, "1010013"),
    ],
    ids=["secret", "clock"],
)
def test_what_is_signed_wrongly_is_for_a_person(
    server: HuaweiServer, apps: dict[str, str], clock: object, told: str
) -> None:
    """The server recomputes the digest and looks at the time: another secret or another zone's clock fails."""
    assert callable(clock)
    with links_of(server.endpoint, apps, clock) as links:
        assert refused(links) == PERSON._replace(told=f"the API answered {told}")


def test_an_application_that_the_api_does_not_know(server: HuaweiServer) -> None:
    """A key of another application or account."""
    with links_of(server.endpoint, {"another": SECRET}) as links:
        problem = refused(links, {**SOURCE, "app_key": "another"})
    assert problem == PERSON._replace(told="the API answered 1010003")


NOT_ASKED: list[tuple[dict[str, str | None], bool, str]] = [
    ({"file_name": None}, False, "its call record names no file and domain"),
    ({"record_domain": None}, False, "its call record names no file and domain"),
    ({"file_name": ""}, False, "its call record names no file and domain"),
    ({"file_name": "1" * 129}, False, "its file or domain has more than 128 letters"),
    ({"record_domain": "d" * 129}, False, "its file or domain has more than 128 letters"),
    ({"file_name": "\ud800.wav"}, False, "its file or domain holds half a character"),
    ({"app_key": None}, True, "HUAWEI_APPS has no secret for its application"),
    ({"app_key": "unknown"}, True, "HUAWEI_APPS has no secret for its application"),
]


@pytest.mark.parametrize(("change", "person", "told"), NOT_ASKED, ids=[str(change)[:30] for change, _, _ in NOT_ASKED])
def test_what_the_api_is_not_asked(
    server: HuaweiServer,
    change: dict[str, str | None],
    person: bool,  # noqa: FBT001 - a column of the table
    told: str,
) -> None:
    """What it could not answer; a missing secret is named, and stays a setting to be mended."""
    source = {name: value for name, value in {**SOURCE, **change}.items() if value is not None}
    with links_of(server.endpoint) as links:
        assert refused(links, source) == Problem(f"{told}: the API cannot be asked", needs_a_person=person)
    assert dict(server.faults.calls) == {}


@pytest.mark.parametrize("key", ["a\r\nX: 1", 'a"b', "a b", "应用", "k" * 129])
def test_a_key_that_no_header_can_hold_is_none(server: HuaweiServer, key: str) -> None:
    """Whatever `HUAWEI_APPS` names: nothing is put into a request that would change it."""
    with links_of(server.endpoint, {key: SECRET}) as links:
        assert refused(links, {**SOURCE, "app_key": key}).needs_a_person
    assert dict(server.faults.calls) == {}


def test_the_longest_names_are_asked(server: HuaweiServer) -> None:
    """128 letters each, as the API allows."""
    name, domain = "n" * 128, "d" * 128
    server.recordings.add(APP_KEY, name, domain, "long.wav")
    with links_of(server.endpoint) as links:
        assert "/long.wav?" in links.link({**SOURCE, "file_name": name, "record_domain": domain})


def test_without_an_address_the_api_is_not_asked() -> None:
    """It names the setting, for a recording that could be had by it; not for one that could not."""
    with links_of("") as links:
        assert refused(links) == PERSON._replace(told="HUAWEI_API_ENDPOINT is not set: the API cannot be asked")
        assert not refused(links, {"url": "https://x"}).needs_a_person


def _at(peer: Peer) -> str:
    return f"http://127.0.0.1:{peer.port}"


def moved(location: str, status: int = 301) -> bytes:
    """An answer with a link."""
    return f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def answer(status: int, body: bytes, kind: bytes = b"application/json") -> bytes:
    """An answer without one."""
    head = b"HTTP/1.1 %d x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    return head % (status, kind, len(body)) + body


@pytest.mark.parametrize("status", [301, 302, 307])
def test_any_redirection_is_a_link_and_none_is_followed(status: int) -> None:
    """Whatever the status, the link is handed on: only the fetch guard opens it."""
    with Peer(says()) as target, Peer(says(moved(f"http://127.0.0.1:{target.port}/f.wav", status))) as peer:
        with links_of(_at(peer)) as links:
            assert links.link(SOURCE) == f"http://127.0.0.1:{target.port}/f.wav"
        assert (len(peer.requests), target.requests) == (1, [])


AUDIO = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(200_000)
ANSWERS = [
    (answer(200, AUDIO, b"audio/x-wav"), PERSON, "HTTP 200, and no link"),
    (answer(200, b"<html>13900000001</html>", b"text/html"), PERSON, "HTTP 200, and no link"),
    (answer(404, b"<html>", b"text/html"), PERSON, "HTTP 404, and no link"),
    (answer(401, b""), PERSON, "HTTP 401, and no link"),
    (answer(403, b"no JSON"), PERSON, "HTTP 403, and no link"),
    (answer(502, b"<html>bad gateway</html>", b"text/html"), PASSING, "HTTP 502, and no link"),
    (answer(408, b""), PASSING, "HTTP 408, and no link"),
    (b"HTTP/1.1 301 Moved\r\nLocation:\r\nContent-Length: 0\r\n\r\n", PERSON, "HTTP 301, and no link"),
    (b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n", PERSON, "HTTP 301, and no link"),
    (answer(400, b'{"resultcode":1012007,"resultdesc":"13900000001"}'), None, "1012007"),
    (answer(500, b'{"resultcode":"13900000001","resultdesc":""}'), PASSING, "HTTP 500, and no link"),
    (answer(500, b'{"resultcode":"10\xe7\x94\xb5","resultdesc":""}'), PASSING, "HTTP 500, and no link"),
    (answer(500, b"[" * 60_000), PASSING, "HTTP 500, and no link"),
    (answer(500, b"[]"), PASSING, "HTTP 500, and no link"),
    (answer(400, b" " * 70_000 + b'{"resultcode":"1012007"}'), PERSON, "HTTP 400, and no link"),
    (b"HTTP/1.1 400 x\r\nContent-Length: 90\r\n\r\n{", PERSON, "HTTP 400, and no link"),
]


@pytest.mark.parametrize(
    ("sent", "means", "told"), ANSWERS, ids=[repr(sent[9:12] + sent[-20:]) for sent, _, _ in ANSWERS]
)
def test_whatever_answers_in_the_apis_place(sent: bytes, means: Problem | None, told: str) -> None:
    """Audio is no link, nor is a page; of an answer only a code is repeated, and nothing makes it fail otherwise."""
    with Peer(says(sent)) as peer, links_of(_at(peer)) as links:
        expected = Problem("", vendor_code=told) if means is None else means
        assert refused(links) == expected._replace(told=f"the API answered {told}")


def test_a_link_that_is_none() -> None:
    """A header of spaces and control characters is told, and not repeated."""
    with Peer(says(moved("http://a.example/a b?Signature=x"))) as peer, links_of(_at(peer)) as links:
        assert refused(links) == PASSING._replace(told="the API answered with a link that is none")


@pytest.mark.parametrize(
    "script",
    [
        says_and_stalls(b""),
        says_and_stalls(b"HTTP/1.1 301 Moved\r\n"),
        says(b"no HTTP\r\n\r\n"),
        says(b""),
        lambda peer, connection: peer.drip(connection, b"HTTP/1.1 301 Moved\r\nX: " + b"x" * 50, 0.01),
    ],
    ids=["hangs", "hangs in the head", "no HTTP", "closes", "drips"],
)
def test_no_answer_is_a_passing_problem(script: object) -> None:
    """In bounded time, however slowly somebody goes on talking."""
    began = time.monotonic()
    with Peer(script) as peer, links_of(_at(peer), limits=SHORT) as links:  # type: ignore[arg-type] # one of the scripts
        problem = refused(links)
    assert problem == PASSING._replace(told=problem.told)
    assert problem.told.startswith("the API: 127.0.0.1: did not answer")
    assert time.monotonic() - began < 5


def test_a_refusal_that_hangs_is_told_by_its_status() -> None:
    """Its head came, its body does not."""
    script = says_and_stalls(b"HTTP/1.1 503 x\r\nContent-Length: 9\r\n\r\n")
    with Peer(script) as peer, links_of(_at(peer), limits=SHORT) as links:
        assert refused(links) == PASSING._replace(told="the API answered HTTP 503, and no link")


def test_nobody_answers() -> None:
    """A closed port."""
    with Peer(says()) as peer:
        endpoint = f"http://127.0.0.1:{peer.port}"
    with links_of(endpoint) as links:
        assert not refused(links).needs_a_person


def test_the_address_must_lead_where_it_may() -> None:
    """The API's name leads into a private network that nobody listed: not asked, and told by its setting's name."""
    settings = HuaweiLinkSettings("https://127.0.0.1", {APP_KEY: SECRET.encode()}, "")
    problem = refused(RecordLinks(settings, SystemNetwork(), time.time, lambda: "n"))
    assert problem.needs_a_person
    assert problem.told.startswith("the API: 127.0.0.1: leads to an address that is not public")


def test_a_second_asks_again(server: HuaweiServer) -> None:
    """After a refusal and after a connection that broke, the next question is answered: each has a nonce of its own."""
    with links_of(server.endpoint) as links:
        for fault in (Fault(status=503, code="1010001"), Fault(close_before=True)):
            server.faults.plan(fault)
            refused(links)
            assert urlsplit(links.link(SOURCE)).path == "/call.wav"


def test_sources_are_plain_json() -> None:
    """What a row keeps of a source is enough to ask by it."""
    assert json.loads(json.dumps(SOURCE)) == SOURCE
