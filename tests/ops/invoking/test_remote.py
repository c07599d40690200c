"""`receipts invoke --remote`: what is shown, and that an event is sent once, whatever happens."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from tests.local.fc.support import taking_down
from tests.local.support import wait_until
from tests.ops.invoking.conftest import GENERATIONS

if TYPE_CHECKING:
    from tests.ops.invoking.conftest import Invoking

Generation = tuple[str, ...]
HTTP = {"statusCode": 503, "headers": {"Retry-After": "1"}, "isBase64Encoded": True, "body": "eyJjb2RlIjoxfQ=="}


@GENERATIONS
def test_an_answer_is_shown_with_its_request_and_log(invoking: Invoking, generation: Generation) -> None:
    """Everything that one wants to know of an invocation; nothing in it can steer the terminal."""
    told = invoking.remote(b'{"x": 1}', *generation)
    lines = told.out.splitlines()
    assert (told.code, told.err) == (0, "")
    assert lines[0].startswith("request  1-")
    assert lines[0].endswith(" ms")
    assert lines[1:3] == ["answer", "\\x1b[1mwhole\\u202e"]
    assert "seen b'{\"x\": 1}'" in lines


@GENERATIONS
def test_the_answer_of_an_http_function_is_readable(invoking: Invoking, generation: Generation) -> None:
    """Status, headers and the decoded body; that the function said 503 is no failure of the invocation."""
    told = invoking.remote(json.dumps({"return": HTTP}).encode(), *generation)
    assert told.code == 0
    assert told.out.splitlines()[1:6] == ["answer   HTTP 503", "         Retry-After: 1", "{", '  "code": 1', "}"]


@GENERATIONS
@pytest.mark.parametrize("body", ["好", "\ud800"], ids=["no Base64", "half a character"])
def test_an_answer_that_is_not_what_it_says_is_shown(invoking: Invoking, generation: Generation, body: str) -> None:
    """A body that is no Base64, or no text either: shown as far as can be, for people and for machines."""
    event = json.dumps({"return": {**HTTP, "body": body}}).encode()
    told = invoking.remote(event, *generation)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[3] == body.encode("utf-8", "backslashreplace").decode()
    (outcome,) = invoking.remote(event, "--json", *generation).lines
    assert outcome["answer"]["body"] == body


@GENERATIONS
def test_machines_get_one_object(invoking: Invoking, generation: Generation) -> None:
    """The answer is a value, not a text in a text."""
    told = invoking.remote(json.dumps({"return": HTTP}).encode(), "--json", *generation)
    (outcome,) = told.lines
    assert outcome["answer"] == HTTP
    assert (outcome["function"], outcome["error_type"], outcome["accepted"]) == ("receive", None, False)
    assert outcome["request_id"] in outcome["log"]


@GENERATIONS
def test_a_failing_function_is_told_in_its_own_words(invoking: Invoking, generation: Generation) -> None:
    """Exit code 1 and the error as the function gave it; 3.0 gives the log, too."""
    told = invoking.remote(b'{"raise": "no such thing"}', *generation)
    assert told.code == 1
    assert told.err.startswith("receipts: The function failed")
    assert told.err.count("\n") == 1
    assert '"errorMessage": "no such thing"' in told.out
    assert ("UnhandledInvocationError" in told.out) == (generation == ())
    assert ('seen b\'{"raise"' in told.out) == (generation == ())
    (outcome,) = invoking.remote(b'{"raise": "no such thing"}', "--json", *generation).lines
    assert outcome["answer"]["errorType"] == "LookupError"
    assert outcome["error_type"]


@GENERATIONS
def test_a_function_that_runs_out_of_time_is_told(invoking: Invoking, generation: Generation) -> None:
    """The platform's own error looks the same."""
    told = invoking.remote(b'{"sleep": 60}', *generation)
    assert told.code == 1
    assert "FunctionTimeoutError" in told.out
    assert "time out after 2 seconds" in told.out


@GENERATIONS
def test_an_asynchronous_invocation_is_accepted(invoking: Invoking, generation: Generation) -> None:
    """It is not waited for, and is found in the log by the id that is shown."""
    (outcome,) = invoking.remote(b"{}", "--async", "--json", *generation).lines
    assert (outcome["accepted"], outcome["answer"]) == (True, None)
    wait_until(lambda: f"FC Invoke End RequestId: {outcome['request_id']}" in invoking.host.log("receive"))
    assert "accepted" in invoking.remote(b"{}", "--async", *generation).out


@pytest.mark.parametrize(
    ("generation", "target"),
    [
        ((), "/2023-03-30/functions/receipts-receive/invocations"),
        (("--qualifier", "prod"), "/2023-03-30/functions/receipts-receive/invocations?qualifier=prod"),
        (("--service", "s"), "/2016-08-15/services/s/functions/receive/invocations"),
        (("--service", "s", "--qualifier", "prod"), "/2016-08-15/services/s.prod/functions/receive/invocations"),
    ],
)
def test_functions_and_qualifiers_have_their_place(invoking: Invoking, generation: Generation, target: str) -> None:
    """3.0 has the name of the template and the qualifier in the query, 2.0 its own names, both in the path."""
    with taking_down() as (endpoint, requests):
        invoking.monkeypatch.setenv("FC_ENDPOINT", endpoint)
        assert invoking.remote(b"{}", *generation).code == 0
    (request,) = requests
    assert (request.method, request.target, request.body) == ("POST", target, b"{}")


@GENERATIONS
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(close_after=True), "The connection broke after the event was sent"),
        (Fault(hang=30.0), "No answer within 1 s"),
        (Fault(close_before=True), "may have been carried out"),
        (Fault(status=500, code="InternalServerError"), "may have been carried out"),
        (Fault(status=503, code="ResourceThrottled"), "try again in a moment"),
        (Fault(status=429, code="ResourceExhausted"), "try again in a moment"),
        (Fault(status=502, code="Bad"), "may have been carried out"),
        (Fault(status=403, code="AccessDenied"), "fc:InvokeFunction"),
    ],
)
def test_an_event_is_never_sent_twice(invoking: Invoking, generation: Generation, fault: Fault, told: str) -> None:
    """Whatever goes wrong: one request, at the most one invocation, one line that says where it stands."""
    invoking.server.faults.plan(fault, times=None)
    said = invoking.remote(b"{}", "--timeout", "1" if fault.hang else "60", *generation)
    assert (said.code, said.out, invoking.requests) == (1, "", 1)
    assert told in said.err
    assert said.err.count("\n") == 1
    assert invoking.invocations == (1 if fault.close_after or fault.hang else 0)


@GENERATIONS
def test_where_nothing_answers_is_told_at_once(invoking: Invoking, generation: Generation) -> None:
    """Nor does an SDK try for half a minute."""
    invoking.server.stop()
    begun = time.monotonic()
    told = invoking.remote(b"{}", *generation)
    assert told.code == 1
    assert "nothing answers there" in told.err
    assert "Nothing was sent." in told.err
    assert time.monotonic() - begun < 20
