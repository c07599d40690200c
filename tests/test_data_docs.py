"""docs/data-model.md and docs/contracts.md say what is stored: columns, states, reasons, pauses and examples."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any, get_args

import pytest

from local.golden import EVENTS
from local.golden.bodies import TYPES, Bodies
from local.golden.envelope import received_at
from local.golden.recordings import SIZE, recordings
from local.vendor import shelve
from receipts import errors
from receipts.deciding.rules import CallRule, TextRule
from receipts.domain.call import Call, Outcome, Status
from receipts.domain.letter import Letter
from receipts.domain.number import Number
from receipts.domain.parcel import Parcel
from receipts.domain.recording import Recording, State
from receipts.domain.text import Text
from receipts.domain.transcript import Transcript
from receipts.journal.envelope import Envelope
from receipts.recordings import schedule
from receipts.store import schema
from receipts.store.letters import PendingLetter
from tests.documents import SPAN, blocks, name_of, read, section, tables
from tests.recordings.support import BUCKET, REGION, world
from tests.store.support import INSTANCE, KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import BaseModel

    from receipts.domain.row import Row

ROWS: dict[str, type[Row]] = {
    "calls": Call,
    "texts": Text,
    "numbers": Number,
    "transcripts": Transcript,
    "parcels": Parcel,
    "recordings": Recording,
}

# The golden day has links to both; the vendor's side has the first.
ARCHIVED, WAITING = "aliyun:7b3d90c4e1f20a01:call", "aliyun:7b3d90c4e1f20a01:ring"


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda table: table.name)
def test_every_column_is_described(table: schema.Table) -> None:
    """docs/data-model.md has each table with its key and exactly the columns and types that are stored."""
    text = section(read("docs/data-model.md"), f"`{table.name}`")
    keys = ", ".join(f"`{key}`" for key in table.keys)
    assert text.strip().startswith(f"Key: {keys}.")
    described = {name_of(row[0]): row[1] for row in tables(text)[0]}
    assert described == {**dict.fromkeys(table.keys, "STRING"), **columns(table.name)}
    assert table.defined.items() <= described.items()


def columns(table: str) -> dict[str, str]:
    """The columns of a table besides its key, with their types in the store."""
    if table == "dead_letters":
        bodies = [b"{", b"\xff"]
        types = [_stored(PendingLetter(_letter(body), "20261120", {"a": 1}).merged(None) or {}) for body in bodies]
        # What `receipts dead-letters replay` adds.
        replayed = {"replayed_at": "INTEGER", "replay_result": "STRING"}
        return replayed | {name: " or ".join(dict.fromkeys(each[name] for each in types)) for name in types[0]}
    if table == "bindings":
        return _types(CallRule) | _types(TextRule)
    facts = {} if table == "recordings" else {"facts": "STRING"}
    return {**_types(ROWS[table]), **facts, "revision": "INTEGER"}


def _types(model: type[BaseModel]) -> dict[str, str]:
    return {
        name: "INTEGER" if int in _within(field.annotation) else "STRING" for name, field in model.model_fields.items()
    }


def _within(annotation: Any) -> set[Any]:
    """The type and, of a union or one with notes, those in it."""
    return {annotation}.union(*map(_within, get_args(annotation)))


def _letter(body: bytes) -> Letter:
    return Letter("invalid", "aliyun", "SecretReport", body, "wrong", 1, "a")


def _stored(row: dict[str, Any]) -> dict[str, str]:
    types = {str: "STRING", int: "INTEGER", bytearray: "BINARY"}
    return {name: types[type(value)] for name, value in row.items()}


def test_every_table_and_index_is_described() -> None:
    """No table is left out or made up; the indexes have the keys and columns of the schema."""
    text = read("docs/data-model.md")
    described = re.findall(r"^## `(\w+)`$", text, re.MULTILINE)
    assert sorted(described) == sorted(table.name for table in schema.TABLES)
    (table,) = tables(section(text, "Indexes"))
    told = {name_of(row[0]): (SPAN.findall(row[1]), SPAN.findall(row[2])) for row in table}
    made = [index for one in schema.TABLES for index in one.indexes]
    assert told == {index.name: (list(index.keys), list(index.columns)) for index in made}


def test_every_status_and_outcome_is_described() -> None:
    """The tables of states name each word that the columns can hold."""
    text = read("docs/data-model.md")
    (statuses,) = tables(section(text, "Status"))
    assert sorted(name_of(row[0]) for row in statuses) == sorted(get_args(Status))
    assert set(get_args(Outcome)) <= set(SPAN.findall(section(text, "Outcome")))
    (states,) = tables(section(text, "States of a recording"))
    assert sorted(name_of(row[0]) for row in states) == sorted(get_args(State))


def test_every_dead_letter_reason_is_described() -> None:
    """docs/contracts.md says of each reason what to do, and invents none."""
    (table,) = tables(section(read("docs/contracts.md"), "Dead letters"))
    kinds: list[type[errors.BadReceipt]] = errors.BadReceipt.__subclasses__()
    assert {name_of(row[0]) for row in table} == {kind.reason for kind in kinds}


def test_the_pauses_between_attempts_are_described() -> None:
    """docs/contracts.md gives the schedule of the code: every pause in order, and the last call."""
    text = section(read("docs/contracts.md"), "When a recording is tried again")
    (table,) = tables(text)
    seconds = {"s": 1, "min": 60, "h": 60 * 60}
    told = [int(number) * seconds[unit] for number, unit in (row[1].split() for row in table)]
    assert told == list(schedule.PAUSES_SECONDS)
    assert f"{schedule.LAST_CALL_SECONDS // 60} minutes before" in text


@pytest.fixture
def made_up_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The golden day in a store and a bucket, and `.local/endpoints.json` that leads there, as with `make up`."""
    bodies = Bodies(EVENTS / "bodies")
    pushes = [
        Envelope("aliyun", name, received_at(number), str(number), bodies.push(name))
        for number, name in enumerate(TYPES)
    ]
    with world() as made:
        made.store.take_in([*pushes, Envelope("aliyun", "SecretFutureReport", received_at(99), "99", b"[]")])
        shelve(recordings(bodies), made.files, made.pls)
        # The evening of that day: the vendor has deleted nothing yet, whenever this runs.
        made.clock.push(received_at(99) / 1000 + 60 * 60 - time.time())
        made.archive(ARCHIVED)
        keys = {"access_key_id": KEY.key_id, "access_key_secret": KEY.secret}
        where = {
            "tablestore": {"endpoint": made.store.server.endpoint, "instance": INSTANCE, **keys},
            "oss": {"endpoint": made.oss.endpoint, "bucket": BUCKET, "region": REGION, **keys},
        }
        (tmp_path / ".local").mkdir()
        (tmp_path / ".local/endpoints.json").write_text(json.dumps(where))
        monkeypatch.chdir(tmp_path)
        yield


@pytest.mark.usefixtures("made_up_day")
def test_the_examples_read_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    """The Python of docs/data-model.md runs as it stands and finds what it says."""
    names: dict[str, Any] = {}
    for block in blocks(read("docs/data-model.md")):
        if block.language == "python":
            exec(compile(block.text, "docs/data-model.md", "exec"), names)  # noqa: S102 - our own examples
    calls = {row["call_id"] for row in names["of_day"]}
    assert len(calls) == 5
    for found in ("of_order", "of_binding", "of_number"):
        assert names["call"]["call_id"] in {row["call_id"] for row in names[found]} <= calls
    printed = capsys.readouterr().out
    assert "ended answered 135 seconds" in printed
    assert "normal" in printed
    assert "unknown_type SecretFutureReport" in printed
    assert len(names["audio"]) == SIZE
    assert "archived audio/mpeg" in printed
    assert [row["recording_id"] for row in names["waiting"]] == [WAITING]
