"""`receipts calls show` and `find`: what became of a call, and which calls there were."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from receipts.store.sdk import tablestore
from tests.huawei.made_up import SESSION, A, B, X, envelope, event, fee, record
from tests.store.support import ended, push, started

if TYPE_CHECKING:
    from tests.ops.conftest import Ops

SHOW, FIND = ("calls", "show"), ("calls", "find")
NUMBERS = ("13900000001", "17000000002", "13700000003")


def told_of(ops: Ops) -> None:
    """A call with all its receipts, a recording announced twice, and a transcript."""
    ring = started("c1", call_time="2026-11-20 12:00:00", ring_time="2026-11-20 12:00:03", call_type=0)
    said = {"beginTime": 0, "endTime": 9, "channelId": 1, "text": "a secret word"}
    ops.store.take_in(
        [
            push("SecretRingReport", [ring], 1),
            push("SecretReport", [ended("c1", ring_record_url="https://records.example.com/r?Signature=s")], 2),
            push("SecretRecording", [{"call_id": "c1", "call_time": 1795147200000}], 3),
            push("SecretAsrReport", [{"callId": "c1", "sentences": [said], "statusCode": "21050000"}], 4),
        ]
    )


@pytest.mark.parametrize("name", ["c1", "aliyun:c1"])
def test_a_call_is_told_from_beginning_to_end(ops: Ops, name: str) -> None:
    """Who with whom, masked; what happened when, the receipts among it; recordings and transcript."""
    told_of(ops)
    told = ops.run(*SHOW, name)
    assert told.code == 0
    assert "139****0001 → 137****0003 through 170****0002" in told.out
    assert "answered, 60 s of talk" in told.out
    order = [
        "initiated", "dialled", "ringing", "receipt SecretRingReport", "answered", "ended: the caller hung up",
        "receipt SecretReport", "recording (call) announced", "recording (call): pending", "recording (ring): pending",
        "transcript",
    ]  # fmt: skip
    places = [told.out.rindex(word) for word in order]
    assert places == sorted(places)
    assert "+70 s" in told.out
    assert not any(word in told.out for word in (*NUMBERS, "Signature", "a secret word"))


def test_a_call_through_huawei_is_told_as_well(ops: Ops) -> None:
    """Its id is written with the vendor's name; the recording is found by the call record's id."""
    ops.store.take_in([envelope(event("callin", caller=A, called=X)), envelope(fee(record()))])
    told = ops.run(*SHOW, f"huawei:{SESSION}")
    assert told.code == 0
    order = ["initiated", "receipt callin", "answered", "receipt fee", "announced", "recording (call): pending"]
    places = [told.out.rindex(word) for word in order]
    assert places == sorted(places)
    assert "139****0001 → 137****0003 through 170****0002" in told.out
    assert not any(number in told.out for number in (A, B, X))
    (found,) = ops.run(*FIND, "--number", X, "--json").lines
    assert found["call_id"] == f"huawei:{SESSION}"


def test_a_revealed_call_shows_its_parties(ops: Ops) -> None:
    """Only when it is asked for."""
    told_of(ops)
    assert all(number in ops.run(*SHOW, "c1", "--reveal").out for number in NUMBERS)


def test_a_call_for_machines_is_masked_unless_revealed(ops: Ops) -> None:
    """The whole rows: revealed, exactly as they are stored."""
    told_of(ops)
    masked = ops.run(*SHOW, "c1", "--json").out
    assert not any(word in masked for word in (*NUMBERS, "Signature", "a secret word"))
    assert set(json.loads(json.loads(masked)["call"]["facts"])) == {
        "SecretReport",
        "SecretRingReport",
        "SecretRecording",
    }
    (revealed,) = ops.run(*SHOW, "c1", "--json", "--reveal").lines
    tables = ops.store.tables()
    assert [revealed["call"]] == tables["calls"]
    assert [revealed["transcript"]] == tables["transcripts"]
    by_id = sorted(revealed["recordings"], key=lambda row: str(row["recording_id"]))
    assert by_id == sorted(tables["recordings"], key=lambda row: str(row["recording_id"]))


def test_a_call_that_has_only_begun_is_shown(ops: Ops) -> None:
    """And one whose facts this version cannot read."""
    ops.store.take_in([push("SecretStartReport", [started("c1")])])
    told = ops.run(*SHOW, "c1")
    assert all(word in told.out for word in ("initiated", "no recording announced", "no transcript"))
    (row,) = ops.store.tables()["calls"]
    key = [(name, row[name]) for name in ("shard", "call_id")]
    new = tablestore.Row(key, {"PUT": [("facts", '{"SecretFutureReport": {}}')]})
    ops.store.client.update_row("calls", new, tablestore.Condition("IGNORE"))
    assert "receipts that this version cannot read" in ops.run(*SHOW, "c1").out


def test_a_call_that_is_not_there_is_told(ops: Ops) -> None:
    """One line, with where to look."""
    told = ops.run(*SHOW, "c1")
    assert (told.code, told.out, len(told.err.splitlines())) == (1, "", 1)
    assert "There is no call c1" in told.err


def call(call_id: str, at: str, **fields: Any) -> dict[str, Any]:
    """A call of that moment in China."""
    return ended(call_id, call_time=at, ring_time=at, start_time=at, release_time="2026-11-22 00:00:00", **fields)


@pytest.fixture
def filled(ops: Ops) -> Ops:
    """Five calls of two orders, bindings and numbers; one has no moment."""
    one, two = {"out_id": "o1", "sub_id": 1}, {"out_id": "o2", "sub_id": 2, "secret_no": "17000000009"}
    ops.store.take_in(
        [
            push("SecretReport", [call("c2", "2026-11-20 10:00:00", **one), call("c1", "2026-11-20 09:00:00", **one)]),
            push(
                "SecretReport", [call("c3", "2026-11-21 09:00:00", **one), call("c4", "2026-11-21 10:00:00", **two)], 2
            ),
            push("SecretStartReport", [started("c5", **one)], 3),
        ]
    )
    return ops


# Through an index that is in order of time, and one that is not.
BOTH_WAYS = (["--order", "o1"], ["--number", "17000000002"])


def local(moment: str) -> str:
    """A moment in China on this machine's clock, as an option takes it."""
    return f"{datetime.fromisoformat(moment + '+08:00').astimezone():%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("asked", "calls"),
    [
        (["--order", "o1"], ["c3", "c2", "c1", "c5"]),
        (["--binding", "2"], ["c4"]),
        (["--number", "17000000002"], ["c3", "c2", "c1"]),
        (["--number", "17000000009"], ["c4"]),
        (["--order", "o1", "--limit", "2"], ["c3", "c2"]),
        (["--number", "17000000002", "--limit", "2"], ["c3", "c2"]),
        *(
            ([*by, "--since", "2026-11-20 10:00:00", "--until", "2026-11-21 09:00:00"], ["c2"])
            for by in (["--order", "o1"], ["--binding", "1"], ["--number", "17000000002"])
        ),
        *(([*by, "--since", "2026-11-20 10:00:00"], ["c3", "c2"]) for by in BOTH_WAYS),
        *(([*by, "--until", "2026-11-20 10:00:00"], ["c1"]) for by in BOTH_WAYS),
    ],
)
def test_calls_are_found_newest_first(filled: Ops, asked: list[str], calls: list[str]) -> None:
    """By order, binding and number, between two moments, no more than the limit; masked unless revealed."""
    asked = [local(word) if word.startswith("2026-") else word for word in asked]
    found = filled.run(*FIND, *asked, "--json")
    assert [row["call_id"].removeprefix("aliyun:") for row in found.lines] == calls
    assert "13900000001" not in found.out
    table = filled.run(*FIND, *asked).out
    assert [line.split()[2 if line.startswith("2026") else 0] for line in table.splitlines()[1:]] == calls
    assert "13900000001" not in table
    assert "13900000001" in filled.run(*FIND, *asked, "--reveal").out


def test_a_limit_reads_no_more_of_a_number_than_it_needs(filled: Ops) -> None:
    """A busy number has a hundred thousand calls."""
    with filled.store.counted() as calls:
        filled.run(*FIND, "--number", "17000000002", "--limit", "1")
    assert calls == {"GetRange": 1, "BatchGetRow": 1}


def test_the_table_fits_80_columns(filled: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ids as long as the vendor's."""
    filled.store.take_in(
        [push("SecretReport", [call("7b3d90c4e1f20a017b3d90c4", "2026-11-20 10:00:00", out_id="o1")], 9)]
    )
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, filled.run(*FIND, "--order", "o1").out.splitlines())) <= 80


def test_no_call_is_no_error(filled: Ops) -> None:
    """It is said aside, so that machines read nothing."""
    told = filled.run(*FIND, "--order", "o3")
    assert (told.code, told.out) == (0, "")
    assert "no such calls" in told.err
    assert filled.run(*FIND, "--order", "o3", "--json").out == ""


def test_calls_are_found_by_how_long_ago_they_began(ops: Ops) -> None:
    """As `receipts gaps` takes it."""
    begun = datetime.now(timezone.utc) - timedelta(hours=30)
    at = begun.astimezone(timezone(timedelta(hours=8))).strftime("%Y-%m-%d %H:%M:%S")
    ops.store.take_in([push("SecretReport", [ended("c1", call_time=at, release_time=at, out_id="o1")], 1)])
    for between, found in (
        (["--since", "2d"], 1),
        (["--since", "24h"], 0),
        (["--until", "1d"], 1),
        (["--until", "36h"], 0),
    ):
        assert len(ops.run(*FIND, "--order", "o1", "--json", *between).lines) == found


def test_a_call_of_huawei_is_shown_by_the_vendors_id(ops: Ops) -> None:
    """Nobody has to know that the key says whose it is."""
    ops.store.take_in([envelope(event("callout"))])
    names = SESSION, f"huawei:{SESSION}", f"aliyun:{SESSION}"
    assert [ops.run(*SHOW, name).code for name in names] == [0, 0, 1]


@pytest.mark.parametrize("asked", [[], ["--order", "o1", "--number", "1"], ["--order", "o1", "--since", "never"]])
def test_a_question_that_is_none_is_told(ops: Ops, asked: list[str]) -> None:
    """Exit code 2, before anything is asked."""
    assert ops.run(*FIND, *asked).code == 2


def test_times_are_on_the_clock_of_this_machine(ops: Ops) -> None:
    """With its zone."""
    told_of(ops)
    began = datetime.fromisoformat("2026-11-20T12:00:00+08:00").astimezone()
    assert f"{began:%Y-%m-%d %H:%M:%S}" in ops.run(*SHOW, "c1").out
