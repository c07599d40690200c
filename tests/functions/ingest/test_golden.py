"""Every golden event of `ingest` ends in the rows and letters that events/README.md promises."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.functions.ingest.conftest import EVENTS
from tests.store.support import WRITE, body_of

if TYPE_CHECKING:
    from tests.functions.ingest.conftest import Ingest

CALL = "7b3d90c4e1f20a0"
SINGLE = sorted(path.stem for path in (EVENTS / "ingest").glob("*.json") if not path.stem.endswith("-array"))
ENDED = {"1": "answered", "2": "busy", "3": "no_answer", "5": "unbound", "6": "blocked"}


def of(rows: list[dict[str, Any]], key: str, column: str) -> dict[str, Any]:
    """One column of every row, by key."""
    return {row[key]: row.get(column) for row in rows}


def outcomes(ingest: Ingest) -> dict[str, Any]:
    """The outcome of every call by the last digit of its id."""
    return {call_id.removeprefix(CALL): row["outcome"] for call_id, row in ingest.store.calls().items()}


def test_the_readme_and_this_file_know_every_event() -> None:
    """No golden event of `ingest` is without its promise here."""
    readme = (EVENTS / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`ingest/([\w-]+)\.json`", readme))
    assert listed == {*SINGLE, "eventbridge-array", "rawdata-array"}


def test_a_batch_of_all_pushes(ingest: Ingest) -> None:
    """Every push of the day in all encodings: calls ended, the rest as told, and three letters, each by its reason."""
    counts = ingest.golden("eventbridge-array")
    tables = ingest.store.tables()
    assert outcomes(ingest) == ENDED
    first = ingest.store.calls()[f"{CALL}1"]
    assert (first["status"], first["talk_seconds"], first["released_by"]) == ("ended", 135, "caller")
    assert of(tables["texts"], "text_id", "delivery") == {"aliyun:2000000000301": "DELIVRD"}
    assert of(tables["numbers"], "number_x", "state") == {"17000000005": "normal", "17000000008": "created"}
    assert of(tables["parcels"], "mail_no", "status") == {"YT0000000010001": "TRANSPORT"}
    (transcript,) = tables["transcripts"]
    assert (transcript["call_id"], len(json.loads(transcript["sentences"]))) == (f"aliyun:{CALL}1", 3)
    letters = {letter["reason"]: letter for letter in tables["dead_letters"]}
    assert set(letters) == {"invalid", "unknown_type", "not_json"}
    assert b"call_id" not in body_of(letters["invalid"])
    assert letters["not_json"]["type"] == "SecretSmsIntercept"
    assert json.loads(body_of(letters["not_json"]).decode("gbk"))
    assert counts == {"messages": 12, "receipts": 21, "rows": 10, "recordings": 2, "letters": 3}


def test_a_batch_of_all_queue_messages(ingest: Ingest) -> None:
    """Every queue form of the day tells the call that came by queue, and the others beside it."""
    ingest.golden("rawdata-array")
    tables = ingest.store.tables()
    (call,) = tables["calls"]
    assert (call["call_id"], call["status"], call["outcome"]) == (f"aliyun:{CALL}4", "ended", "answered")
    assert (call["talk_seconds"], call["direction"], call["released_by"]) == (229, "b_to_a", "callee")
    assert len(json.loads(call["facts"])) == 5
    assert of(tables["texts"], "text_id", "delivery") == {"aliyun:2000000000302": "UNDELIV"}
    assert of(tables["numbers"], "number_x", "state") == {"17000000005": "abnormal", "17000000008": "created"}
    assert of(tables["parcels"], "mail_no", "status") == {"YT0000000010001": "SIGN"}
    assert of(tables["transcripts"], "call_id", "vendor") == {f"aliyun:{CALL}4": "aliyun"}
    assert tables["dead_letters"] == []


@pytest.mark.parametrize("order", [("eventbridge-array", "rawdata-array"), ("rawdata-array", "eventbridge-array")])
def test_law_order_of_both_batches(ingest: Ingest, order: tuple[str, str]) -> None:
    """Pushes first or queue messages first: what came later in the day is what the rows say."""
    for name in order:
        ingest.golden(name)
    tables = ingest.store.tables()
    assert outcomes(ingest) == ENDED | {"4": "answered"}
    assert of(tables["numbers"], "number_x", "state") == {"17000000005": "normal", "17000000008": "created"}
    (parcel,) = tables["parcels"]
    assert (parcel["status"], len(json.loads(parcel["history"]))) == ("SIGN", 3)


@pytest.mark.parametrize("name", SINGLE)
def test_every_shape_of_one_message(ingest: Ingest, name: str) -> None:
    """One envelope in whatever shape the platform hands it over ends in the five calls of the push."""
    assert ingest.golden(name) == {"messages": 1, "receipts": 5, "rows": 5, "recordings": 2, "letters": 0}
    assert outcomes(ingest) == ENDED


def test_all_shapes_after_the_first_change_nothing(ingest: Ingest) -> None:
    """The eight shapes carry one envelope: after one of them, no other costs a write."""
    first, *others = SINGLE
    assert len(SINGLE) == 8
    ingest.golden(first)
    before = ingest.store.tables()
    with ingest.store.counted() as calls:
        for name in others:
            ingest.golden(name)
    assert calls[WRITE] == 0
    assert ingest.store.tables() == before
