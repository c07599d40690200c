"""`receipts dead-letters replay`: bytes that could not be a row become one once the cause is mended."""

from __future__ import annotations

import io
import itertools
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from mns.account import Account

from local.cloud.faults import Fault
from receipts.aliyun import catalogue
from receipts.domain.letter import Letter
from receipts.errors import InvalidReceipt
from receipts.intake.parsing import told_by
from receipts.recordings.jobs import recording_id
from receipts.store.letters import pending
from receipts.store.rows import Answer, Write
from receipts.store.sdk import tablestore
from tests.ops.rows import without_moments
from tests.store.support import KEY, READ, RECEIVED_AT, WRITE, Clock, ended, push, started

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ops.conftest import Ops
    from tests.store.support import Row

# A type that this version knows, and an earlier one did not.
NEW, LIKE = "SecretFutureReport", "SecretReport"


@pytest.fixture
def learn(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the catalogue that of the next version, which knows one type more."""
    known = catalogue.MESSAGE_TYPES[LIKE]
    return lambda: monkeypatch.setitem(catalogue._BY_ANY_CASE, NEW.lower(), known)


def test_law_poison_a_replayed_letter_whose_cause_was_mended_ends_as_a_row(ops: Ops, learn: Callable[[], None]) -> None:
    """The row is the one that it would have given; the letter says so, and was seen no oftener."""
    ops.store.take_in([push(LIKE, [ended("c1")])])
    reference = ops.store.drained()["calls"]
    ops.store.take_in([push(NEW, [ended("c1")])])
    before = ops.letter
    learn()
    told = ops.replay(str(before["letter_id"]))
    assert (told.code, ops.store.tables()["calls"]) == (0, reference)
    after = ops.letter
    assert (after["state"], after["replay_result"]) == ("replayed", "1 receipt stored in calls")
    assert abs(after["replayed_at"] - time.time() * 1000) < 60_000
    unchanged = before.keys() - {"state", "revision"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert "1 receipt stored in calls" in told.out


def test_law_poison_a_model_that_was_mended_makes_rows_of_invalid_letters(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A field that an earlier version could not read: each receipt of the push that failed becomes its row."""
    model = catalogue.MESSAGE_TYPES[LIKE].model

    def refuse(_: Any) -> Any:
        raise InvalidReceipt("release_time: is not a time")

    with monkeypatch.context() as earlier:
        earlier.setattr(model, "read", refuse)
        ops.store.take_in([push(LIKE, [ended("c1"), ended("c2")])])
    assert [letter["reason"] for letter in ops.store.letters()] == ["invalid", "invalid"]
    told = ops.replay("--all", "--reason", "invalid")
    assert (told.code, set(ops.store.calls())) == (0, {"c1", "c2"})
    assert {letter["state"] for letter in ops.store.letters()} == {"replayed"}
    assert told.out.split()[-2:] == ["replayed", "2"]


def test_replaying_twice_changes_nothing(ops: Ops, learn: Callable[[], None]) -> None:
    """A replayed letter says so; only --again sends it through once more, to the same rows."""
    ops.store.take_in([push(NEW, [ended("c1"), ended("c2")])])
    learn()
    ops.replay("--all")
    before = ops.store.tables()
    name = str(ops.letter["letter_id"])
    told = ops.replay(name)
    assert (told.code, ops.store.tables()) == (0, before)
    assert "replayed before" in told.out
    assert "--again" in told.out
    assert "2 receipts stored in calls" in told.out
    told = ops.replay("--again", name)
    assert told.out.split()[-2:] == ["replayed", "1"]
    after = ops.store.tables()
    assert [without_moments(row) for row in after.pop("dead_letters")] == [
        without_moments(row) for row in before.pop("dead_letters")
    ]
    assert after == before


def test_a_replayed_letter_that_is_bad_the_next_time_stays_replayed(ops: Ops) -> None:
    """Its row is there, whatever an older version says of it: the table keeps what is true."""
    ops.store.take_in([push("SecretRepotr", [ended("c1")])])
    ops.replay("--all", "--as", LIKE)
    before = ops.letter
    told = ops.replay("--all", "--again")
    assert (told.code, ops.letter) == (0, before)
    assert "still unknown_type" in told.out


def test_the_same_content_of_two_days_is_told_apart(ops: Ops, learn: Callable[[], None]) -> None:
    """One id, two letters: each is named with its day, and they are replayed together."""
    for days in (0, 1, 2):
        ops.store.take_in([push(NEW, [ended("c1")], days, at=RECEIVED_AT + days * 2 * 24 * 60 * 60 * 1000)])
    learn()
    names = [f"{row['day']}/{str(row['letter_id'])[:8]}" for row in ops.store.letters()]
    assert ops.replay(names[0], names[2], names[0]).out.split()[-2:] == ["replayed", "2"]
    assert [row["state"] for row in ops.store.letters()] == ["replayed", "open", "replayed"]


def test_law_order_a_letter_replayed_late_never_moves_a_row_back(ops: Ops, learn: Callable[[], None]) -> None:
    """What came since is newer: the old receipt joins, and the row is the same as in any other order."""
    old = started("c1", call_time="2026-11-20 11:59:00", out_id="old")
    ops.store.take_in([push(NEW, [ended("c1", release_time="2026-11-20 12:00:30", start_time="2026-11-20 12:00:20")])])
    ops.store.take_in([push(LIKE, [ended("c1")], 2), push("SecretStartReport", [old], 3)])
    before = ops.store.calls()
    learn()
    assert ops.replay("--all").code == 0
    assert ops.store.calls() == before


@pytest.mark.parametrize(
    ("message_type", "body", "reason"),
    [
        (LIKE, b'[{"call_id": ""}]', "invalid"),
        (LIKE, b'[{"call_id": "x", "call_ti', "not_json"),
        (LIKE, b"\xff\xfe", "not_json"),
        (NEW, b'[{"call_id": "13900000001"}]', "unknown_type"),
        ("SecretStartReport", json.dumps({"call_id": "x", "y": "z" * 2_100_000}).encode(), "too_large"),
    ],
)
def test_a_letter_that_is_bad_still_stays_open_and_says_why(
    ops: Ops, message_type: str, body: bytes, reason: str
) -> None:
    """It was tried, so the exit code is 0; it counts as no sighting, and trying again writes nothing."""
    ops.store.take_in([push(message_type, body)])
    before = ops.letter
    told = ops.replay("--all")
    assert told.code == 0
    after = ops.letter
    assert (after["state"], after["seen"], after["sightings"]) == ("open", 1, before["sightings"])
    assert after["replay_result"] == f"still {reason}: {before['error']}"
    assert "replayed_at" not in after
    assert told.out.split()[-4:] == ["still", "bad:", reason, "1"]
    assert "13900000001" not in told.out + told.err + str(after["replay_result"])
    with ops.store.counted() as calls:
        ops.replay("--all")
    # A row that is too large is refused before it is written.
    assert calls[WRITE] == 0
    assert ops.letter == after


def test_a_body_of_good_and_bad_receipts_is_stored_in_part_and_stays_open(ops: Ops, learn: Callable[[], None]) -> None:
    """The good ones have their rows; the letter says how many are bad."""
    ops.store.take_in([push(NEW, [ended("c1"), {"call_id": ""}, 5, ended("c2")])])
    learn()
    ops.replay("--all")
    assert set(ops.store.calls()) == {"c1", "c2"}
    assert ops.letter["state"] == "open"
    assert ops.letter["replay_result"] == "still bad: 2 invalid of 4 receipts; the first: call_id: is blank"


def test_a_letter_under_the_wrong_type_is_read_as_another(ops: Ops) -> None:
    """An address entered in the wrong tab of the console: --as says what was meant."""
    ops.store.take_in([push("SecretRepotr", [ended("c1")])])
    assert ops.run("dead-letters", "replay", "--all", "--yes", "--as", "Nothing").code == 2
    assert ops.replay("--all", "--as", LIKE).code == 0
    assert ops.store.calls()["c1"]["outcome"] == "answered"
    assert ops.letter["type"] == "SecretRepotr"


def test_a_letter_seen_anew_after_its_replay_is_open_again(ops: Ops, learn: Callable[[], None]) -> None:
    """An earlier version still running somewhere: the result of the replay stays to be read."""
    with pytest.MonkeyPatch.context() as version:
        known = catalogue.MESSAGE_TYPES[LIKE]
        ops.store.take_in([push(NEW, [ended("c1")])])
        version.setitem(catalogue._BY_ANY_CASE, NEW.lower(), known)
        ops.replay("--all")
    ops.store.take_in([push(NEW, [ended("c1")])])
    assert ops.letter["state"] == "replayed"
    ops.store.take_in([push(NEW, [ended("c1")], 2)])
    assert (ops.letter["state"], ops.letter["seen"]) == ("open", 2)
    assert ops.letter["replay_result"] == "1 receipt stored in calls"
    learn()
    ops.replay("--all")
    assert (ops.letter["state"], ops.letter["seen"]) == ("replayed", 2)


def test_a_sighting_that_was_read_before_the_mark_is_not_written_over_it(ops: Ops, learn: Callable[[], None]) -> None:
    """`ingest` and the command at once: whoever is second reads again, so that neither loses the other's work."""
    ops.store.take_in([push(NEW, [ended("c1")])])
    letters = [one for one in told_by(push(NEW, [ended("c1")], 2)) if isinstance(one, Letter)]
    (again,) = pending(ops.store.rows, letters, Clock().patience())
    (before,) = ops.store.rows.read([again])
    learn()
    ops.replay("--all")
    columns = again.merged(before.columns)
    assert columns is not None
    (result,) = ops.store.rows.write([Write(again, columns, before.columns)])
    assert result.answer is Answer.CONFLICT
    assert ops.letter["state"] == "replayed"


def test_what_an_operator_noted_beside_a_letter_stays(ops: Ops, learn: Callable[[], None]) -> None:
    """Columns that nobody here knows are kept, and a row without a revision is taken over."""
    ops.store.take_in([push(NEW, [ended("c1")])])
    key = [("day", ops.letter["day"]), ("letter_id", ops.letter["letter_id"])]
    row = tablestore.Row(key, {"PUT": [("note", "asked the vendor")], "DELETE_ALL": ["revision"]})
    ops.store.client.update_row("dead_letters", row, tablestore.Condition("IGNORE"))
    learn()
    ops.replay("--all")
    assert (ops.letter["state"], ops.letter["note"]) == ("replayed", "asked the vendor")


def test_a_replay_asks_for_the_recordings_that_are_announced(ops: Ops) -> None:
    """As if the receipt had come when it came: the recording's time counts from then."""
    receipt = {"call_id": "c1", "pool_key": "FC1", "call_time": RECEIVED_AT}
    ops.store.take_in([push("SecretRecordink", [receipt])])
    told = ops.replay("--all", "--as", "SecretRecording")
    assert "1 receipt stored in calls, 1 recording asked for" in told.out
    (row,) = ops.store.tables()["recordings"]
    assert (row["recording_id"], row["announced_at"]) == ("aliyun:c1:call", RECEIVED_AT)
    account = Account(ops.store.mns.endpoint, KEY.key_id, KEY.secret)
    queue = account.get_queue("recordings")
    message = queue.receive_message(0)
    queue.delete_message(message.receipt_handle)
    account.mns_client.close_connection()
    assert recording_id(bytes(message.message_body).decode()) == "aliyun:c1:call"


def test_filters_choose_what_is_replayed(ops: Ops, learn: Callable[[], None]) -> None:
    """Day, type and reason together; the others are not touched."""
    day = 24 * 60 * 60 * 1000
    ops.store.take_in([push(NEW, [ended("c1")], 1), push(NEW, [ended("c2")], 2, at=RECEIVED_AT + 2 * day)])
    ops.store.take_in([push("Other", [ended("c3")], 3), push(LIKE, b"{", 4)])
    learn()
    assert ops.replay("--day", "20261120", "--type", NEW.lower(), "--reason", "unknown_type").code == 0
    assert set(ops.store.calls()) == {"c1"}
    ops.replay("--since", "2026-11-22")
    assert set(ops.store.calls()) == {"c1", "c2"}
    assert sorted(letter["state"] for letter in ops.store.letters()) == ["open", "open", "replayed", "replayed"]


@pytest.mark.parametrize(("answer", "code", "calls"), [("n\n", 1, set()), ("", 1, set()), ("y\n", 0, {"c1"})])
def test_without_yes_it_asks_before_it_replays_what_filters_choose(
    ops: Ops, learn: Callable[[], None], answer: str, code: int, calls: set[str]
) -> None:
    """A no, and a standard input without anybody, leave everything as it is."""
    ops.store.take_in([push(NEW, [ended("c1")])])
    learn()
    ops.monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    told = ops.run("dead-letters", "replay", "--all")
    assert (told.code, set(ops.store.calls())) == (code, calls)
    assert "Replay 1 dead letter?" in told.err


def test_neither_letters_nor_filters_is_a_mistake(ops: Ops) -> None:
    """Nobody replays everything by leaving something out; and not both at once."""
    assert ops.run("dead-letters", "replay").code == 2
    assert ops.run("dead-letters", "replay", "abcd", "--all").code == 2


def test_law_acknowledge_a_store_in_trouble_is_a_failure_and_the_letter_stays_open(
    ops: Ops, learn: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 1 with the service's code; the next replay does the rest."""
    monkeypatch.setattr("ops.reading.PATIENCE_SECONDS", 0.1)
    ops.store.take_in([push(NEW, [ended("c1")])])
    learn()
    ops.store.server.faults.plan(Fault(status=503, code="OTSServerBusy"), on=WRITE, times=None)
    told = ops.replay("--all")
    assert told.code == 1
    assert "OTSServerBusy" in told.out
    assert told.out.split()[-2:] == ["failed", "1"]
    ops.store.server.faults.clear()
    assert ops.letter["state"] == "open"
    assert ops.replay("--all").code == 0
    assert ops.letter["state"] == "replayed"


def test_a_service_that_is_down_is_not_asked_for_every_letter(
    ops: Ops, learn: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three failures in a row the rest is left, and told as not tried."""
    monkeypatch.setattr("ops.reading.PATIENCE_SECONDS", 0.1)
    ops.store.take_in([push(NEW, [ended(f"c{number}")], number) for number in range(5)])
    learn()
    ops.store.server.faults.plan(Fault(status=503, code="OTSServerBusy"), on=WRITE, times=None)
    told = ops.replay("--all")
    assert told.code == 1
    assert told.out.split()[-5:] == ["failed", "3", "not", "tried", "2"]
    ops.store.server.faults.clear()
    assert {letter["state"] for letter in ops.store.letters()} == {"open"}


@pytest.mark.parametrize("operation", [READ, WRITE])
def test_law_crash_a_replay_that_dies_after_any_call_is_done_by_the_next(
    ops: Ops, learn: Callable[[], None], operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers that are lost one after the other, the one of the mark included: the end is the same."""
    monkeypatch.setattr("ops.reading.PATIENCE_SECONDS", 0)
    ops.store.take_in([push(NEW, [ended("c1")])])
    tables = ops.store.tables()
    learn()
    ops.replay("--all")
    reference = ops.store.drained()
    for call in itertools.count():
        restored(ops, tables["dead_letters"])
        for _ in range(call):
            ops.store.server.faults.plan(Fault(), on=operation)
        ops.store.server.faults.plan(Fault(close_after=True), on=operation)
        died = ops.replay("--all").code
        ops.store.server.faults.clear()
        ops.replay("--all", "--again")
        found = ops.store.drained()
        assert found["calls"] == reference["calls"]
        assert without_moments(found["dead_letters"][0]) == without_moments(reference["dead_letters"][0])
        if not died:
            break
    assert call == 2 + (operation == READ)


def restored(ops: Ops, letters: list[Row]) -> None:
    """Put the letters back as they were."""
    for letter in letters:
        key = [(name, letter[name]) for name in ("day", "letter_id")]
        columns = [(name, value) for name, value in letter.items() if name not in dict(key)]
        ops.store.client.put_row("dead_letters", tablestore.Row(key, columns), tablestore.Condition("IGNORE"))
