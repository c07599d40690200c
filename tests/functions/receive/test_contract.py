"""The HTTP contract, status by status."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.stack import HUAWEI_APPS
from tests.functions.receive.conftest import TOKENS, http_event, push_event

if TYPE_CHECKING:
    from tests.functions.receive.conftest import Receive

EVENTS = Path(__file__).resolve().parents[3] / "events" / "receive"
GOOD = f"/aliyun/{TOKENS[0]}/SecretReport"
DOCUMENTED = {
    "unknown-path.json": 404,
    "wrong-method.json": 405,
    "wrong-token.json": 403,
    "huawei-wrong-secret.json": 403,
    "huawei-unsigned.json": 401,
}


def test_a_push_is_acknowledged_as_the_vendor_wants_it(receive: Receive) -> None:
    """200, a numeric code, JSON; and the journal holds the body as it came, with type, time and request id."""
    answer = receive.answer(push_event('[{"call_id":"c1"} ]'))
    assert answer["statusCode"] == 200
    assert answer["body"] == '{"code":0,"msg":"ok"}'
    assert answer["headers"]["Content-Type"].startswith("application/json")
    assert answer["isBase64Encoded"] is False
    (entry,) = receive.journal()
    assert entry.body == b'[{"call_id":"c1"} ]'
    assert (entry.vendor, entry.type, entry.id) == ("aliyun", "SecretReport", "1-test-request")
    assert entry.at > 1_700_000_000_000


@pytest.mark.parametrize("token", TOKENS)
def test_two_tokens_are_valid_at_once(receive: Receive, token: str) -> None:
    """Rotation: the old and the new token both let a push in."""
    assert receive.status(push_event(token=token)) == 200


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "POST", 404),
        ("", "POST", 404),
        ("/aliyun", "POST", 404),
        (f"/aliyun/{TOKENS[0]}", "POST", 404),
        (f"/aliyun/{TOKENS[0]}/", "POST", 404),
        (f"{GOOD}/more", "POST", 404),
        (f"/ALIYUN/{TOKENS[0]}/SecretReport", "POST", 404),
        ("/elsewhere/x/y", "GET", 404),
        (GOOD, "GET", 405),
        (GOOD, "PUT", 405),
        (GOOD, "DELETE", 405),
        (GOOD, "HEAD", 405),
        ("/aliyun//SecretReport", "POST", 401),
        ("/aliyun/wrong/SecretReport", "POST", 403),
        (f"/aliyun/{TOKENS[0]},{TOKENS[1]}/SecretReport", "POST", 403),
        (f"/aliyun/{TOKENS[0][:-1]}/SecretReport", "POST", 403),
        ("/aliyun/%C3%BC%FF/SecretReport", "POST", 403),
        (GOOD, "POST", 200),
        (f"{GOOD}/", "POST", 200),
        (GOOD.replace("first", "%66irst"), "post", 200),
    ],
)
def test_status_by_path_method_and_token(receive: Receive, path: str, method: str, status: int) -> None:
    """401 without a token, 403 with a wrong one, 404 elsewhere, 405 otherwise than by POST."""
    answer = receive.answer(http_event(path, method=method))
    assert answer["statusCode"] == status
    assert json.loads(answer["body"])["code"] == (0 if status == 200 else status)
    assert len(receive.journal()) == (1 if status == 200 else 0)


def test_405_names_the_method_that_works(receive: Receive) -> None:
    """As HTTP demands."""
    assert receive.answer(http_event(GOOD, method="GET"))["headers"]["Allow"] == "POST"


@pytest.mark.parametrize(("extra", "status"), [(0, 200), (1, 413)])
def test_413_above_the_limit_only(receive: Receive, monkeypatch: pytest.MonkeyPatch, extra: int, status: int) -> None:
    """A body of exactly MAX_BODY_BYTES is taken, one byte more is not."""
    monkeypatch.setenv("MAX_BODY_BYTES", "4096")
    receive.module.initialize(None)
    event = push_event("[" + " " * (4094 + extra) + "]")
    # As the vendor does: a busy machine may miss the deadline.
    assert status in (receive.status(event) for _ in range(4))


def test_the_limit_is_6_mb_by_default(receive: Receive) -> None:
    """6 MB of receipts are taken, more are not."""
    limit = 6 * 1024 * 1024
    # As the vendor does: a busy machine may miss the deadline.
    assert 200 in (receive.status(push_event("x" * limit)) for _ in range(4))
    assert receive.status(push_event("x" * (limit + 1))) == 413


@pytest.mark.parametrize("body", ["not json", "", "[{]", "\x00\x01", "NaN", "[" * 1000, '"text"', "{}", "[]", "null"])
def test_any_body_is_kept_as_it_came(receive: Receive, body: str) -> None:
    """What is not valid JSON would come again unchanged: it is journalled, and becomes a dead letter later."""
    assert receive.status(push_event(body)) == 200
    assert [entry.body for entry in receive.journal()] == [body.encode()]


@pytest.mark.parametrize("kind", ["SecretFutureReport", "话单", "a b/../c", "x" * 5000, "%", "\x00"])
def test_any_message_type_is_kept(receive: Receive, kind: str) -> None:
    """An unknown type is journalled under its name, never refused."""
    path = "/aliyun/" + TOKENS[0] + "/" + "".join(f"%{byte:02X}" for byte in kind.encode())
    assert receive.status(http_event(path)) == 200
    assert [entry.type for entry in receive.journal()] == [kind]


def test_base64_bodies_are_decoded(receive: Receive) -> None:
    """The platform encodes bodies of binary content types."""
    raw = bytes(range(256))
    assert receive.status(push_event(base64.b64encode(raw).decode(), isBase64Encoded=True)) == 200
    assert [entry.body for entry in receive.journal()] == [raw]


def test_a_body_that_only_claims_to_be_base64_is_kept(receive: Receive) -> None:
    """Nothing is refused for it."""
    assert receive.status(push_event("no base64!", isBase64Encoded=True)) == 200
    assert [entry.body for entry in receive.journal()] == [b"no base64!"]


def test_half_characters_are_kept(receive: Receive) -> None:
    """A lone surrogate, which UTF-8 cannot write, costs neither the body nor the answer."""
    assert receive.status(push_event("\ud800", message_type="SecretReport")) == 200
    assert receive.status(http_event(f"/aliyun/{TOKENS[0]}/\ud800")) == 200
    assert [entry.body for entry in receive.journal()] == [b"\xed\xa0\x80", b"[]"]


@pytest.mark.parametrize("name", sorted(path.name for path in EVENTS.glob("*.json")))
def test_golden_events(receive: Receive, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Every event in events/receive is answered as its README says."""
    monkeypatch.setenv("ALIYUN_PUSH_TOKENS", "local-push-token")
    monkeypatch.setenv("HUAWEI_APPS", json.dumps(HUAWEI_APPS))
    monkeypatch.setenv("HUAWEI_MAX_AGE_HOURS", "87648")
    receive.module.initialize(None)
    assert receive.status((EVENTS / name).read_bytes()) == DOCUMENTED.get(name, 200)


def test_a_missing_setting_fails_at_start_with_its_name(receive: Receive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law of least surprise: the initializer names what is missing."""
    from receipts.errors import SettingError  # noqa: PLC0415 - only here

    monkeypatch.delenv("ALIYUN_PUSH_TOKENS")
    with pytest.raises(SettingError, match="ALIYUN_PUSH_TOKENS"):
        receive.module.initialize(None)


def test_the_handler_starts_itself_where_no_initializer_ran(receive: Receive) -> None:
    """Whoever invokes the function without the template's initializer gets the same answer."""
    assert not receive.module._instance.made
    assert receive.status(push_event()) == 200
