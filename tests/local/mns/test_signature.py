"""Only requests that the holder of the key signed, just now and whole, are carried out."""

from __future__ import annotations

import base64
import hashlib
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest
from mns.mns_exception import MNSServerException
from mns.queue import Message, QueueMeta

from local.cloud.access import AccessKey
from local.cloud.clock import ShiftedClock
from local.cloud.mns import MnsServer
from local.cloud.mns.errors import MnsError
from tests.local.mns.support import XMLNS, account_of, ask
from tests.local.support import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

QUEUES = "/queues"
MESSAGE = f"<Message {XMLNS}><MessageBody>x</MessageBody></Message>".encode()
MESSAGES = "/queues/receipts/messages"


def date(offset: float) -> str:
    """The time as a Date header has it, `offset` seconds from now."""
    return formatdate(time.time() + offset, usegmt=True)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (AccessKey(KEY.key_id, "another"), "SignatureDoesNotMatch"),
        (AccessKey("LTAIunknown", KEY.secret), "AccessIDAuthError"),
    ],
)
def test_the_wrong_key_is_refused(server: MnsServer, key: AccessKey, code: str) -> None:
    """A wrong secret and an unknown id have each their own code."""
    with account_of(server, key) as account, pytest.raises(MNSServerException) as caught:
        account.get_queue("receipts").create(QueueMeta())
    assert caught.value.type == code


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": None}, 400, "MissingAuthorizationHeader"),
        ({"Authorization": "Basic abc"}, 400, "InvalidAuthorizationHeader"),
        ({"Authorization": "MNS LTAIexample"}, 400, "InvalidAuthorizationHeader"),
        ({"Authorization": "MNS LTAIexample:"}, 400, "InvalidAuthorizationHeader"),
        ({"Authorization": "MNS LTAIexample:é"}, 403, "SignatureDoesNotMatch"),
        ({"Authorization": "MNS LTAIother:abc"}, 403, "AccessIDAuthError"),
        ({"date": None}, 400, "MissingDateHeader"),
        ({"date": "yesterday"}, 400, "InvalidDateHeader"),
        ({"date": "Thu, 07 Mar 99999 18:49:58 GMT"}, 400, "InvalidDateHeader"),
        ({"date": "2026-11-22T00:00:00Z"}, 400, "InvalidDateHeader"),
        ({"date": date(0)[:-3] + "+0800"}, 400, "InvalidDateHeader"),
        ({"x-mns-version": None}, 400, "MissingVersionHeader"),
        ({"x-mns-more": "added on the way"}, 403, "SignatureDoesNotMatch"),
        ({"content-type": "text/html"}, 403, "SignatureDoesNotMatch"),
    ],
)
def test_headers_are_required_and_signed(
    server: MnsServer, headers: Mapping[str, str | None], status: int, code: str
) -> None:
    """What is missing, has the wrong form or was changed after signing is refused by its name."""
    answer = ask(server, "GET", QUEUES, headers=headers, sign=False)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize("offset", [-901, 901])
def test_an_old_or_early_request_is_refused(server: MnsServer, offset: float) -> None:
    """More than fifteen minutes off the server's time, although signed well."""
    answer = ask(server, "GET", QUEUES, headers={"date": date(offset)})
    assert answer.code == "TimeExpired"


@pytest.mark.parametrize("offset", [-880, 880])
def test_a_clock_may_be_somewhat_off(server: MnsServer, offset: float) -> None:
    """Within fifteen minutes all is well."""
    assert ask(server, "GET", QUEUES, headers={"date": date(offset)}).status == 200


def test_time_stamps_may_be_judged_by_another_clock() -> None:
    """For clients that stamp by a clock of the test's: with it an hour on, the wall's time is too old."""
    clock = ShiftedClock()
    clock.shift = 3600
    with MnsServer(key=KEY, clock=clock, stamps=clock) as server:
        assert ask(server, "GET", QUEUES, headers={"date": date(3600)}).status == 200
        assert ask(server, "GET", QUEUES, headers={"date": date(0)}).code == "TimeExpired"


def test_x_mns_date_stands_in_for_date(server: MnsServer) -> None:
    """It is what is signed and checked, for clients that cannot set Date."""
    stamp = date(0)
    # The SDK's signer looks at `date`: given the same value, it signs what a client without one would.
    answer = ask(server, "GET", QUEUES, headers={"date": stamp, "x-mns-date": stamp})
    assert answer.status == 200
    assert ask(server, "GET", QUEUES, headers={"x-mns-date": date(-901)}).code == "TimeExpired"


def test_the_whole_address_is_signed(server: MnsServer, queue: Any) -> None:
    """A request signed for one path or query does not work at another."""
    for signed in ("/queues/texts/messages?waitseconds=0", MESSAGES, f"{MESSAGES}?waitseconds=1"):
        answer = ask(server, "GET", f"{MESSAGES}?waitseconds=0", sign=signed)
        assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize("fitting", [hashlib.md5(MESSAGE).digest(), hashlib.md5(MESSAGE).hexdigest().encode()])  # noqa: S324 - the protocol's
def test_a_digest_that_fits_is_taken_in_either_form(server: MnsServer, queue: Any, fitting: bytes) -> None:
    """Base64 of the digest, as the standard has it, or of its hexadecimal form, as the SDK sends it."""
    claimed = base64.b64encode(fitting).decode()
    assert ask(server, "POST", MESSAGES, MESSAGE, headers={"content-md5": claimed}).status == 201


def test_no_digest_is_fine(server: MnsServer, queue: Any) -> None:
    """Content-MD5 is optional."""
    assert ask(server, "POST", MESSAGES, MESSAGE, headers={"content-md5": None}).status == 201


@pytest.mark.parametrize("claimed", [base64.b64encode(b"0" * 16).decode(), "?", "Zm9v"])
def test_a_digest_that_does_not_fit_is_refused(server: MnsServer, queue: Any, claimed: str) -> None:
    """And nothing is stored."""
    answer = ask(server, "POST", MESSAGES, MESSAGE, headers={"content-md5": claimed})
    assert (answer.status, answer.code) == (400, "InvalidDegist")
    assert server.peek_all("receipts") == []


def test_every_answer_has_a_request_id_and_errors_have_all_four_elements(server: MnsServer) -> None:
    """Good or bad, each with an id of its own, which is the one in the body."""
    good, bad = ask(server, "GET", QUEUES), ask(server, "GET", "/queues/none")
    assert good.headers["x-mns-request-id"] != bad.headers["x-mns-request-id"]
    assert (bad.status, bad.code) == (404, "QueueNotExist")
    assert f"<RequestId>{bad.headers['x-mns-request-id']}</RequestId>" in bad.text
    assert f"<HostId>{server.endpoint}</HostId>" in bad.text
    assert "<Message>" in bad.text


def test_another_keyring_can_ask_for_a_security_token() -> None:
    """Who may call is decided by one object that sees the key id and the token."""

    class Tokens:
        def secret(self, key_id: str, security_token: str | None) -> str:
            if (key_id, security_token) != ("STS.Nexample", "CAIS-made-up"):
                raise MnsError("AccessIDAuthError")
            return "temporary"

    key = AccessKey("STS.Nexample", "temporary")
    with MnsServer(key=Tokens()) as server:
        with account_of(server, key, "CAIS-made-up") as account:
            queue = account.get_queue("Alicom-Queue-1000000000000001-SecretReport")
            queue.create(QueueMeta())
            queue.send_message(Message("x"))
        with account_of(server, key, "stale") as account, pytest.raises(MNSServerException) as caught:
            account.list_queue()
        assert caught.value.type == "AccessIDAuthError"
