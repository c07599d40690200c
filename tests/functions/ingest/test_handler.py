"""`ingest` around the storing: settings, keys, messages that are none, and what it raises."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.cloud.faults import Fault
from local.golden.shapes import cloud_event, raw_data
from receipts.errors import SettingError, StoreMisconfigured, StoreUnavailable
from receipts.journal import envelope as envelopes
from tests.functions.ingest.conftest import Context
from tests.store.support import KEY, READ, WRITE, body_of, ended, push

if TYPE_CHECKING:
    from tests.functions.ingest.conftest import Ingest

GOOD = [ended("c1"), ended("c2")]
NOTHING = {"messages": 0, "receipts": 0, "rows": 0, "recordings": 0, "letters": 0}


def text_of(message_type: str, value: Any, number: int = 1) -> str:
    """The text of a queue message around this body."""
    return base64.b64decode(envelopes.plain(push(message_type, value, number))).decode()


def event_of(*bodies: Any) -> bytes:
    """A batch of queue messages with these bodies."""
    return json.dumps([cloud_event(body, number) for number, body in enumerate(bodies, 1)]).encode()


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines that the function has written."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_it_returns_and_logs_what_a_batch_came_to(ingest: Ingest, capsys: pytest.CaptureFixture[str]) -> None:
    """The counts in the answer and in the one line of log are the same."""
    counts = ingest.take(event_of(text_of("SecretReport", [*GOOD, 5]), "nonsense"))
    assert counts == {"messages": 2, "receipts": 2, "rows": 2, "recordings": 0, "letters": 2}
    (line,) = logged(capsys)
    assert line.items() >= {**counts, "level": "info", "event": "batch stored", "request_id": "1-test-request"}.items()
    assert line["ms"] >= 0


@pytest.mark.parametrize("event", [b"[]", b" [ ] "])
def test_an_empty_batch_costs_nothing(ingest: Ingest, event: bytes) -> None:
    """No message, no call."""
    with ingest.store.counted() as calls:
        assert ingest.take(event) == NOTHING
    assert sum(calls.values()) == 0


@pytest.mark.parametrize(
    "missing",
    [
        "TABLESTORE_ENDPOINT",
        "TABLESTORE_INSTANCE",
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ],
)
def test_law_least_surprise_a_missing_setting_is_named_at_start(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """The initializer fails with the name of what is missing, before the first message is taken."""
    monkeypatch.delenv(missing)
    with pytest.raises(SettingError) as caught:
        ingest.module.initialize(Context())
    assert caught.value.setting == missing
    assert missing in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TABLESTORE_ENDPOINT", "loopback.example.com"),
        ("TABLESTORE_CODEC", "rust"),
        ("TABLE_PREFIX", "no-dashes"),
        ("STORE_BUDGET_SECONDS", "soon"),
        ("STORE_BUDGET_SECONDS", "0"),
    ],
)
def test_law_least_surprise_a_wrong_setting_is_named_at_start(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """What cannot be read is named, not guessed."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=name):
        ingest.module.initialize(Context())


def test_one_client_serves_every_batch_until_the_keys_change(ingest: Ingest) -> None:
    """A warm instance keeps its client; new keys of the platform make a new one, which signs with them."""
    event = event_of(text_of("SecretReport", GOOD))
    ingest.module.initialize(Context())
    first = ingest.client
    ingest.take(event)
    assert ingest.client is first
    renewed = Context(access_key_id=KEY.key_id, access_key_secret=KEY.secret, security_token="a-new-token")
    ingest.take(event, renewed)
    second = ingest.client
    assert second is not first
    ingest.take(event, renewed)
    assert ingest.client is second
    with pytest.raises(StoreMisconfigured, match="OTSAuthFailed"):
        ingest.take(event, Context(access_key_id="other", access_key_secret="other"))
    assert ingest.take(event)["rows"] == 2
    for client in (first, second):
        client.connection.pool.clear()


def test_law_acknowledge_an_outage_raises_out_of_the_handler(
    ingest: Ingest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within STORE_BUDGET_SECONDS the handler raises and says why; a redelivery of the same event stores it."""
    event = event_of(text_of("SecretReport", GOOD))
    ingest.store.server.faults.plan(Fault(status=503, code="OTSServerBusy"), times=None)
    with pytest.raises(StoreUnavailable, match="OTSServerBusy"):
        ingest.take(event)
    (line,) = logged(capsys)
    assert line.items() >= {"level": "warning", "event": "batch not stored", "messages": 1}.items()
    assert line["do"] == StoreUnavailable.advice
    ingest.store.server.faults.clear()
    assert ingest.take(event)["rows"] == 2
    assert set(ingest.store.calls()) == {"c1", "c2"}


@pytest.mark.parametrize(
    "body",
    [
        "nonsense",
        "",
        "{",
        "电话",
        "\ud83d",
        '{"v": 2}',
        {"v": 1, "vendor": "aliyun"},
        {"v": 1, "vendor": "aliyun", "type": "T", "id": "i", "at": 1.5, "enc": "text", "body": ""},
        {"v": 1, "vendor": "aliyun", "type": "T", "id": "i", "at": 10**30, "enc": "text", "body": ""},
        {"v": 1, "vendor": "aliyun", "type": "T", "id": "i", "at": 253402300800000, "enc": "text", "body": ""},
        {"v": 1, "vendor": "aliyun", "type": "T", "id": "i", "at": -(10**17), "enc": "text", "body": ""},
        {"v": 1, "vendor": "\ud83d", "type": "\ud83d", "id": "\ud83d", "at": 1, "enc": "text", "body": "\ud83d"},
        {"v": 1, "vendor": "aliyun", "type": "T", "id": "i", "at": 1, "enc": "zlib", "body": "AAAA"},
        {"v": 1, "vendor": "aliyun", "type": "T", "id": "i", "at": 1, "enc": "rot13", "body": "x"},
        None,
        17,
        [1],
    ],
)
def test_law_poison_of_a_message_that_is_no_envelope(ingest: Ingest, body: Any) -> None:
    """Whatever lies on the queue, it ends as one letter, and the messages beside it are stored."""
    counts = ingest.take(event_of(text_of("SecretReport", GOOD), body))
    assert counts == {"messages": 2, "receipts": 2, "rows": 2, "recordings": 0, "letters": 1}
    assert set(ingest.store.calls()) == {"c1", "c2"}
    (letter,) = ingest.store.letters()
    assert letter["reason"] in ("bad_envelope", "unknown_type")


def test_law_poison_a_message_that_is_no_envelope_is_counted_once(ingest: Ingest) -> None:
    """A redelivered message is the same sighting and costs no write; another message of the same bytes is another."""
    ingest.take(event_of("nonsense"))
    before = ingest.store.letters()
    with ingest.store.counted() as calls:
        ingest.take(event_of("nonsense"))
    assert (calls[READ], calls[WRITE]) == (2, 0)
    assert ingest.store.letters() == before
    ingest.take(json.dumps(raw_data("nonsense", 2)).encode())
    (letter,) = ingest.store.letters()
    assert (letter["seen"], letter["type"], body_of(letter)) == (2, "unknown", b"nonsense")


def test_law_poison_the_body_of_a_bad_envelope_is_replayed_as_it_is(ingest: Ingest) -> None:
    """Put back on the queue, it is the same letter again."""
    ingest.take(event_of('{"v": 2, "body": "[]"}'))
    (before,) = ingest.store.letters()
    ingest.take(event_of(None, body_of(before).decode()))
    letters = {letter["letter_id"]: letter["seen"] for letter in ingest.store.letters()}
    assert letters[before["letter_id"]] == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event=st.one_of(st.binary(max_size=80), st.text(alphabet='[]{}",:\\ 0databodyvMessageTopicName', max_size=60)))
def test_law_poison_of_any_event(ingest: Ingest, event: bytes | str) -> None:
    """Any bytes as the event: nothing is raised, and every message of it is a letter."""
    counts = ingest.take(event if isinstance(event, bytes) else event.encode())
    assert counts["messages"] == counts["letters"]
    assert counts["receipts"] == 0
