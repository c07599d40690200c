"""`receipts invoke`: what is wrong is told in one line, before anything is sent where that can be."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Faults
from local.cloud.fc import FcServer
from local.cloud.http import LoopbackServer, Request, Response
from tests.local.fc.support import taking_down
from tests.local.support import KEY
from tests.ops.invoking.conftest import GENERATIONS, SOURCE

if TYPE_CHECKING:
    from pathlib import Path

    from local.cloud.faults import Fault
    from tests.local.host.support import MakeFunction, StartHost
    from tests.ops.invoking.conftest import Invoking

Generation = tuple[str, ...]


@GENERATIONS
@pytest.mark.parametrize("name", ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_ID"])
def test_a_wrong_key_is_told_and_never_shown(
    invoking: Invoking, generation: Generation, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """403 with the setting to look at; neither keys nor tokens nor signatures, which the SDKs would log."""
    invoking.monkeypatch.setenv(name, "a-wrong-value")
    invoking.monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "a-security-token")
    invoking.monkeypatch.setenv("DEBUG", "sdk")
    said = invoking.remote(b"{}", *generation)
    assert (said.code, invoking.invocations) == (1, 0)
    assert "(403, request 1-" in said.err
    assert f"look at {name}" in said.err
    shown = said.out + said.err + caplog.text
    secrets = (KEY.secret, KEY.key_id, "a-wrong-value", "a-security-token", "Signature=")
    assert not [secret for secret in secrets if secret in shown]


@GENERATIONS
def test_a_security_token_goes_along(
    invoking: Invoking, make: MakeFunction, start: StartHost, generation: Generation
) -> None:
    """Temporary keys work with theirs; without it the line says what to do."""
    function = make(SOURCE, "temporary", function_name="receipts-receive")
    host = start(function)
    invoked = ("receive" if not generation else "temporary", *generation)
    with FcServer(host, [function], key=KEY, token="of-today") as server:
        invoking.monkeypatch.setenv("FC_ENDPOINT", server.endpoint)
        file = invoking.folder / "e.json"
        file.write_bytes(b"{}")
        command = ("invoke", invoked[0], "-e", str(file), "--remote", *generation)
        assert "Get new temporary keys" in invoking.run(*command).err
        invoking.monkeypatch.setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "of-today")
        assert invoking.run(*command).code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("invoke", "recieve"), "There is no function recieve at 127.0.0.1"),
        (("invoke", "receive", "--service", "none"), "There is no service none of FC 2.0"),
        (("invoke", "none", "--service", "receipts"), "There is no function none"),
        (("invoke", "receive", "--qualifier", "7"), "receipts-receive has no version or alias 7"),
        (("invoke", "receive", "--service", "receipts", "--qualifier", "prod"), "no version or alias prod"),
    ],
)
def test_what_there_is_not_is_told(invoking: Invoking, arguments: tuple[str, ...], told: str) -> None:
    """A wrong name is one line, with the name."""
    file = invoking.folder / "event.json"
    file.write_bytes(b"{}")
    said = invoking.run(*arguments, "-e", str(file), "--remote")
    assert said.code == 1
    assert told in said.err
    assert said.err.count("\n") == 1


class _Stranger:
    """An `Answerer` that is no Function Compute."""

    def __init__(self, body: bytes, status: int = 502, **headers: str) -> None:
        self._body, self._status, self._headers = body, status, headers

    def operation(self, request: Request) -> str:
        """All the same."""
        return request.method

    def answer(self, request: Request, fault: Fault | None) -> Response:
        """An error page."""
        return Response(self._status, {"Content-Type": "text/html", **self._headers}, self._body)

    def refusal(self, request: Request, status: int, code: str) -> Response:
        """Not asked for."""
        raise NotImplementedError


@GENERATIONS
@pytest.mark.parametrize("body", [b"<html>", b"[]", b""])
def test_a_stranger_is_recognized(invoking: Invoking, generation: Generation, body: bytes) -> None:
    """A proxy's page, or an address that is another service's."""
    with LoopbackServer(_Stranger(body), Faults()) as server:
        invoking.monkeypatch.setenv("FC_ENDPOINT", server.endpoint)
        said = invoking.remote(b"{}", *generation)
    assert said.code == 1
    assert "is not Function Compute" in said.err


@GENERATIONS
@pytest.mark.parametrize(
    ("stranger", "code"),
    [
        (_Stranger(b"{}", 200, **{"x-fc-log-result": "\xe9", "x-fc-invocation-duration": "long"}), 0),
        (_Stranger(b'{"ErrorCode": {"a": 1}, "Code": []}', 403), 1),
    ],
    ids=["log", "code"],
)
def test_headers_and_codes_of_a_stranger_break_nothing(
    invoking: Invoking, generation: Generation, stranger: _Stranger, code: int
) -> None:
    """A log that is no Base64, a code that is no text: a line at the most, never a traceback."""
    with LoopbackServer(stranger, Faults()) as server:
        invoking.monkeypatch.setenv("FC_ENDPOINT", server.endpoint)
        said = invoking.remote(b"{}", *generation)
    assert (said.code, said.err.count("\n")) == (code, code)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"FC_ENDPOINT": "fc.example.com"}, "FC_ENDPOINT: must be https://"),
        ({"FC_ENDPOINT": "http://198.51.100.7"}, "FC_ENDPOINT: must begin with https://"),
        ({"FC_ENDPOINT": "https://key@fc.example.com"}, "FC_ENDPOINT: must be https://"),
        ({"FC_ENDPOINT": ""}, "RECEIPTS_ACCOUNT_ID: must be the number"),
        ({"FC_ENDPOINT": "", "RECEIPTS_ACCOUNT_ID": "1", "RECEIPTS_REGION": "a/b"}, "RECEIPTS_REGION: must be"),
        ({"ALIBABA_CLOUD_ACCESS_KEY_ID": ""}, "ALIBABA_CLOUD_ACCESS_KEY_ID: is not set"),
    ],
)
def test_a_missing_setting_is_named(invoking: Invoking, changes: dict[str, str], told: str) -> None:
    """Nothing is sent."""
    for name, value in changes.items():
        invoking.monkeypatch.setenv(name, value)
    said = invoking.remote(b"{}")
    assert (said.code, invoking.requests) == (1, 0)
    assert told in said.err
    assert said.err.count("\n") == 1


@GENERATIONS
def test_the_account_and_the_region_make_the_address(invoking: Invoking, generation: Generation) -> None:
    """Without FC_ENDPOINT it is the account's own, by https; who cannot reach it is told where it was looked for."""
    for name, value in {"FC_ENDPOINT": "", "RECEIPTS_ACCOUNT_ID": "17", "RECEIPTS_REGION": "cn-nowhere"}.items():
        invoking.monkeypatch.setenv(name, value)
    with taking_down() as (proxy, requests):
        # Stands in for the network: whatever goes out would have to pass here, and does not.
        for name in ("HTTPS_PROXY", "https_proxy"):
            invoking.monkeypatch.setenv(name, proxy)
        invoking.monkeypatch.delenv("NO_PROXY", raising=False)
        invoking.monkeypatch.delenv("no_proxy", raising=False)
        said = invoking.remote(b"{}", *generation)
    assert said.code == 1
    assert "https://17.cn-nowhere.fc.aliyuncs.com" in said.err
    assert {request.target for request in requests} <= {"17.cn-nowhere.fc.aliyuncs.com:443"}


@GENERATIONS
@pytest.mark.parametrize("endpoint", [None, "https://fc.example.invalid"])
def test_a_proxy_is_passed_by_where_that_is_asked_for(
    invoking: Invoking, generation: Generation, endpoint: str | None
) -> None:
    """This machine needs none, and NO_PROXY counts for both SDKs; the variables stay as they were."""
    with taking_down() as (proxy, requests):
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            invoking.monkeypatch.setenv(name, proxy)
        invoking.monkeypatch.setenv("NO_PROXY", ".example.invalid")
        if endpoint:
            invoking.monkeypatch.setenv("FC_ENDPOINT", endpoint)
        said = invoking.remote(b"{}", *generation)
        assert os.environ["HTTPS_PROXY"] == proxy
    assert said.code == (1 if endpoint else 0)
    assert requests == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["receive", "-e", "events/nothing.json", "--remote"], "There is no file events/nothing.json"),
        (["receive", "-e", "{folder}", "--remote"], "cannot be read: Is a directory"),
        (["receive", "-e", "{folder}/large", "--remote"], "larger than the 32 MB"),
        (["receive", "-e", "{folder}/medium", "--remote", "--async"], "larger than the 128 KB"),
        (["nothing", "-e", "{folder}/small"], "There is no function nothing in template.yml, which has receive, "),
    ],
)
def test_what_cannot_be_sent_is_not(invoking: Invoking, arguments: list[str], told: str) -> None:
    """The file, its size, a function that the host has not: told before anything starts."""
    sizes = {"large": 32 * 1024**2 + 1, "medium": 128 * 1024 + 1, "small": 2}
    for name, size in sizes.items():
        with (invoking.folder / name).open("wb") as file:
            file.truncate(size)
    said = invoking.run("invoke", *(one.format(folder=invoking.folder) for one in arguments))
    (invoking.folder / "large").unlink()
    assert (said.code, said.out, invoking.requests) == (1, "", 0)
    assert told in said.err


@GENERATIONS
def test_an_event_need_not_be_json(invoking: Invoking, generation: Generation) -> None:
    """A topic in STREAM format sends bare messages: they go as they are, with a remark."""
    said = invoking.remote(b"hello\xff", *generation)
    assert said.code == 0
    assert "is not JSON" in said.err
    assert "seen b'hello\\xff'" in said.out


@pytest.mark.parametrize(
    "arguments",
    [["--async"], ["--service", "s"], ["--qualifier", "1"], ["--timeout", "5"], ["--remote", "--qualifier", "a/b"]],
)
def test_options_that_make_no_sense_are_refused(invoking: Invoking, arguments: list[str], tmp_path: Path) -> None:
    """An option that would be ignored is none, nor is a name that would change the path."""
    file = tmp_path / "event.json"
    file.write_bytes(b"{}")
    assert invoking.run("invoke", "receive", "-e", str(file), *arguments).code == 2
    assert invoking.requests == 0
