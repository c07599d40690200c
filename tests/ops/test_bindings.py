"""`receipts bindings`: the rule book is written whole or not at all, and shown masked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from local.demo.reading import rows_of
from receipts.store import schema
from receipts.store.sdk import tablestore
from tests.store.support import READ, WRITE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ops.conftest import Ops, Told

X, A, B = "+8617000000002", "+8613900000001", "+8613700000003"
WRITTEN = ("17000000002", "13900000001", "13700000003")
CONNECT = ("set", "17000000002", "--call", "connect", "--callee", "137-0000-0003")


def run(ops: Ops, *arguments: str) -> Told:
    """The command."""
    return ops.run("bindings", *arguments)


def book(ops: Ops) -> list[dict[str, Any]]:
    """Every row."""
    return list(rows_of(ops.store.client, schema.BINDINGS))


def imported(ops: Ops, folder: Path, text: str | bytes, *options: str) -> Told:
    """What came of a file."""
    file = folder / "rules.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run(ops, "import", str(file), *options)


def test_a_row_is_written_in_the_one_form(ops: Ops) -> None:
    """However a number is typed, it is found by the question; everything the table has can be said."""
    more = ("--record", "--record-tone", "hint.wav", "--max-minutes", "30", "--last-minute-tone", "last.wav")
    told = run(ops, *CONNECT, "--party", "139 0000 0001", *more, "--user-data", "订单", "--text", "Discard")
    assert (told.code, told.out) == (0, "The row is written.\n")
    assert book(ops) == [
        {
            "number_x": X,
            "party": A,
            "call": "connect",
            "callee": B,
            "record": "true",
            "record_tone": "hint.wav",
            "max_minutes": 30,
            "last_minute_tone": "last.wav",
            "user_data": "订单",
            "text": "discard",
        }
    ]
    assert not any(number in told.out + told.err for number in WRITTEN)


def test_set_replaces_the_row_and_can_be_repeated(ops: Ops) -> None:
    """What is not given is gone, but for an operator's own columns; the same once more changes nothing."""
    run(ops, *CONNECT, "--wait-tone", "wait.wav")
    row = tablestore.Row([("number_x", X), ("party", "*")], {"PUT": [("note", "ours")]})
    ops.store.client.update_row("bindings", row, tablestore.Condition("IGNORE"))
    assert run(ops, *CONNECT).out == "The row is written.\n"
    assert book(ops) == [{"number_x": X, "party": "*", "call": "connect", "callee": B, "note": "ours"}]
    with ops.store.counted() as calls:
        assert run(ops, *CONNECT).out == "The row said so already.\n"
    assert calls == {READ: 1}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("x", "--call", "close"), "number_x: is no number"),
        ((X, "--party", "x", "--call", "close"), "party: is neither a number nor *"),
        ((X,), "it says nothing"),
        ((X, "--callee", B), "call: is blank, and callee is not"),
        ((X, "--text-receiver", B), "text: is blank, and text_receiver is not"),
        ((X, "--call", "connect"), "callee"),
        ((X, "--call", "connect", "--callee", B, "--record"), "record_tone"),
        ((X, "--call", "connect", "--callee", B, "--display-number", A), "display_number: is not number_x"),
        ((X, "--text", "forward", "--text-receiver", "secret"), "text_receiver: is not a number"),
    ],
)
def test_a_bad_row_is_refused_in_one_line(ops: Ops, arguments: tuple[str, ...], told: str) -> None:
    """It names the column and not the value, and nothing is written."""
    ended = run(ops, "set", *arguments)
    assert ended.code == 1
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert not any(value in ended.err for value in (A, B, "secret"))
    assert book(ops) == []


def test_another_display_number_needs_insisting(ops: Ops) -> None:
    """Carriers block such calls: whoever insists is warned."""
    told = run(ops, *CONNECT, "--display-number", A, "--insist")
    assert told.code == 0
    assert "carriers block" in told.err
    assert book(ops)[0]["display_number"] == A
    assert "carriers block" not in run(ops, *CONNECT, "--display-number", "17000000002").err


def test_the_list_masks_unless_revealed(ops: Ops) -> None:
    """Tables and lines for machines alike."""
    run(ops, *CONNECT, "--party", A, "--user-data", "call 13900000001", "--max-minutes", "5")
    run(ops, "set", "17000000005", "--text", "discard")
    assert [row["party"] for row in run(ops, "list", "--json", "--reveal").lines] == [A, "*"]
    assert [row["number_x"] for row in run(ops, "list", "--json", "--number", "170 0000 0005").lines] == ["170****0005"]
    for arguments in (("list",), ("list", "--json")):
        told = run(ops, *arguments)
        assert not any(number in told.out for number in WRITTEN)
        assert "137****0003" in told.out
        revealed = run(ops, *arguments, "--reveal").out
        assert all(number in revealed for number in WRITTEN)
    assert "connect → 137****0003, max_minutes 5" in run(ops, "list").out
    assert "the first 1" in run(ops, "list", "--limit", "1").err


def test_an_empty_rule_book_says_what_that_means(ops: Ops) -> None:
    """Nobody wonders why every call is closed."""
    assert "every call is closed" in run(ops, "list").err


def test_rows_are_removed(ops: Ops) -> None:
    """One party's, or all of a number's; the others stay."""
    for party in ("*", A, B):
        run(ops, *CONNECT, "--party", party)
    run(ops, "set", "17000000005", "--text", "discard")
    assert run(ops, "remove", X).code == 2
    assert run(ops, "remove", X, "--party", "17000000009").err == "There is no such row.\n"
    assert run(ops, "remove", "170-0000-0002", "--party", "*").out == "1 row removed.\n"
    ops.store.server.faults.plan(Fault(status=503, code="OTSServerBusy"), on="DeleteRow")
    assert run(ops, "remove", X, "--all", "--yes").out == "2 rows removed.\n"
    assert [row["number_x"] for row in book(ops)] == ["+8617000000005"]


def test_a_file_is_imported_and_again(ops: Ops, tmp_path: Path) -> None:
    """In any order of columns, with Excel's mark, blank lines and cells; told is what changed. Others stay."""
    run(ops, "set", "17000000005", "--text", "discard")
    lines = "\ufeffparty,number_x,CALL ,callee,text\r\n*,17000000002,close,,discard\r\n\r\n"
    text = lines + "13900000001,17000000002,connect,13700000003,\r\n"
    dry = imported(ops, tmp_path, text, "--dry-run")
    assert dry.out == "Nothing is written. It would be: 2 new, 0 changed, 0 as they were.\n"
    assert len(book(ops)) == 1
    assert imported(ops, tmp_path, text).out == "2 new, 0 changed, 0 as they were.\n"
    assert book(ops) == [
        {"number_x": X, "party": "*", "call": "close", "text": "discard"},
        {"number_x": X, "party": A, "call": "connect", "callee": B},
        {"number_x": "+8617000000005", "party": "*", "text": "discard"},
    ]
    changed = imported(ops, tmp_path, text.replace("close", "connect").replace("connect,,", "connect,13700000003,"))
    assert changed.out == "0 new, 1 changed, 1 as they were.\n"


def test_a_file_with_one_bad_line_writes_nothing(ops: Ops, tmp_path: Path) -> None:
    """Every fault is told with its line and column, none with its value."""
    lines = [
        "number_x,party,call,callee,max_minutes",
        "17000000002,*,connect,13700000003,5",
        "1.70E+10,*,connect,sécret,5",
        "17000000002,139-0000-0001,close,,",
        "17000000002,+8613900000001,close,,",
        "17000000002,13900000009,connect,13700000003,5000",
        '17000000002,13900000008,"con\nnect",13700000003,',
        "17000000002,,close,,",
        "17000000002,*",
    ]
    told = imported(ops, tmp_path, "\n".join(lines))
    assert told.code == 1
    assert told.err.splitlines() == [
        "Line 3, number_x: is no number, such as +86 and what is dialled without the 0",
        "Line 3, callee: is not a number in the global form, such as +86 and what is dialled without the 0",
        "Line 5: is about the same number_x and party as line 4",
        "Line 6, max_minutes: is not a whole number from 0 to 1440",
        "Line 7, call: is not 'connect' or 'close'",
        "Line 9, party: is neither a number nor *, which is everybody",
        "Line 10: has 2 cells, and the first line 5",
        "Nothing is written.",
    ]
    assert book(ops) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "number_x is missing"),
        (b"number_x,call\n", "party is missing"),
        (b"17000000002,*,close\n", "Line 1, column 1: not a column's name"),
        (b"number_x,party,number_x\n", "Line 1, column 3: number_x stands there twice"),
        (b"number_x,party,call\n\xb6\xa9\xb5\xa5", "not UTF-8"),
        (b'number_x,party,call\n"a"b,*,close\n', "Line 2 is not CSV"),
    ],
)
def test_what_is_no_such_file_is_told_in_one_line(ops: Ops, tmp_path: Path, text: bytes, told: str) -> None:
    """Whoever exported it learns what to do."""
    ended = imported(ops, tmp_path, text)
    assert ended.code == 1
    assert told in ended.err
    assert "Traceback" not in ended.err
    assert "17000000002" not in ended.err
    assert "whose first line has some of number_x, party, call" in run(ops, "import", str(tmp_path / "none.csv")).err


def test_many_rows_are_written_in_batches(ops: Ops, tmp_path: Path) -> None:
    """A hundred at a time; what is busy is tried again, and what was broken off is done by running it again."""
    text = "number_x,party,call\n" + "".join(f"17000000002,1390000{number:04},close\n" for number in range(250))
    ops.store.server.faults.plan(Fault(status=403, code="OTSAuthFailed"), on=WRITE, skip=1)
    told = imported(ops, tmp_path, text)
    assert told.code == 1
    assert "Broken off after 100 of 250 rows" in told.err
    ops.store.server.faults.plan(Fault(fail_parts=(3,), code="OTSServerBusy"), on=WRITE)
    with ops.store.counted() as calls:
        assert imported(ops, tmp_path, text).out == "150 new, 0 changed, 100 as they were.\n"
    assert calls[WRITE] == 3
    assert len(book(ops)) == 250
