"""Only what the holder of the key signed, just now, whole and for the first time, reaches a function."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from local.cloud.access import AccessKey
from local.cloud.fc import FcServer
from tests.local.fc.support import EVENT, Sent, new, old
from tests.local.support import KEY, Answer, FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.local.host.support import MakeFunction, StartHost

GENERATIONS = pytest.mark.parametrize("speak", [new, old])
ECHO = "def handler(event, context): return event"


def code_of(answer: Answer) -> tuple[int, str]:
    """Status and code, whichever generation words it."""
    told = json.loads(answer.body)
    return answer.status, told.get("Code") or told["ErrorCode"]


@GENERATIONS
def test_what_the_sdk_signs_is_carried_out(server: FcServer, speak: Callable[..., Sent]) -> None:
    """The unmodified SDK's request, its event byte for byte."""
    event = bytes(range(256))
    answer = speak(event=event).to(server)
    assert (answer.status, answer.body) == (200, event)


@GENERATIONS
@pytest.mark.parametrize(
    ("key", "code"),
    [
        (AccessKey(KEY.key_id, "another"), "SignatureNotMatch"),
        (AccessKey("LTAIunknown", KEY.secret), "InvalidAccessKeyID"),
    ],
)
def test_the_wrong_key_is_refused(server: FcServer, speak: Callable[..., Sent], key: AccessKey, code: str) -> None:
    """A wrong secret and an unknown id have each their own code."""
    assert code_of(speak(key=key).to(server)) == (403, code)


@GENERATIONS
def test_a_request_for_one_function_is_none_for_another(server: FcServer, speak: Callable[..., Sent]) -> None:
    """The path is signed."""
    sent = speak(function="another")
    moved = sent._replace(target=sent.target.replace("another", "receipts-echo" if speak is new else "echo"))
    assert code_of(moved.to(server)) == (403, "SignatureNotMatch")


def test_the_body_and_the_query_are_signed_in_3_0(server: FcServer) -> None:
    """Another body, another digest of it, another version or alias."""
    other = b'{"n": 2}'
    assert code_of(new()._replace(body=other).to(server)) == (403, "SignatureNotMatch")
    digest = hashlib.sha256(other).hexdigest()
    assert code_of(new()._replace(body=other).to(server, x_acs_content_sha256=digest)) == (403, "SignatureNotMatch")
    sent = new(qualifier="LATEST")
    assert sent.target.endswith("?qualifier=LATEST")
    assert sent.to(server).status == 200
    changed = new(qualifier="prod")
    changed = changed._replace(target=changed.target.replace("prod", "LATEST"))
    assert code_of(changed.to(server)) == (403, "SignatureNotMatch")


def test_the_digest_is_signed_in_2_0_if_there_is_one(server: FcServer) -> None:
    """`content-md5` is what holds the body there; the SDK sends none unless it is told to."""
    md5 = base64.b64encode(hashlib.md5(EVENT, usedforsecurity=False).digest()).decode()
    sent = old(headers={"content-md5": md5})
    assert sent.to(server).status == 200
    assert code_of(sent._replace(body=b"{}").to(server)) == (400, "InvalidArgument")
    assert code_of(sent.to(server, content_md5="AAAA")) == (403, "SignatureNotMatch")


@GENERATIONS
def test_the_services_headers_are_signed(server: FcServer, speak: Callable[..., Sent]) -> None:
    """Nobody on the way makes an asynchronous invocation of a synchronous one, or changes the token."""
    sent = speak(headers={"x-fc-invocation-type": "Sync"})
    assert code_of(sent.to(server, x_fc_invocation_type="Async")) == (403, "SignatureNotMatch")
    name = "x_acs_security_token" if speak is new else "x_fc_security_token"
    assert code_of(speak().to(server, **{name: "a-token"})) == (403, "SignatureNotMatch")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"authorization": None}, 400, "MissingRequiredHeader"),
        ({"authorization": "ACS3-HMAC-SHA256 Credential=x"}, 400, "InvalidArgument"),
        ({"x_acs_version": "2021-04-06"}, 400, "InvalidArgument"),
        ({"x_acs_action": "DeleteFunction"}, 400, "InvalidArgument"),
        ({"x_acs_date": "yesterday"}, 400, "InvalidArgument"),
        ({"x_acs_date": "2026-01-01T00:00:00Z"}, 403, "RequestTimeExpired"),
        ({"x_acs_signature_nonce": "another"}, 403, "SignatureNotMatch"),
        ({"x_acs_signature_nonce": None}, 403, "SignatureNotMatch"),
        ({"x_acs_added": "1"}, 403, "SignatureNotMatch"),
    ],
)
def test_headers_of_3_0(server: FcServer, changes: dict[str, str | None], status: int, code: str) -> None:
    """What the protocol demands is demanded, and is signed."""
    assert code_of(new().to(server, **changes)) == (status, code)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"authorization": None}, 400, "MissingRequiredHeader"),
        ({"authorization": "MNS a:b"}, 400, "InvalidArgument"),
        ({"date": None}, 400, "MissingRequiredHeader"),
        ({"date": "yesterday"}, 400, "InvalidArgument"),
        ({"date": formatdate(time.time() - 3600, usegmt=True)}, 403, "RequestTimeExpired"),
        ({"date": formatdate(time.time() + 5, usegmt=True)}, 403, "SignatureNotMatch"),
    ],
)
def test_headers_of_2_0(server: FcServer, changes: dict[str, str | None], status: int, code: str) -> None:
    """The same."""
    assert code_of(old().to(server, **changes)) == (status, code)


def test_a_request_is_good_once_in_3_0(server: FcServer) -> None:
    """Who listens cannot invoke again what was invoked."""
    sent = new()
    assert sent.to(server).status == 200
    assert code_of(sent.to(server)) == (403, "SignatureNonceUsed")


@GENERATIONS
def test_temporary_keys_need_their_token(make: MakeFunction, start: StartHost, speak: Callable[..., Sent]) -> None:
    """The right token passes; none, or another, does not."""
    function = make(ECHO, "echo", function_name="receipts-echo")
    with FcServer(start(function), [function], key=KEY, token="of-today") as server:
        assert speak(token="of-today").to(server).status == 200
        for wrong in ("of-yesterday", ""):
            assert code_of(speak(token=wrong).to(server)) == (403, "InvalidSecurityToken")


@GENERATIONS
def test_a_wrong_clock_is_refused(make: MakeFunction, start: StartHost, speak: Callable[..., Sent]) -> None:
    """A request of another time is not carried out, however well it is signed."""
    function = make(ECHO, "echo", function_name="receipts-echo")
    with FcServer(start(function), [function], key=KEY, stamps=FakeClock()) as server:
        assert code_of(speak().to(server)) == (403, "RequestTimeExpired")
