"""Tokens: one for each type and queue, kept until two minutes before its end, in any zone; refusals by name."""

from __future__ import annotations

import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.alicom import Terms, TokenCodes
from local.cloud.faults import Fault, Faults
from local.cloud.http import LoopbackServer
from local.cloud.rpc.gateway import Gateway
from receipts.alicom.tokens import Queue, TokenRefused, Tokens
from receipts.aliyun.rpc import Rpc
from tests.fetching.peer import Peer, says
from tests.poll.support import DELETE, KEYS, RECEIVE, TOKEN, Clock, vendor_beside
from tests.store.support import KEY, ended

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.poll.support import Vendor
    from tests.store.support import Store

LIFE_MS = 600_000
ZONES = {"UTC": "UTC0", "UTC+8": "CST-8", "UTC-8": "PST8"}


@pytest.fixture(params=[*ZONES.values()], ids=[*ZONES])
def zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """The host's time zone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def refused(tokens: Tokens, queue: Queue) -> str:
    """What is said instead of a token: it names queue and type, and holds no secret."""
    with pytest.raises(TokenRefused) as caught:
        tokens.of(queue)
    told = "".join(traceback.format_exception(caught.value))
    assert KEY.secret not in told
    assert KEY.key_id not in told
    assert caught.value.__cause__ is None
    assert str(caught.value).startswith(f"no token for queue {queue.name} of type {queue.message_type}: ")
    assert caught.value.advice
    return str(caught.value).partition(": ")[2]


def test_one_for_each_type_and_queue(vendor: Vendor) -> None:
    """Asked for once however often it is used; another queue has another one, of the same type too."""
    tokens = vendor.tokens()
    queues = [vendor.open("SecretReport"), vendor.open("SecretReport"), vendor.open("SecretStartReport")]
    keys = [tokens.of(queue) for queue in queues]
    assert [tokens.of(queue) for queue in queues] == keys
    assert len(set(keys)) == 3
    assert vendor.asked(TOKEN) == 3


def test_good_until_two_minutes_before_its_end(vendor: Vendor, zone: None) -> None:
    """Its end is read as a time in China wherever the host is: refreshed neither earlier nor later."""
    tokens, queue = vendor.tokens(), vendor.open()
    first = tokens.of(queue)
    vendor.pass_by(480 - 0.001)
    assert tokens.of(queue) == first
    vendor.pass_by(0.001)
    second = tokens.of(queue)
    assert second != first
    assert tokens.of(queue) == second
    assert vendor.asked(TOKEN) == 2


def test_the_old_one_does_while_the_api_is_down(vendor: Vendor) -> None:
    """In its last two minutes a renewal that fails costs nothing; after them it does."""
    tokens, queue = vendor.tokens(), vendor.open()
    first = tokens.of(queue)
    vendor.pass_by(500)
    vendor.alicom.faults.plan(Fault(status=503, code="ServiceUnavailable"), on=TOKEN, times=2)
    assert tokens.of(queue) == first
    vendor.pass_by(100)
    assert "ServiceUnavailable" in refused(tokens, queue)
    assert tokens.of(queue) != first


def test_dropped_by_whoever_was_refused_with_it(vendor: Vendor) -> None:
    """Two consumers with the same refused token cost one new token, not two."""
    tokens, queue = vendor.tokens(), vendor.open()
    old = tokens.of(queue)
    tokens.drop(queue, old)
    new = tokens.of(queue)
    tokens.drop(queue, old)
    tokens.drop(Queue("SecretReport", "another"), old)
    assert tokens.of(queue) == new
    assert vendor.asked(TOKEN) == 2


@pytest.mark.parametrize("code", ["InvalidAccessKeyId", "SecurityTokenExpired"])
def test_ended_in_the_midst_of_it(store: Store, code: str) -> None:
    """A token that the queue takes for ended, by its own clock, is replaced once; nothing is left and nobody told."""
    with vendor_beside(store, Terms(life_seconds=20, expired=(403, code))) as vendor:
        queue, behind = vendor.open(), vendor.clock.ms() - LIFE_MS
        vendor.send(queue, *(ended(f"c{number}") for number in range(40)))
        # Between the first batch and its deletion, and again between two batches.
        vendor.alicom.faults.plan(Fault(after=lambda: vendor.pass_by(21)), on=RECEIVE)
        vendor.alicom.faults.plan(Fault(after=lambda: vendor.pass_by(21)), on=DELETE, skip=1)
        counts = vendor.poll(queue, tokens=vendor.tokens(lambda: behind))
        assert (counts["messages"], counts["left"], vendor.left(queue), vendor.trouble) == (40, 0, 0, [])
        assert vendor.asked(TOKEN) == 3
        assert set(vendor.alicom.handed_out(queue.name).values()) == {1}


def test_that_is_refused_again_and_again(vendor: Vendor) -> None:
    """A fresh token that is refused as well is no reason to ask for a third: the queue is left alone."""
    queue, other = vendor.open(), vendor.open()
    vendor.send(other, ended("c1"))
    vendor.alicom.faults.plan(Fault(status=403, code="AccessDenied"), on=RECEIVE, times=2)
    assert vendor.poll(queue, other)["messages"] == 1
    assert vendor.trouble == [(queue, "the queue answered AccessDenied")]
    assert vendor.asked(TOKEN) == 3


def test_shorter_than_the_spare_time(store: Store) -> None:
    """A token that never has two minutes left is asked for anew each time, and used."""
    with vendor_beside(store, Terms(life_seconds=60)) as vendor:
        queue = vendor.open()
        vendor.send(queue, ended("c1"))
        assert vendor.poll(queue)["messages"] == 1
        assert vendor.asked(TOKEN) == 3


CODES = ["isp.RAM_PERMISSION_DENY", "isv.FLOW_LIMIT", "isv.QUEUE_NOT_EXIST", "Forbidden.RAM"]


@pytest.mark.parametrize("code", CODES)
def test_refused_by_the_api(vendor: Vendor, code: str) -> None:
    """With the API's code, and what it is likely to come of; asked again the next time."""
    tokens, queue = vendor.tokens(), vendor.open()
    vendor.alicom.faults.plan(Fault(status=403 if code == "Forbidden.RAM" else 200, code=code), on=TOKEN)
    told = refused(tokens, queue)
    right = "" if code.startswith("isv.") else " to dybase:QueryTokenForMnsQueue"
    assert told == f"the API answered {code}{right}. Is the type switched on, the name right, the role allowed?"
    assert tokens.of(queue)


def test_refused_for_what_is_not_there(store: Store) -> None:
    """A type that was never switched on and a queue of another type, whatever codes the API has for them."""
    codes = TokenCodes("a.TYPE", "b.CLOSED", "c.QUEUE")
    with vendor_beside(store, Terms(codes=codes)) as vendor:
        tokens, queue = vendor.tokens(), vendor.open()
        for message_type, code in (("SecretReport ", "a.TYPE"), ("SecretStartReport", "c.QUEUE")):
            assert f"answered {code}." in refused(tokens, Queue(message_type, queue.name))
        vendor.alicom.close_queue(vendor.alicom.open_queue("SecretRecording"))
        assert "answered b.CLOSED." in refused(tokens, Queue("SecretRecording", queue.name))


def test_refused_for_the_key(vendor: Vendor) -> None:
    """A wrong secret: the gateway repeats what was signed, and that stays out of the error."""
    tokens = vendor.tokens(keys=KEYS._replace(secret="another"))
    assert refused(tokens, vendor.open()).startswith("the API answered ")


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", ""], ids=["nobody", "cut"])
def test_no_answer_at_all(vendor: Vendor, endpoint: str) -> None:
    """Nobody there, or a connection that dies: it is the address that is to be looked at, not the queue."""
    vendor.alicom.faults.plan(Fault(close_before=True), on=TOKEN, times=None)
    tokens = Tokens(Rpc(endpoint or vendor.alicom.endpoint, "cn-hangzhou", KEYS), vendor.clock.ms)
    told = refused(tokens, vendor.open())
    tokens.close()
    assert told == "the API did not answer (SDK.HttpError). Is ALICOM_API_ENDPOINT right, and reachable?"


ANSWERS = [b"", b"<html>", b"{", b"[1]", b"5", b"\xff\xfe", b"[" * 100_000]


@pytest.mark.parametrize("body", ANSWERS, ids=range(len(ANSWERS)))
@pytest.mark.parametrize("status", [b"200 OK", b"502 Bad Gateway"])
def test_an_answer_of_somebody_else(status: bytes, body: bytes) -> None:
    """What is no answer of the API is a refusal like any other, without what was said."""
    head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(body))
    with Peer(says(head + body)) as peer:
        tokens = Tokens(Rpc(f"http://127.0.0.1:{peer.port}", "cn-hangzhou", KEYS), Clock().ms)
        told = refused(tokens, Queue("SecretReport", "q"))
        tokens.close()
    assert told.startswith(("the API's answer ", "the API answered SDK.", "the API did not answer (SDK."))


class Odd:
    """An API that answers as it likes."""

    action, product, version = TOKEN, "dybase", "2017-05-25"

    def __init__(self, answer: Any) -> None:
        self._answer, self.asked = answer, 0

    def answer(self, parameters: Mapping[str, str]) -> Mapping[str, Any]:
        """That."""
        self.asked += 1
        return {"MessageTokenDTO": self._answer}


@contextmanager
def odd_tokens(api: Odd) -> Iterator[Tokens]:
    """Tokens of that API."""
    with LoopbackServer(Gateway([api], KEY, time.time), Faults()) as server:
        tokens = Tokens(Rpc(server.endpoint, "cn-hangzhou", KEYS), Clock().ms)
        yield tokens
        tokens.close()


GOOD = {"AccessKeyId": "STS.a", "AccessKeySecret": "b", "SecurityToken": "c"}


@pytest.mark.parametrize("answer", [None, [], {}, "x", {**GOOD, "SecurityToken": ""}, {**GOOD, "AccessKeySecret": 5}])
def test_an_answer_without_one(answer: Any) -> None:
    """It is refused as any other, without what was answered instead."""
    with odd_tokens(Odd(answer)) as tokens:
        assert refused(tokens, Queue("SecretReport", "q")) == "the API's answer holds none"


@pytest.mark.parametrize("ends", [{}, {"ExpireTime": "soon"}, {"ExpireTime": None}, {"ExpireTime": [1]}])
def test_an_end_that_cannot_be_read(ends: dict[str, Any]) -> None:
    """The token is used once; the next time another one is asked for."""
    api, queue = Odd({**GOOD, **ends}), Queue("SecretReport", "q")
    with odd_tokens(api) as tokens:
        assert tokens.of(queue) == ("STS.a", "b", "c")
        assert tokens.of(queue) == ("STS.a", "b", "c")
    assert api.asked == 2
