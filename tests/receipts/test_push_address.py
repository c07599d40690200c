"""Which pushes may come in: the path, the method, the token, the size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.edge.aliyun import message_type
from receipts.edge.http_event import HttpRequest
from receipts.errors import Refusal
from tests.receipts.support import PROPERTY, everything_said

TOKENS = (b"old-made-up-token", "new-made-up-号".encode())
MOST = 100


def push(*path: str, method: str = "POST", body: bytes = b"[]") -> HttpRequest:
    """A request to this path."""
    return HttpRequest(method, path, {}, body)


@pytest.mark.parametrize("token", ["old-made-up-token", "new-made-up-号"])
def test_either_of_two_tokens_lets_a_push_in(token: str) -> None:
    """Two at once is how a token is replaced without a lost receipt."""
    assert message_type(push("aliyun", token, "SecretReport", body=b"x" * MOST), TOKENS, MOST) == "SecretReport"
    assert message_type(push("aliyun", token, "Anything new"), TOKENS, MOST) == "Anything new"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (push("aliyun", "old-made-up-token", ""), 404),
        (push("aliyun", "old-made-up-token"), 404),
        (push("aliyun", "old-made-up-token", "a", "b"), 404),
        (push("huawei", "old-made-up-token", "SecretReport"), 404),
        (push(""), 404),
        (push("aliyun", "old-made-up-token", "SecretReport", method="GET"), 405),
        (push("aliyun", "", "SecretReport"), 401),
        (push("aliyun", "old-made-up-toke", "SecretReport"), 403),
        (push("aliyun", "OLD-made-up-token", "SecretReport"), 403),
        (push("aliyun", "\ud800", "SecretReport"), 403),
        (push("aliyun", "wrong", "SecretReport", body=b"x" * 101), 403),
        (push("aliyun", "old-made-up-token", "SecretReport", body=b"x" * 101), 413),
    ],
)
def test_everything_else_is_refused_with_its_status(request_: HttpRequest, status: int) -> None:
    """Path, method, token, size, in this order: who has no token learns nothing of the limits."""
    with pytest.raises(Refusal) as caught:
        message_type(request_, TOKENS, MOST)
    assert caught.value.status == status
    assert caught.value.headers == ({"Allow": "POST"} if status == 405 else {})


@given(st.lists(st.text(), min_size=3, max_size=3), st.sampled_from(["POST", "PUT", ""]), st.binary())
@PROPERTY
def test_law_privacy_a_refusal_repeats_nothing(path: list[str], method: str, body: bytes) -> None:
    """Neither the path nor the token that was tried nor one that is valid comes back."""
    secret = "13900000001"
    for tried in (path, ["aliyun", secret, *path[2:]], [secret, *path[1:]], ["aliyun", path[1], secret]):
        with pytest.raises(Refusal) as caught:
            message_type(push(*tried, method=method, body=body), TOKENS, MOST)
        said = everything_said(caught.value)
        assert secret not in said
        assert not any(token.decode() in said for token in TOKENS)
