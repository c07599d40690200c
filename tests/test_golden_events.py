"""The golden events are what their generator makes, tell one consistent day, and hold nothing real."""

from __future__ import annotations

import base64
import binascii
import json
import re
import shutil
import zlib
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from local.golden import EVENTS, derived
from local.golden.__main__ import write
from local.golden.bodies import TYPES
from local.golden.huawei import APP_KEY, APP_SECRET, NOTIFICATIONS
from local.stack import HUAWEI_APPS
from receipts.edge.huawei_auth import verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MADE_UP = {
    "13900000001", "17000000002", "13700000003",
    "13900000004", "17000000005", "13700000006",
    "13800000007", "17000000008",
}  # fmt: skip
FILES = sorted(path.relative_to(EVENTS).as_posix() for path in EVENTS.rglob("*.json"))
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
HOST = re.compile(r"https?://([^/?\"\\]+)|([\w.-]+\.(?:com|cn|net|run|io))\b")
ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
ACCESS_KEY = re.compile(r"LTAI\w+|AKIA\w+|STS\.\w+|(?:AccessKeyId|Signature)=(?!made-up)", re.ASCII)


def load(name: str) -> Any:
    """The JSON in a file under events/."""
    return json.loads((EVENTS / name).read_bytes())


def layers(text: str) -> Iterator[str]:
    """The text, and every text that is wrapped in it: JSON in JSON, base64, zlib."""
    yield text
    try:
        value = json.loads(text)
    except ValueError:
        for inner in unpacked(text):
            yield from layers(inner)
        return
    for inner in strings(value):
        # A text of digits alone is a JSON number and nothing more.
        if inner != text and not inner.isdigit():
            yield from layers(inner)


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def unpacked(text: str) -> Iterator[str]:
    """What the text is in base64, and what that is under zlib."""
    if len(text) < 40 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", text):
        return
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        return
    yield raw.decode("latin-1")
    try:
        yield zlib.decompress(raw).decode()
    except zlib.error:
        return


def findings(text: str) -> set[str]:
    """Whatever in the text, or wrapped in it, does not look made up."""
    found: set[str] = set()
    for layer in layers(text):
        found |= set(MOBILE.findall(layer)) - MADE_UP
        found |= {match.group() for match in ACCESS_KEY.finditer(layer)}
        hosts = {one or other for one, other in HOST.findall(layer)}
        found |= {host for host in hosts if not host.endswith(".example.com")}
        found |= {address for address in ADDRESS.findall(layer) if not address.startswith("203.0.113.")}
    return found


def pushed(message_type: str) -> list[dict[str, Any]]:
    """The receipts of a type's push."""
    receipts: list[dict[str, Any]] = load(f"bodies/{message_type}.push.json")
    return receipts


def epoch_ms(text: str) -> int:
    """A text time of a receipt (UTC+8) as epoch milliseconds."""
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone(timedelta(hours=8)))
    return int(moment.timestamp()) * 1000


def call_receipts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every receipt of a call in the bodies, with its type."""
    for message_type in TYPES[:5]:
        for receipt in [*pushed(message_type), load(f"bodies/{message_type}.queue.json")]:
            yield message_type, receipt


def envelopes(event: Any) -> list[dict[str, Any]]:
    """The journal envelopes in an event of `ingest`, whatever shape it has."""
    if isinstance(event, list):
        return [found for part in event for found in envelopes(part)]
    if isinstance(event, str):
        text = event if event.startswith("{") else base64.b64decode(event, validate=True).decode()
        return [json.loads(text)]
    if "enc" in event:
        return [event]
    return envelopes(next(event[key] for key in ("data", "messageBody", "Message", "body") if key in event))


def body_of(envelope: dict[str, Any]) -> bytes:
    """The bytes that came."""
    body: str = envelope["body"]
    if envelope["enc"] == "text":
        return body.encode()
    raw = base64.b64decode(body, validate=True)
    return zlib.decompress(raw) if envelope["enc"] == "zlib" else raw


def test_every_wrapped_event_is_what_the_generator_makes_of_the_bodies() -> None:
    """Nobody edits a wrapped event by hand, and none is left over or missing."""
    made = derived(EVENTS)
    assert {name for name in FILES if not name.startswith("bodies/")} == set(made)
    assert {name: (EVENTS / name).read_text(encoding="utf-8") for name in made} == made


def test_writing_follows_a_changed_body_and_removes_what_is_no_longer_made(tmp_path: Path) -> None:
    """A change to a body reaches the events made of it; an event that is not made any more goes."""
    events = tmp_path / "events"
    shutil.copytree(EVENTS / "bodies", events / "bodies")
    (events / "ingest").mkdir()
    (events / "ingest" / "stale.json").write_text("{}")
    body = events / "bodies" / "NumberManagementReport.push.json"
    body.write_text(body.read_text(encoding="utf-8").replace("17000000008", "17000000009"), encoding="utf-8")

    assert write(events) == len(derived(EVENTS))

    assert not (events / "ingest" / "stale.json").exists()
    for name in ("receive/NumberManagementReport.json", "ingest/eventbridge-array.json"):
        assert "17000000009" in (events / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_every_event_is_json_and_made_up(name: str) -> None:
    """A file parses, and no number, host, address or key in it, or in what it wraps, could be real."""
    text = (EVENTS / name).read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert json.loads(text)
    assert findings(text) == set()


@pytest.mark.parametrize(
    "real",
    [
        "13912345678",
        "https://files.aliyuncs.com/x.mp3",
        "receipts.cn-hangzhou.fcapp.run",
        "8.8.8.8",
        "LTAI5tExampleKey",
        "x?OSSAccessKeyId=other",
    ],
)
def test_the_search_for_real_data_looks_into_what_is_wrapped(real: str) -> None:
    """The search above can fail: it finds real data plainly, in JSON in JSON, in base64 and under zlib."""
    body = json.dumps({"value": real, "padding": "-" * 40}).encode()
    wrapped = [
        body.decode(),
        base64.b64encode(body).decode(),
        base64.b64encode(zlib.compress(body)).decode(),
    ]
    for text in wrapped:
        assert findings(json.dumps({"body": json.dumps({"body": text})})), text


def test_each_type_has_its_push_and_its_queue_form() -> None:
    """All ten documented types, as an array of receipts by HTTP and as one receipt by queue."""
    assert len(TYPES) == 10
    bodies = {name for name in FILES if name.startswith("bodies/") and not name.startswith("bodies/huawei-")}
    assert bodies == {f"bodies/{message_type}.{way}.json" for message_type in TYPES for way in ("push", "queue")}
    for message_type in TYPES:
        assert all(isinstance(receipt, dict) for receipt in pushed(message_type))
        assert isinstance(load(f"bodies/{message_type}.queue.json"), dict)


@pytest.mark.parametrize("message_type", TYPES)
def test_the_http_event_carries_the_push_to_its_path(message_type: str) -> None:
    """What `receive` is handed is the body of the push, under the path of its type."""
    event = load(f"receive/{message_type}.json")
    assert event["rawPath"] == f"/aliyun/local-push-token/{message_type}"
    assert event["requestContext"]["http"]["path"] == event["rawPath"]
    assert json.loads(event["body"]) == pushed(message_type)


def test_each_notification_of_huaweis_is_pushed_and_signed() -> None:
    """Every body stands in an event of its own, to one address, with a signature that the loopback cloud takes."""
    assert {APP_KEY: APP_SECRET} == HUAWEI_APPS
    assert {f"bodies/huawei-{name}.json" for name in NOTIFICATIONS} == {
        name for name in FILES if name.startswith("bodies/huawei-")
    }
    for name in NOTIFICATIONS:
        event = load(f"receive/huawei-{name}.json")
        assert event["rawPath"] == "/huawei"
        assert json.loads(event["body"]) == load(f"bodies/huawei-{name}.json")
        headers = {name.lower(): value for name, value in event["headers"].items()}
        # The request's own moment is the one that is signed.
        verify(headers, {APP_KEY: APP_SECRET.encode()}, int(event["requestContext"]["timeEpoch"]) / 1000, 1)


def test_variants_of_huaweis_events_differ_in_what_their_name_says() -> None:
    """The older header, another secret, no signature: around one body."""
    variant = {name: load(f"receive/huawei-{name}.json") for name in ("fee", "wsse", "wrong-secret", "unsigned")}
    assert len({event["body"] for event in variant.values()}) == 1
    signed = {name: {one.lower() for one in event["headers"]} for name, event in variant.items()}
    aksk, wsse = (
        ("x-aksk" in signed["fee"], "x-wsse" in signed["fee"]),
        ("x-aksk" in signed["wsse"], "x-wsse" in signed["wsse"]),
    )
    assert (aksk, wsse) == ((True, False), (False, True))
    assert "x-aksk" in signed["wrong-secret"]
    assert not signed["unsigned"] & {"x-aksk", "x-wsse", "authorization"}


def test_variants_of_the_http_event_differ_in_what_their_name_says() -> None:
    """Each variant of the SecretReport push is off in one respect."""
    receipts = pushed("SecretReport")
    variant = {name: load(f"receive/{name}.json") for name in ("base64-body", "lower-case-headers", "bare-object")}
    assert variant["base64-body"]["isBase64Encoded"] is True
    assert json.loads(base64.b64decode(variant["base64-body"]["body"], validate=True)) == receipts
    assert all(header == header.lower() for header in variant["lower-case-headers"]["headers"])
    assert json.loads(variant["bare-object"]["body"]) == receipts[0]
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(load("receive/not-json.json")["body"])
    assert load("receive/unknown-type.json")["rawPath"].split("/")[-1] not in TYPES
    assert load("receive/wrong-token.json")["rawPath"].split("/")[2] != "local-push-token"
    assert load("receive/wrong-method.json")["requestContext"]["http"]["method"] == "GET"
    assert not load("receive/unknown-path.json")["rawPath"].startswith("/aliyun/")


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("ingest/")])
def test_every_shape_of_queue_event_holds_envelopes_around_bodies(name: str) -> None:
    """Whatever shape the platform gives a message, the same envelope is in it, around one of the bodies."""
    found = envelopes(load(name))
    assert found
    for envelope in found:
        assert list(envelope) == ["v", "vendor", "type", "at", "id", "enc", "body"]
        assert (envelope["v"], envelope["vendor"]) == (1, "aliyun")
    if not name.endswith("-array.json"):
        assert [json.loads(body_of(envelope)) for envelope in found] == [pushed("SecretReport")]


def test_the_batches_hold_the_whole_day_in_every_encoding() -> None:
    """One batch has every push and the three things that go wrong, the other every receipt that came by queue."""
    *good, unknown, in_gbk = envelopes(load("ingest/eventbridge-array.json"))
    assert [envelope["type"] for envelope in good] == list(TYPES)
    assert {envelope["enc"] for envelope in [*good, in_gbk]} == {"text", "zlib", "base64"}
    for envelope in good:
        receipts = json.loads(body_of(envelope))
        assert [
            receipt for receipt in receipts if "call_id" in receipt or envelope["type"] != "SecretReport"
        ] == pushed(envelope["type"])
        assert len(receipts) - len(pushed(envelope["type"])) == (envelope["type"] == "SecretReport")
    assert unknown["type"] not in TYPES
    with pytest.raises(UnicodeDecodeError):
        body_of(in_gbk).decode()

    queued = envelopes(load("ingest/rawdata-array.json"))
    assert [json.loads(body_of(envelope)) for envelope in queued] == [
        load(f"bodies/{message_type}.queue.json") for message_type in TYPES
    ]


def test_every_receipt_of_a_call_agrees_with_the_others() -> None:
    """Parties, binding and moments are the same in all receipts of a call; a recording's time is the call's."""
    told: defaultdict[str, defaultdict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
    for message_type, receipt in call_receipts():
        facts = told[receipt["call_id"]]
        for field in ("phone_no", "secret_no", "peer_no", "pool_key", "out_id", "city"):
            if receipt.get(field) is not None:
                facts[field].add(receipt[field])
        facts["binding"].add(str(receipt.get("sub_id", receipt.get("subs_id"))))
        moment = receipt["call_time"]
        facts["call_time"].add(int(moment) if message_type == "SecretRecording" else epoch_ms(moment))
        if message_type != "SecretStartReport" and (ringing := receipt.get("ring_time", receipt.get("ring_Time"))):
            facts["ring_time"].add(ringing)
        if message_type in {"SecretPickUpReport", "SecretReport"}:
            facts["start_time"].add(receipt["start_time"])
    assert len(told) == 6
    assert {
        call_id: dict(facts) for call_id, facts in told.items() if any(len(known) > 1 for known in facts.values())
    } == {}
    transcripts = [*pushed("SecretAsrReport"), load("bodies/SecretAsrReport.queue.json")]
    assert {receipt["callId"] for receipt in transcripts} <= told.keys()


def test_ids_have_the_vendors_form() -> None:
    """Call ids: 16 hex digits; bindings: 16 decimal digits, none if unbound; pools: FC and 15 digits."""
    unbound = set()
    for _, receipt in call_receipts():
        assert re.fullmatch(r"[0-9a-f]{16}", receipt["call_id"])
        assert re.fullmatch(r"FC\d{15}", receipt["pool_key"])
        binding = receipt.get("sub_id", receipt.get("subs_id"))
        if binding is None:
            unbound.add(receipt["call_id"])
            assert receipt["control_msg"] == "NO_SUBS_EXIST"
        else:
            assert re.fullmatch(r"\d{16}", str(binding))
    assert len(unbound) == 1


def test_the_readme_lists_every_event() -> None:
    """A reader finds every file in the tables of events/README.md, and no file that is not there."""
    readme = (EVENTS / "README.md").read_text(encoding="utf-8")
    listed = set(
        re.findall(r"^\| `((?:bodies|receive|decide|ingest|archive|sweep|poll)/[^`]+\.json)`", readme, re.MULTILINE)
    )
    assert listed == set(FILES)
