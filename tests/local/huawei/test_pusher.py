"""Who pushes: signed so that the product takes it in, again and again until it is taken, and questions once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import pytest

from local.cloud.huawei import Answered, Pushed, Pusher, call_event, call_records, number_states, question, text
from receipts.edge.huawei_auth import verify
from receipts.edge.questions import asks
from tests.fetching.peer import Peer, says, says_and_stalls
from tests.local.huawei.support import APP_KEY, SECRET

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

NOW = 1_795_314_624.0
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
NOT_TAKEN = b"HTTP/1.1 503 x\r\nContent-Length: 0\r\n\r\n"
BODY = call_records({"icid": "1"})


class Waiting:
    """Sleeps at once, and remembers for how long it was asked to."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        """Sleep."""
        self.slept.append(seconds)


def in_turn(*answers: bytes) -> Callable[[Peer, socket.socket], None]:
    """A script that gives one answer after the other, the last one for ever."""
    left = list(answers)

    def script(_: Peer, connection: socket.socket) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return script


def pusher(wait: Waiting | None = None, **how: Any) -> Pusher:
    """The application, at one moment."""
    return Pusher(APP_KEY, SECRET, sleep=wait or Waiting(), clock=lambda: NOW, **how)


def headers_of(request: bytes) -> dict[str, str]:
    """The headers of a request, names in lower case."""
    lines = request.decode().partition("\r\n\r\n")[0].split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


def url_of(peer: Peer) -> str:
    """Where it listens."""
    return f"http://127.0.0.1:{peer.port}/huawei"


@pytest.mark.parametrize("form", ["AKSK", "WSSE"])
def test_a_push_is_signed_as_the_product_wants_it(form: Literal["AKSK", "WSSE"]) -> None:
    """One request with the body as it is, in either form of the signature."""
    with Peer(says(OK)) as peer:
        assert pusher(form=form).push(url_of(peer), BODY) == Pushed(taken=True, statuses=(200,))
    (request,) = peer.requests
    assert request.startswith(b"POST /huawei HTTP/1.1\r\n")
    assert request.endswith(b"\r\n\r\n" + BODY)
    headers = headers_of(request)
    assert headers["content-type"] == "application/json;charset=UTF-8"
    assert headers["authorization"].startswith(f"{form} ")
    verify(headers, {APP_KEY: SECRET.encode()}, NOW, 1.0)


def test_what_is_not_taken_is_pushed_again_at_the_documented_times() -> None:
    """After 1, 4, 9, 106, 203 and 300 minutes, each in its share of a second; then it is gone."""
    wait = Waiting()
    with Peer(says(NOT_TAKEN)) as peer:
        pushed = pusher(wait, time_scale=0.001).push(url_of(peer), BODY)
    assert pushed == Pushed(taken=False, statuses=(503,) * 7)
    assert wait.slept == pytest.approx([0.06, 0.24, 0.54, 6.36, 12.18, 18.0])
    assert len({headers_of(request)["x-aksk"] for request in peer.requests}) == 7


def test_it_stops_as_soon_as_it_is_taken() -> None:
    """200 counts, and nothing else does: neither another success nor a body."""
    wait = Waiting()
    answers = (b"HTTP/1.1 202 x\r\nContent-Length: 0\r\n\r\n", b"nonsense", b"", OK)
    with Peer(in_turn(*answers)) as peer:
        assert pusher(wait, time_scale=1.0).push(url_of(peer), BODY) == Pushed(taken=True, statuses=(202, 0, 0, 200))
    assert wait.slept == [60, 240, 540]


def test_a_retry_can_repeat_the_first_try_to_the_letter() -> None:
    """Nonce and time included: nobody knows which of the two the platform does."""
    with Peer(in_turn(NOT_TAKEN, NOT_TAKEN, OK)) as peer:
        pusher(signs_anew=False).push(url_of(peer), BODY)
    assert len(peer.requests) == 3
    assert len(set(peer.requests)) == 1


def test_nobody_is_waited_for_for_ever() -> None:
    """An answer that does not come in time is none."""
    with Peer(says_and_stalls(b"HTTP/1.1 200 OK\r\n")) as peer:
        assert pusher(patience_seconds=0.05).ask(url_of(peer), question()) == Answered(0, None)
    assert len(peer.requests) == 1


@pytest.mark.parametrize(
    ("body", "answer"),
    [(b'{"operation":"close"}', {"operation": "close"}), (b"", None), (b"{", None), (b"[]", None)],
)
def test_a_question_has_one_answer(body: bytes, answer: dict[str, Any] | None) -> None:
    """Asked once, whatever comes; what is no JSON object is no answer."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with Peer(says(head + body)) as peer:
        assert pusher().ask(url_of(peer), question(caller="+8613900000001")) == Answered(200, answer)
    assert len(peer.requests) == 1


def test_every_notification_has_its_own_form() -> None:
    """As the documents write them; the two in Block mode are what the product takes for questions."""
    bodies = {
        "event": call_event("alerting", sessionId="s"),
        "records": call_records({"icid": "1"}, {"icid": "2"}),
        "states": number_states({"number": "+8617000000002", "status": "5"}),
        "text": text("app", smsIdentifier="1"),
        "call?": question(sessionId="s"),
        "text?": text("app", "Block", smsIdentifier="1"),
    }
    assert {name: json.loads(body) for name, body in bodies.items()} == {
        "event": {"eventType": "alerting", "statusInfo": {"sessionId": "s"}},
        "records": {"eventType": "fee", "feeLst": [{"icid": "1"}, {"icid": "2"}]},
        "states": {"eventType": "numStatus", "numInfo": [{"number": "+8617000000002", "status": "5"}]},
        "text": {"appKey": "app", "smsEvent": {"notificationMode": "Notify", "smsIdentifier": "1"}},
        "call?": {"eventType": "callin", "statusInfo": {"notifyMode": "Block", "sessionId": "s"}},
        "text?": {"appKey": "app", "smsEvent": {"notificationMode": "Block", "smsIdentifier": "1"}},
    }
    assert {name for name, body in bodies.items() if asks(body)} == {"call?", "text?"}
