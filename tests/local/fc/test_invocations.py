"""What is asked of the endpoint is carried out as the platform does it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from local.cloud.fc import FcServer
from tests.local.fc.support import Sent, new, old
from tests.local.support import KEY, send, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.local.host.support import MakeFunction, StartHost

GENERATIONS = pytest.mark.parametrize("speak", [new, old])
FAILS = """
    def handler(event, context):
        print("before")
        raise LookupError(context.request_id)
"""


@GENERATIONS
def test_an_answer_has_the_request_and_its_part_of_the_log(server: FcServer, speak: Callable[..., Sent]) -> None:
    """The id is that of the function's context, and the tail holds this invocation alone."""
    speak(event=b"first").to(server)
    answer = speak(event=b"12", headers={"x-fc-log-type": "Tail"}).to(server)
    tail = base64.b64decode(answer.headers["x-fc-log-result"]).decode()
    request_id = answer.headers["x-fc-request-id"]
    lines = [f"FC Invoke Start RequestId: {request_id}", "seen 2", f"FC Invoke End RequestId: {request_id}"]
    assert tail.splitlines() == lines
    assert float(answer.headers["x-fc-invocation-duration"]) >= 0
    assert "x-fc-error-type" not in answer.headers
    assert "x-fc-log-result" not in speak().to(server).headers


def test_a_name_may_hold_what_a_path_may_not(make: MakeFunction, start: StartHost) -> None:
    """A function that was moved from 2.0 to 3.0 is called `service$function`."""
    function = make("def handler(event, context): return context.function.name", function_name="old$echo")
    with FcServer(start(function), [function], key=KEY) as server:
        assert new(function="old$echo").to(server).body == b"old$echo"


@GENERATIONS
def test_a_failing_function_is_no_failing_service(
    make: MakeFunction, start: StartHost, speak: Callable[..., Sent]
) -> None:
    """Status 200, the kind of error in a header, the function's own words in the body."""
    function = make(FAILS, "echo", function_name="receipts-echo")
    with FcServer(start(function), [function], key=KEY) as server:
        # Of an error the SDK of 2.0 makes an exception; the request itself is what counts here.
        answer = speak(headers={"x-fc-log-type": "Tail"}).to(server)
    told = json.loads(answer.body)
    assert (answer.status, answer.headers["x-fc-error-type"]) == (200, "UnhandledInvocationError")
    assert (told["errorType"], told["errorMessage"]) == ("LookupError", answer.headers["x-fc-request-id"])
    assert b"before" in base64.b64decode(answer.headers["x-fc-log-result"])


@GENERATIONS
def test_an_asynchronous_invocation_is_answered_before_it_is_made(
    make: MakeFunction, start: StartHost, speak: Callable[..., Sent]
) -> None:
    """202 and an id, which is that of every attempt: the platform repeats what fails."""
    function = make(FAILS, "echo", function_name="receipts-echo", async_retries=1)
    host = start(function)
    with FcServer(host, [function], key=KEY) as server:
        answer = speak(headers={"x-fc-invocation-type": "Async"}).to(server)
        assert (answer.status, answer.body) == (202, b"")
        wait_until(lambda: host.log("echo").count(f"FC Invoke End RequestId: {answer.headers['x-fc-request-id']}") == 2)


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (lambda: new(function="receipts-none"), 404, "FunctionNotFound"),
        (lambda: new(function="echo"), 404, "FunctionNotFound"),
        (lambda: old(function="receipts-echo"), 404, "FunctionNotFound"),
        (lambda: old(service="none"), 404, "ServiceNotFound"),
        (lambda: new(qualifier="3"), 404, "VersionNotFound"),
        (lambda: old(qualifier="prod"), 404, "AliasNotFound"),
        (lambda: new(headers={"x-fc-invocation-type": "Async"}, event=b"x" * 131073), 400, "EntityTooLarge"),
    ],
)
def test_what_there_is_not_is_refused(server: FcServer, sent: Callable[[], Sent], status: int, code: str) -> None:
    """Each with the code of the published list, in the words of its generation."""
    request = sent()
    answer = request.to(server)
    told = json.loads(answer.body)
    generation = {"Code", "Message", "RequestId"} if "2023" in request.target else {"ErrorCode", "ErrorMessage"}
    assert (answer.status, told.get("Code") or told.get("ErrorCode")) == (status, code)
    assert told.keys() == generation
    assert answer.headers["x-fc-request-id"]


@pytest.mark.parametrize("target", ["/", "/2023-03-30/functions/receipts-echo", "/2016-08-15/services/receipts"])
def test_nothing_but_invocations_is_served(server: FcServer, target: str) -> None:
    """Anything else is refused, signed or not."""
    assert send(server, "POST", target).status == 400
    assert server.faults.calls == {"Unknown": 1}
