"""The platform's HTTP event as a request, and the answer it wants back."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.golden import EVENTS
from receipts.edge.http_event import answer, decoded
from receipts.errors import Refusal
from tests.receipts.support import JSON, PROPERTY, caught, golden

POST = {"requestContext": {"http": {"method": "post", "path": "/aliyun/t/SecretReport"}}}


def event(**more: Any) -> bytes:
    """An event with these fields."""
    return json.dumps({**POST, **more}).encode()


def test_a_golden_event_is_the_request_that_was_sent() -> None:
    """Method, decoded path, headers without case, the body's bytes; in Base64, in either case of header, the same."""
    for name in ("SecretReport", "base64-body", "lower-case-headers"):
        request = decoded((EVENTS / "receive" / f"{name}.json").read_bytes())
        assert (request.method, request.path) == ("POST", ("aliyun", "local-push-token", "SecretReport"))
        assert json.loads(request.body) == golden("SecretReport", "push")
        assert request.headers["content-type"].startswith("application/")
        assert all(name == name.lower() for name in request.headers)


def test_the_path_is_split_before_it_is_decoded() -> None:
    """An encoded slash is part of its segment; the raw path goes before the other one."""
    assert decoded(event(rawPath="/aliyun/a%2Fb/Secret%20Report/")).path == ("aliyun", "a/b", "Secret Report")
    assert decoded(event(rawPath="")).path == ("aliyun", "t", "SecretReport")
    assert decoded(event()).method == "POST"


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({}, b""),
        ({"body": None}, b""),
        ({"body": "号"}, "号".encode()),
        ({"body": "\ud800"}, b"\xed\xa0\x80"),
        ({"body": [{"a": 1}]}, b'[{"a": 1}]'),
        ({"body": base64.b64encode(b"\xff").decode(), "isBase64Encoded": True}, b"\xff"),
        ({"body": "YWJj", "isBase64Encoded": False}, b"YWJj"),
        ({"body": "?", "isBase64Encoded": True}, b"?"),
        ({"body": "号", "isBase64Encoded": True}, "号".encode()),
    ],
)
def test_the_body_is_the_bytes_that_came(fields: dict[str, Any], body: bytes) -> None:
    """What claims to be Base64 and is not is kept as it came."""
    assert decoded(event(**fields)).body == body


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[]", b"5", b"null", b"{}", b'{"requestContext": {}}', b"[" * 100_000])
def test_what_is_no_request_is_not_found(raw: bytes) -> None:
    """Somebody invoked the function directly: the one declared refusal."""
    with pytest.raises(Refusal) as raised:
        decoded(raw)
    assert raised.value.status == 404


@given(
    st.fixed_dictionaries(
        {
            "requestContext": JSON
            | st.fixed_dictionaries({"http": st.dictionaries(st.sampled_from(["method", "path"]), JSON)})
        },
        optional={"rawPath": JSON, "headers": JSON, "body": JSON, "isBase64Encoded": JSON},
    )
    | JSON
)
@PROPERTY
def test_law_never_500_any_event_is_a_request_or_refused(value: Any) -> None:
    """No shape of event raises anything else."""
    refusal = caught(Refusal, decoded, json.dumps(value).encode())
    assert refusal is None or refusal.status == 404


def test_an_answer_has_all_four_keys() -> None:
    """The platform does not say what a missing one means."""
    assert answer(405, {"code": 405, "msg": "号"}, {"Allow": "POST"}) == {
        "statusCode": 405,
        "headers": {"Content-Type": "application/json; charset=utf-8", "Allow": "POST"},
        "isBase64Encoded": False,
        "body": '{"code":405,"msg":"\\u53f7"}',
    }
    assert answer(200, {})["headers"] == {"Content-Type": "application/json; charset=utf-8"}
