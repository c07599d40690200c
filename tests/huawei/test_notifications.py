"""Huawei's notifications taken apart: by the body alone, and one bad receipt never sinks its neighbours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receipts.domain.letter import Letter
from receipts.huawei import catalogue
from receipts.intake.parsing import ParsedReceipt, told_by
from receipts.journal.envelope import Envelope
from tests.huawei.made_up import AT, SESSION, X, envelope, event, fee, record, text
from tests.receipts.support import JSON, PROPERTY

GOOD = [
    event("callin", caller=X),
    fee(record(), record(sessionId="s-2")),
    {"eventType": "numStatus", "numInfo": [{"number": X, "status": "5"}]},
    text(),
    {"eventType": "decision", "sessionId": SESSION},
]


def letters(found: list[ParsedReceipt | Letter]) -> list[Letter]:
    """Those that are letters."""
    return [one for one in found if isinstance(one, Letter)]


def read(body: Any, kind: str = "notification") -> list[ParsedReceipt | Letter]:
    """Everything an envelope with that body tells."""
    return list(told_by(envelope(body, kind=kind)))


@pytest.mark.parametrize("kind", ["notification", "", "SecretReport", "fee"])
def test_the_body_alone_says_what_it_is(kind: str) -> None:
    """Whatever the envelope was told: an address may get every kind of notification."""
    tables = [one.subject.table for body in GOOD for one in read(body, kind) if isinstance(one, ParsedReceipt)]
    assert tables == ["calls", "calls", "calls", "numbers", "texts", "calls"]


def test_names_in_any_spelling() -> None:
    """Case and underscores of names drift; so does the case of the event's type."""
    body = {"event_type": "FEE", "fee_lst": [record()], "more": 1}
    (one,) = read(body)
    assert isinstance(one, ParsedReceipt)
    assert (one.kind, one.identity) == ("fee@0f1e.1", f"huawei:{SESSION}")


def test_law_poison_neighbours_of_bad_records_go_on() -> None:
    """Each bad element is a letter with its own bytes, its type and its reason; the good ones are rows."""
    bad: list[Any] = [7, None, {"icid": "no session"}, record(sessionId="x" * 2000), record(direction="north")]
    good = [record(sessionId="s-1"), record(sessionId="s-2")]
    raw = json.dumps(fee(good[0], *bad, good[1]), indent=1).encode()
    found = list(told_by(envelope(raw)))
    assert [one.identity for one in found if isinstance(one, ParsedReceipt)] == ["huawei:s-1", "huawei:s-2"]
    assert [json.loads(one.body) for one in letters(found)] == bad
    assert all(one.body in raw and (one.type, one.reason) == ("fee", "invalid") for one in letters(found))


@pytest.mark.parametrize("name", ["feeLst", "fee_lst", "FeeLst"])
@pytest.mark.parametrize("behind", ["", ',"ext":[]', ',"a":{"b":[1]}'])
def test_law_poison_whatever_stands_behind_the_list(name: str, behind: str) -> None:
    """Good records are saved, and a bad one's letter holds its own bytes alone."""
    good = json.dumps(record())
    body = f'{{"eventType":"fee","{name}":[{good},{{"icid":"i"}}]{behind}}}'
    (letter,) = letters(list(told_by(envelope(body.encode()))))
    assert letter.body == b'{"icid":"i"}'
    broken = f'{{"eventType":"fee","{name}":[{good},nonsense]{behind}}}'
    found = list(told_by(envelope(broken.encode())))
    assert [one.identity for one in found if isinstance(one, ParsedReceipt)] == [f"huawei:{SESSION}"]


def test_law_poison_a_list_with_a_name_in_escapes() -> None:
    """Its borders are not found: the letter holds the same JSON, not everybody's."""
    body = json.dumps(fee(record(), {"icid": "i"})).replace("feeLst", "fee\\u004cst")
    (letter,) = letters(list(told_by(envelope(body.encode()))))
    assert json.loads(letter.body) == {"icid": "i"}


@pytest.mark.parametrize("broken", [b'{"icid": }', b'{"icid": "\xff"}', b"nonsense", b'{"a": NaNs}'])
def test_law_poison_a_body_that_is_not_json(broken: bytes) -> None:
    """The whole is a letter as it came; the records in it that can be read are rows all the same."""
    good = json.dumps(record()).encode()
    raw = b'{"eventType":"fee","feeLst":[' + good + b"," + broken + b"," + good + b"]}"
    found = list(told_by(envelope(raw)))
    (letter,) = letters(found)
    assert (letter.body, letter.reason, letter.type) == (raw, "not_json", "notification")
    assert [one.identity for one in found if isinstance(one, ParsedReceipt)] == [f"huawei:{SESSION}"] * 2


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        ({"eventType": "newThing", "statusInfo": {}}, "newThing", "unknown_type"),
        ({"eventType": 7}, "unknown", "unknown_type"),
        ({"eventType": {"caller": X}}, "unknown", "unknown_type"),
        ({"eventType": "e" * 41}, "unknown", "unknown_type"),
        ({"eventType": "13900000001"}, "unknown", "unknown_type"),
        ({"eventType": "transfer_2"}, "transfer_2", "unknown_type"),
        ({"eventType": "v2_call3"}, "v2_call3", "unknown_type"),
        ({"eventType": "e" * 37 + "123"}, "e" * 37 + "123", "unknown_type"),
        ({"eventType": "e" * 38 + "123"}, "unknown", "unknown_type"),
        ({"eventType": "_x"}, "unknown", "unknown_type"),
        ({"eventType": "2x"}, "unknown", "unknown_type"),
        ({"eventType": "x1390"}, "unknown", "unknown_type"),
        ({"eventType": "x139_000_000_01"}, "unknown", "unknown_type"),
        ({"eventType": "x139x000x000x01"}, "unknown", "unknown_type"),
        ({"eventType": "x１２"}, "unknown", "unknown_type"),
        ({"eventType": "wörd"}, "unknown", "unknown_type"),
        ({"hello": 1}, "notification", "unknown_type"),
        ({"eventType": "fee"}, "fee", "invalid"),
        ({"eventType": "fee", "feeLst": "none"}, "fee", "invalid"),
        ({"eventType": "callin", "statusInfo": [1]}, "callin", "invalid"),
        ({"eventType": "callin", "statusInfo": []}, "callin", "invalid"),
        ({"eventType": "callin", "statusInfo": [{"sessionId": "s"}] * 2}, "callin", "invalid"),
        ({"eventType": "callin", "statusInfo": [[{"sessionId": "s"}]]}, "callin", "invalid"),
        ({"eventType": "callin"}, "callin", "invalid"),
        ({"smsEvent": 5}, "smsEvent", "invalid"),
        ([1], "notification", "invalid"),
    ],
)
def test_law_poison_what_is_no_notification(body: Any, kind: str, reason: str) -> None:
    """A letter with the bytes, a type that is short, and a reason without any value."""
    (letter,) = letters(read(body))
    raw = json.dumps(body[0] if isinstance(body, list) else body).encode()
    assert (letter.type, letter.reason, letter.body) == (kind, reason, raw)
    assert X not in letter.error


def test_law_poison_a_letter_can_be_replayed_as_it_is() -> None:
    """The bytes of one record, under the letter's type, are the same receipt again."""
    raw = json.dumps(fee(record(direction="north"), record())).encode()
    (letter,) = letters(list(told_by(envelope(raw))))
    again = list(told_by(Envelope(letter.vendor, letter.type, AT, "replay", letter.body)))
    assert [(one.type, one.body) for one in letters(again)] == [(letter.type, letter.body)]
    mended = letter.body.replace(b"north", b"1")
    (one,) = told_by(Envelope(letter.vendor, letter.type, AT, "replay", mended))
    assert isinstance(one, ParsedReceipt)
    assert one.identity == f"huawei:{SESSION}"


@pytest.mark.parametrize("name", ["statusInfo", "smsEvent"])
def test_one_object_in_a_list(name: str) -> None:
    """Where the vendor documents an object, a list of exactly that one is the same notification."""
    told = {"sessionId": SESSION, "smsIdentifier": "sms-1"}
    body: dict[str, Any] = {} if name == "smsEvent" else {"eventType": "callin"}
    (plain,), (listed,) = read(body | {name: told}), read(body | {name: [told]})
    assert isinstance(plain, ParsedReceipt)
    assert isinstance(listed, ParsedReceipt)
    assert (plain.identity, plain.fact) == (listed.identity, listed.fact)


def test_one_record_without_a_list() -> None:
    """A sample of the vendor's reads the list as one object."""
    (one,) = read({"eventType": "fee", "feeLst": record()})
    assert isinstance(one, ParsedReceipt)


@PROPERTY
@given(body=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_law_poison_any_bytes(body: bytes) -> None:
    """Whatever comes ends in facts or letters, and nothing of it is lost."""
    found = list(told_by(envelope(body)))
    assert found or json.loads(body) == []


@PROPERTY
@given(kind=st.sampled_from(sorted(catalogue.MESSAGE_TYPES)), fields=JSON, wrapper=st.booleans())
def test_law_poison_any_fields(kind: str, fields: Any, *, wrapper: bool) -> None:
    """Fields of any form under a known type: facts or letters, never an error."""
    inner = fields if isinstance(fields, dict) else {"value": fields}
    told = {"sessionId": SESSION, "smsIdentifier": "s", "number": X} | inner
    body = {"eventType": kind, "statusInfo": told, "smsEvent": told, "feeLst": [told], "numInfo": [told]}
    found = read(body if wrapper else told | {"eventType": kind})
    assert found
    assert not [one for one in letters(found) if "defect" in one.error]


def test_unknown_fields_are_kept() -> None:
    """Within the record, within the event, and beside it."""
    (one,) = read({"eventType": "callin", "newer": 1, "statusInfo": {"sessionId": "s", "newest": {"x": [1]}}})
    assert isinstance(one, ParsedReceipt)
    assert json.loads(one.fact.text) == {"eventType": "callin", "newer": 1, "newest": {"x": [1]}, "sessionId": "s"}
