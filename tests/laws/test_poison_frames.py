"""Law 4, Poison, for what stands around receipts: a damaged frame costs no whole receipt, whatever the order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from receipts.domain.letter import Letter
from receipts.intake.parsing import ParsedReceipt, told_by
from receipts.journal.envelope import Envelope
from tests.laws.frames import damaged
from tests.store.support import body_of, ended, push

if TYPE_CHECKING:
    from tests.store.support import Store

AT = 1795168800000
ONE, TWO = json.dumps(ended("one")), json.dumps(ended("two", sentences=[{"text": "}],["}]))
FRAMES = {
    "a comma at the end": "[ONE,TWO,]",
    "two commas": "[ONE,,TWO]",
    "a comma first": "[,ONE,TWO]",
    "no comma": "[ONE TWO]",
    "cut off": "[ONE,TWO",
    "cut off after a comma": "[ONE,TWO, ",
    "cut off within the next": '[ONE,TWO,{"call_id":"three","call_ti',
    "a word behind": "[ONE,TWO] x",
    "a zero behind": "[ONE,TWO]\0",
    "zeros all around": "\0[ONE,TWO]\0\0",
    "another array behind": "[ONE][TWO]",
    "no array": "ONE,TWO",
    "lines": "ONE\nTWO\n",
    "no opening bracket": "ONE,TWO]",
    "closed too early": "[ONE],TWO]",
    "opened twice": "[ONE,[TWO]",
    "a brace too many": "[ONE},TWO]",
    "a brace for a bracket": "{ONE,TWO}",
    "a quote between": '[ONE,"TWO]',
    "one that is not closed": '[ONE,{"call_id":"bad",TWO]',
    "one that is closed by a bracket": '[ONE,{"call_id":"bad"],TWO]',
    "a byte of no alphabet": "[ONE,\udcffTWO]",
}


def told(envelope: Envelope) -> tuple[list[str], list[bytes]]:
    """Which rows a message tells of, and the bodies of its letters."""
    found = list(told_by(envelope))
    rows = [one.identity for one in found if isinstance(one, ParsedReceipt)]
    return rows, [one.body for one in found if isinstance(one, Letter)]


def framed(frame: str) -> bytes:
    """That body."""
    return frame.replace("ONE", ONE).replace("TWO", TWO).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("frame", FRAMES)
def test_law_poison_around_whole_receipts_costs_none_of_them(store: Store, frame: str) -> None:
    """Both are rows; the one letter holds the body as it came, and replaying it changes nothing."""
    body = framed(FRAMES[frame])
    store.take_in([push("SecretReport", body)])
    rows, letters = store.calls(), store.letters()
    assert set(rows) == {"one", "two"}
    assert [(letter["reason"], body_of(letter)) for letter in letters] == [("not_json", body)]
    store.take_in([push("SecretReport", body)])
    assert (store.calls(), store.letters()) == (rows, letters)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.integers(1, 4), st.sampled_from([b"", b" ", b"\n\t"]))
def test_law_poison_of_any_frame_costs_no_whole_receipt(data: st.DataObject, count: int, blank: bytes) -> None:
    """One damage of the frame, whichever: every whole receipt is told once, in order, beside one letter of it all."""
    receipts = [ended(f"c{number}", city='a "[{,}]" \\', unknown={"a": [{"b": []}]}) for number in range(count)]
    body = data.draw(damaged(receipts, blank))
    assert told(push("SecretReport", body)) == ([f"aliyun:c{number}" for number in range(count)], [body])


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_law_order_of_receipts_in_damaged_frames(any_codec: Store, data: st.DataObject) -> None:
    """The same receipts in any order, in whole frames or damaged ones, give the same rows."""
    any_codec.clear()
    receipts = [ended(name, city=city) for name in ("c1", "c2", "c3") for city in ("one", "two")]
    any_codec.take_in([push("SecretReport", receipts)])
    rows = any_codec.calls()
    any_codec.clear()
    shuffled = data.draw(st.permutations(receipts))
    parts = [data.draw(damaged(part)) for part in (shuffled[:2], shuffled[2:3], shuffled[3:])]
    any_codec.take_in([push("SecretReport", body, number) for number, body in enumerate(parts)])
    assert any_codec.calls() == rows


@settings(max_examples=200, deadline=None)
@given(data=st.data(), count=st.integers(1, 4), listed=st.booleans())
def test_law_poison_of_any_frame_of_huawei_notifications(data: st.DataObject, count: int, *, listed: bool) -> None:
    """Notifications of one body, or a list that is cut off or holds a comma too many: every whole receipt is told."""
    records = [{"sessionId": f"s{number}", "icid": f"i{number}"} for number in range(count)]
    if listed:
        end = data.draw(st.sampled_from([b"", b",", b",]", b",]}", b'},{"sessionId":"s', b"]", b"]}x", b"]}}"]))
        inner = b",".join(json.dumps(one).encode() for one in records)
        body = b'{"eventType":"fee","feeLst":[' + inner + end
    else:
        body = data.draw(damaged([{"eventType": "fee", "feeLst": [one]} for one in records]))
    rows, letters = told(Envelope("huawei", "notification", AT, "r", body))
    # A notification that was cut off may hold a whole record of its own, here the first one's once more.
    assert list(dict.fromkeys(rows)) == [f"huawei:s{number}" for number in range(count)]
    assert len(rows) <= count + 1
    assert letters[0] == body


@pytest.mark.parametrize(
    "body",
    [
        '{"eventType":"numStatus","numInfo":[{"number":"1700","status":"5"}]}',
        '{"eventType":"callin","statusInfo":{"sessionId":"s"}}',
        '{"smsEvent":{"smsIdentifier":"s","notificationMode":"Notify"}}',
    ],
)
def test_law_poison_behind_a_notification_costs_it_nothing(body: str) -> None:
    """One that is whole is told once, whatever its kind and whatever follows it."""
    for damage in ("x", "\0", "}", ",", "]", "{"):
        rows, letters = told(Envelope("huawei", "notification", AT, "r", (body + damage).encode()))
        assert (len(rows), letters) == (1, [(body + damage).encode()])


@pytest.mark.parametrize(
    "body",
    [
        '{"x":{"call_id":"inner"}',
        '"x":{"call_id":"inner"}}]',
        '[{"call_id":1,"x":{"call_id":"inner"}',
        '[{"x":[1,{"call_id":"inner"}]',
    ],
)
def test_a_part_of_a_broken_receipt_is_no_receipt(body: str) -> None:
    """What stood within a receipt that is not whole is not taken for one."""
    assert told(push("SecretReport", body.encode())) == ([], [body.encode()])
