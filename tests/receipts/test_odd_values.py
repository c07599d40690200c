"""Where text is documented and another JSON value comes: the receipt is a row all the same, and always the same row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from receipts.aliyun import catalogue as aliyun
from receipts.domain.letter import Letter
from receipts.huawei import catalogue as huawei
from receipts.intake.parsing import ParsedReceipt, told_by
from receipts.journal.envelope import Envelope
from receipts.vendor.fields import content_or_none, text_or_none
from receipts.vendor.keys import optional_key

if TYPE_CHECKING:
    from receipts.contents.message_type import MessageType

VENDORS: dict[str, dict[str, MessageType]] = {"aliyun": aliyun.MESSAGE_TYPES, "huawei": huawei.MESSAGE_TYPES}
TYPES = [(vendor, name) for vendor, types in VENDORS.items() for name in types]
# As JSON, and the text that it is.
VALUES = {
    "5.7": "5.7",
    "148.50": "148.5",
    "7": "7",
    "7.0": "7",
    "1e22": "1e+22",
    "-0.0": "0",
    "9223372036854775808": "9223372036854775808",
    "true": "true",
    "false": "false",
    '{"b": 1, "a": "杭州"}': '{"a":"杭州","b":1}',
    "[]": "[]",
    '["x", null]': '["x",null]',
    "null": None,
    '""': None,
    '" "': None,
}
WRAPPED = {"feeLst": "fee", "numInfo": "numStatus"}


def texts_of(vendor: str, name: str) -> list[str]:
    """The optional fields of a type that are text."""
    fields = VENDORS[vendor][name].model.model_fields
    readers = (text_or_none, content_or_none, optional_key)
    return [
        field for field, info in fields.items() if any(getattr(one, "func", None) in readers for one in info.metadata)
    ]


def read(vendor: str, name: str, fields: str) -> ParsedReceipt | Letter:
    """What a receipt of this type with a key and these fields (as JSON) tells."""
    key = VENDORS[vendor][name].field
    body = f'{{"{key}": "k-1"{fields}}}'
    if vendor == "huawei":
        lists = {kind: member for member, kind in WRAPPED.items()}
        wrapper = f'"{lists[name]}": [{body}]' if name in lists else f'"statusInfo": {body}'
        wrapper = f'"smsEvent": {body}' if name == huawei.TEXT else wrapper
        event = "decision" if name == huawei.TEXT_DECISION else name
        body = (
            body[:-1] + f', "eventType": "{event}"}}' if "ecision" in name else f'{{"eventType": "{event}", {wrapper}}}'
        )
    (one,) = told_by(Envelope(vendor, name, 1795168800000, "r", body.encode()))
    return one


@pytest.mark.parametrize("sent", VALUES)
@pytest.mark.parametrize(("vendor", "name"), TYPES)
def test_law_poison_a_text_of_another_kind_costs_no_receipt(vendor: str, name: str, sent: str) -> None:
    """Every optional text of every type, given as a number, a truth, an object, a list, null or a blank."""
    for field in texts_of(vendor, name):
        one = read(vendor, name, f', "{field}": {sent}')
        assert isinstance(one, ParsedReceipt), (field, one.error)
        receipt, text = one.fact.receipt, VALUES[sent]
        if text is None and field in ("sms_content", "text"):
            assert not (getattr(receipt, field) or "").strip()
        elif field != "event_type":
            assert getattr(receipt, field) == text, field
        again = one.subject.model(one.kind).read(json.loads(one.fact.text))
        rows = [one.subject.row({one.kind: each}) for each in (receipt, again)]
        assert rows[0] == rows[1], field


@pytest.mark.parametrize("sent", ["5.7", "true", "{}", "[]", "null", '""'])
@pytest.mark.parametrize(("vendor", "name"), TYPES)
def test_law_poison_a_key_of_another_kind_is_a_letter_that_names_it(vendor: str, name: str, sent: str) -> None:
    """What names a row is text or a whole number: nothing else is made one."""
    key = VENDORS[vendor][name].field
    one = read(vendor, name, f', "{key}": {sent}')
    assert isinstance(one, Letter)
    assert one.error.startswith(f"{key}: ") or name == huawei.TEXT_DECISION


SENTENCE: dict[str, Any] = {"beginTime": 1, "endTime": 2, "channelId": 0, "text": "x"}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([SENTENCE | {"emotionValue": 5.7}], {"emotion_value": "5.7"}),
        (
            [SENTENCE | {"silenceDuration": 0.5, "speechRate": 148.5}],
            {"silence_duration": "0.5", "speech_rate": "148.5"},
        ),
        ([SENTENCE | {"text": 110}], {"text": "110"}),
        ([SENTENCE | {"text": " "}], {"text": " "}),
        ([SENTENCE | {"text": None}], {"text": ""}),
        (SENTENCE, {"text": "x"}),
        ("", {}),
        (None, {}),
    ],
)
def test_a_transcript_whose_sentences_are_written_otherwise(sent: Any, said: dict[str, str]) -> None:
    """Numbers for texts, and one sentence without a list: a transcript all the same."""
    one = read("aliyun", "SecretAsrReport", f', "sentences": {json.dumps(sent)}')
    assert isinstance(one, ParsedReceipt), one.error
    row = one.subject.row({one.kind: one.fact.receipt}).columns()
    sentences = json.loads(str(row["sentences"]))
    assert len(sentences) == (1 if said else 0)
    assert all(sentences[0][name] == text for name, text in said.items())


@pytest.mark.parametrize(
    ("vendor", "name", "fields", "column", "text"),
    [
        ("aliyun", "SmartLogisticsReport", '"aliyunprice": 6.5', "price", "6.5"),
        ("aliyun", "SmartLogisticsReport", '"packageDyn": {"weight": 1223.3}', "weight_grams", "1223.3"),
        ("aliyun", "SecretSmsIntercept", '"sms_content": 1234', "content", "1234"),
        ("huawei", "smsEvent", '"sendResult": "ok"', "delivery", "ok"),
        ("huawei", "smsEvent", '"sendResult": 2', "delivery", "2"),
    ],
)
def test_a_column_of_a_text_that_came_otherwise(vendor: str, name: str, fields: str, column: str, text: str) -> None:
    """The column holds the JSON text of what came."""
    one = read(vendor, name, f", {fields}")
    assert isinstance(one, ParsedReceipt), one.error
    assert one.subject.row({one.kind: one.fact.receipt}).columns()[column] == text
