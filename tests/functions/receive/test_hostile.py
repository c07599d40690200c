"""Laws 3 and 6 at the edge: no input makes a 500, and none of it reaches a log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.cloud.faults import Fault
from tests.functions.receive.conftest import TOKENS, http_event, push_event

if TYPE_CHECKING:
    import pytest

    from tests.functions.receive.conftest import Receive

DOCUMENTED = {200, 401, 403, 404, 405, 413, 503}
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
SHARED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def checked(receive: Receive, event: bytes) -> None:
    """The answer is one that the platform takes, with a documented status."""
    answer = receive.answer(event)
    assert answer["statusCode"] in DOCUMENTED
    assert set(answer) == {"statusCode", "headers", "isBase64Encoded", "body"}
    json.loads(answer["body"])
    json.dumps(answer)


@SHARED
@given(event=st.binary(max_size=300) | ANY_JSON.map(lambda value: json.dumps(value).encode()))
def test_law_never_500_whatever_the_event(receive: Receive, event: bytes) -> None:
    """An event that is none of the HTTP trigger's is answered, not raised."""
    checked(receive, event)


@SHARED
@given(
    path=st.text(max_size=60)
    | st.sampled_from([f"/aliyun/{TOKENS[0]}/", "/aliyun/"]).flatmap(
        lambda head: st.text(max_size=40).map(lambda tail: head + tail)
    ),
    method=st.sampled_from(["POST", "GET", "", "post"]) | st.text(max_size=8),
    body=ANY_JSON,
    headers=ANY_JSON,
    encoded=ANY_JSON,
)
def test_law_never_500_whatever_the_request(  # noqa: PLR0913, PLR0917 - every part of a request at once
    receive: Receive, path: str, method: str, body: Any, headers: Any, encoded: Any
) -> None:
    """Any path, method, headers and body get one of the documented statuses."""
    checked(receive, http_event(path, method=method, body=body, headers=headers, isBase64Encoded=encoded))


@SHARED
@given(body=st.text(), kind=st.text(min_size=1))
def test_law_never_500_whatever_is_pushed(receive: Receive, body: str, kind: str) -> None:
    """With a right token every body and every type is taken."""
    quoted = "".join(f"%{byte:02X}" for byte in kind.encode("utf-8", "replace"))
    assert receive.status(http_event(f"/aliyun/{TOKENS[0]}/{quoted}", body)) == 200


def test_law_privacy_nothing_of_a_push_is_logged(receive: Receive, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither body, nor type, nor token, nor key stands in a log line, whatever happens to the push."""
    body = '[{"phone_no": "13900000001", "sms_content": "meet me at nine"}]'
    receive.status(push_event(body))
    receive.status(push_event(body, message_type="13900000001"))
    receive.status(push_event(body, token="13900000001"))
    receive.status(http_event("/13900000001/meet me at nine"))
    receive.status(push_event(body, method="13900000001"))
    receive.mns.faults.plan(Fault(status=503, code="13900000001"), on="Other")
    receive.mns.faults.plan(Fault(status=503), on="BatchSendMessage")
    receive.status(push_event(body))
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["event"] for line in lines] == [
        "push journalled",
        "push journalled",
        *["push refused"] * 3,
        "push not journalled",
    ]
    for secret in ("13900000001", "meet me", *TOKENS, "a-secret-of-the-tests"):
        assert secret not in "\n".join(lines)


def test_an_unforeseen_error_is_503_and_says_only_its_kind(
    receive: Receive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A defect of ours must not lose a push either: the vendor sends it again."""
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "13900000001\nnot a header")
    assert receive.status(push_event()) == 503
    log = capsys.readouterr().out
    assert "ValueError" in log
    assert "13900000001" not in log


def test_a_closed_log_does_not_cost_the_answer(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the queue has is acknowledged, even if nobody takes the log line."""

    class Closed:
        def write(self, text: str) -> int:
            raise BrokenPipeError(text)

        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Closed())
    assert receive.status(push_event()) == 200
