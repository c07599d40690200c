"""The API that gives links: who is let in, what is answered, and what can be planned to go wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from local.cloud.files import FileHost
from local.cloud.huawei import HuaweiServer
from local.cloud.huawei.signature import aksk, wsse
from tests.local.huawei.support import APP_KEY, AUTHORIZATION, CREATED, DOMAIN, NAME, NONCE, SECRET, ask, token
from tests.local.support import FakeClock, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.local.support import Answer

DAY = 24 * 60 * 60


@pytest.fixture(scope="module")
def host() -> Iterator[FileHost]:
    """A file host with the recording."""
    with FileHost() as host:
        host.put(NAME, 5000)
        yield host


@pytest.fixture
def clock() -> FakeClock:
    """What recordings grow old by."""
    return FakeClock()


@pytest.fixture
def server(host: FileHost, clock: FakeClock) -> Iterator[HuaweiServer]:
    """The API with one recording of one of its two applications."""
    apps = {APP_KEY: SECRET, "another": "its-own-secret"}
    with HuaweiServer(apps=apps, link=host.url, recordings_clock=clock) as server:
        server.recordings.add(APP_KEY, NAME, DOMAIN, NAME)
        yield server


def code(answer: Answer) -> str:
    """The result code of a refusal, which comes with words."""
    body = json.loads(answer.text)
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert body["resultdesc"]
    return str(body["resultcode"])


def test_the_published_vectors() -> None:
    """Both digests are those of the documents' formulas."""
    assert aksk(SECRET, NONCE, CREATED) == "prlH85NR2aezTyeytCWevJjfKV+YjsG8WAJwTqwRcX8="
    assert wsse(SECRET, NONCE, CREATED) == "vGw6QvB0cXPuQRiYWHhz/CRD/zfSgSV72bUgHnGTG3w="


def test_a_link_is_the_location_of_a_301(server: HuaweiServer, host: FileHost) -> None:
    """And leads to the file."""
    answer = ask(server)
    assert (answer.status, answer.body) == (301, b"")
    assert answer.headers["location"].startswith(f"{host.endpoint}/{NAME}?")


# Signed when it is sent: a signature is good for a quarter of an hour.
REFUSED: list[tuple[Callable[[], str], str, int, str]] = [
    (token, "", 400, "1023006"),
    (token, 'AKSK profile="UsernameToken",type="Appkey"', 400, "1023007"),
    (token, 'AKSK realm="SDP",type="Appkey"', 400, "1023008"),
    (token, AUTHORIZATION.replace("SDP", "PDS"), 400, "1023009"),
    (token, AUTHORIZATION.replace("UsernameToken", "Token"), 400, "1023010"),
    (token, AUTHORIZATION.replace("Appkey", "Key"), 400, "1023011"),
    (token, 'AKSK realm="SDP",profile="UsernameToken"', 400, "1023012"),
    (str, AUTHORIZATION, 400, "1023033"),
    (lambda: token(left_out="Username"), AUTHORIZATION, 400, "1023034"),
    (lambda: token(left_out="Nonce"), AUTHORIZATION, 400, "1023035"),
    (lambda: token(left_out="Created"), AUTHORIZATION, 400, "1023036"),
    (lambda: token(left_out="PasswordDigest"), AUTHORIZATION, 400, "1023037"),
    (lambda: token("nobody"), AUTHORIZATION, 400, "1010003"),
    (lambda: token(secret="wrong"), AUTHORIZATION, 401, "9999401"),
    (lambda: token(secret="its-own-secret"), AUTHORIZATION, 401, "9999401"),
    (lambda: token(digest="电"), AUTHORIZATION, 401, "9999401"),
    (lambda: token(nonce="a b"), AUTHORIZATION, 403, "1010002"),
    (lambda: token(created="2026-11-22 02:30:24"), AUTHORIZATION, 403, "1010002"),
    (lambda: token(created="2001-01-01T00:00:00Z"), AUTHORIZATION, 401, "1010013"),
]


@pytest.mark.parametrize(("x_aksk", "authorization", "status", "told"), REFUSED, ids=[row[3] for row in REFUSED])
def test_who_is_not_let_in(
    server: HuaweiServer, x_aksk: Callable[[], str], authorization: str, status: int, told: str
) -> None:
    """What is missing, wrong, of another application or of another time, each with its own code."""
    answer = ask(server, x_aksk().encode().decode("latin-1"), authorization)
    assert (answer.status, code(answer)) == (status, told)


def test_a_nonce_is_good_once(server: HuaweiServer) -> None:
    """Who read a question cannot ask it again."""
    question = token()
    assert ask(server, question).status == 301
    assert code(ask(server, question)) == "1010002"


def test_commas_may_have_a_space_behind_them(server: HuaweiServer) -> None:
    """The documents write them so, the samples do not."""
    assert ask(server, token().replace('",', '", '), AUTHORIZATION.replace('",', '", ')).status == 301


@pytest.mark.parametrize(
    "asked",
    [{}, {"fileName": NAME}, {"fileName": NAME, "recordDomain": "d" * 129}, {"fileName": "", "recordDomain": DOMAIN}],
)
def test_names_of_1_to_128_letters_are_asked_by(server: HuaweiServer, asked: Mapping[str, str]) -> None:
    """Both have to be there."""
    assert code(ask(server, asked=asked)) == "1010002"


@pytest.mark.parametrize("asked", [{"fileName": "x.wav"}, {"recordDomain": "elsewhere.example.com"}])
def test_a_recording_that_is_not_there(server: HuaweiServer, asked: Mapping[str, str]) -> None:
    """Another name or another domain."""
    answer = ask(server, asked={"fileName": NAME, "recordDomain": DOMAIN, **asked})
    assert (answer.status, code(answer)) == (400, "1012007")


def test_a_recording_of_another_application_is_not_there(server: HuaweiServer) -> None:
    """Each has its own."""
    assert code(ask(server, token("another", "its-own-secret"))) == "1012007"


def test_a_recording_is_kept_for_seven_days(server: HuaweiServer, clock: FakeClock) -> None:
    """From the moment that it was told of."""
    clock.advance(7 * DAY)
    assert ask(server).status == 301
    clock.advance(1)
    assert code(ask(server)) == "1012007"


@pytest.mark.parametrize(("method", "target"), [("GET", "/elsewhere"), ("POST", "/rest/provision/voice/record/v1.0")])
def test_there_is_nothing_else(server: HuaweiServer, method: str, target: str) -> None:
    """No other address, no other method."""
    assert send(server, method, target, b"", {"Authorization": AUTHORIZATION, "X-AKSK": token()}).status == 404


def test_what_is_planned_goes_wrong(server: HuaweiServer) -> None:
    """A refusal with a code of the API's or any other, then all is well again."""
    for planned in ("1010010", "7654321"):
        server.faults.plan(Fault(status=429, code=planned), on="GetRecordingDownloadUrl")
        answer = ask(server)
        assert (answer.status, code(answer)) == (429, planned)
    assert ask(server).status == 301
