"""`receipts dead-letters list` and `show`: what is there, and of its content no more than is asked for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.cloud.faults import Fault
from ops.dead_letters.listing import short_id_digits
from receipts.deadline import Deadline
from receipts.domain.letter import Letter
from receipts.journal.bucket import Bucket
from receipts.store.sdk import tablestore
from tests.store.buckets import settings_of
from tests.store.support import RECEIVED_AT, ended, push

if TYPE_CHECKING:
    from tests.ops.conftest import Ops

DAY = 24 * 60 * 60 * 1000
LIST, SHOW = ("dead-letters", "list"), ("dead-letters", "show")
NUMBER = "13900000001"
POISON = json.dumps([{"call_id": "", "phone_no": NUMBER}]).encode()
ROOT = Path(__file__).resolve().parents[2]


def test_the_open_letters_of_the_last_days_are_listed(ops: Ops) -> None:
    """Newest day first; older ones and those that were dealt with when they are asked for."""
    now = round(time.time() * 1000)
    for number, age in enumerate((20, 5, 0)):
        ops.store.take_in([push("SecretReport", b"%d" % number, number, at=now - age * DAY)])
    days = [letter["day"] for letter in ops.run(*LIST, "--json").lines]
    assert len(days) == 2
    assert days == sorted(days, reverse=True)
    mark(ops, state="replayed")
    assert len(ops.run(*LIST, "--json").lines) == 1
    assert len(ops.run(*LIST, "--json", "--all").lines) == 2
    assert [one["state"] for one in ops.run(*LIST, "--json", "--all", "--state", "replayed").lines] == ["replayed"]
    assert len(ops.letters()) == 3


def mark(ops: Ops, **columns: str) -> None:
    """Write columns into the newest letter by hand."""
    letter = max(ops.store.letters(), key=lambda row: str(row["day"]))
    row = tablestore.Row([(name, letter[name]) for name in ("day", "letter_id")], {"PUT": list(columns.items())})
    ops.store.client.update_row("dead_letters", row, tablestore.Condition("IGNORE"))


def test_filters_choose_letters(ops: Ops) -> None:
    """Day, beginning, reason, vendor, type."""
    ops.store.take_in([push("SecretReport", POISON, 1), push("SecretReport", b"{", 2), push("Other", b"1", 3)])
    unknown = Letter("bad_envelope", "unknown", "unknown", b"3", "wrong", RECEIVED_AT, "s")
    ops.store.take_in([push("Other", b"2", 4, at=RECEIVED_AT + DAY)], [unknown])
    for arguments, count in (
        ("", 5),
        ("--day 20261120", 4),
        ("--since 2026-11-21", 1),
        ("--reason invalid", 1),
        ("--vendor Unknown", 1),
        ("--type secretreport", 2),
        ("--type secretreport --reason not_json --vendor aliyun", 1),
    ):
        days = [] if "day" in arguments or "since" in arguments else ["--all"]
        assert len(ops.run(*LIST, "--json", *days, *arguments.split()).lines) == count, arguments


def test_within_a_day_the_letter_seen_last_comes_first(ops: Ops) -> None:
    """Whatever their ids."""
    for number in range(5):
        ops.store.take_in([push("SecretReport", b"%d" % number, number, at=RECEIVED_AT + number)])
    seen = [letter["last_seen_at"] for letter in ops.letters()]
    assert seen == sorted(seen, reverse=True)


def test_the_table_tells_what_a_person_needs(ops: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line per letter through a pipe; in 80 columns no line is longer, and the same is told."""
    ops.store.take_in([push("SecretExceptionPhoneReport", POISON, number) for number in (1, 2)])
    letter = ops.letter
    piped = ops.run(*LIST, "--all").out
    header, line = piped.splitlines()
    assert re.split(r"\s{2,}", header.strip()) == [
        "day", "id", "reason", "vendor", "type", "error", "seen", "bytes", "first seen", "last seen",
    ]  # fmt: skip
    told = ["20261120", letter["letter_id"][:8], "invalid", "aliyun", "secret_no: Field required", "2", "42"]
    assert all(word in line for word in told)
    assert "\x1b" not in piped
    monkeypatch.setenv("COLUMNS", "80")
    narrow = ops.run(*LIST, "--all").out
    assert max(map(len, narrow.splitlines())) <= 80
    assert all(word in " ".join(narrow.split()) for word in told if "secret_no" not in word)
    assert NUMBER not in piped + narrow


def test_short_ids_tell_letters_apart() -> None:
    """Eight digits, and more where two begin alike."""
    assert short_id_digits([]) == short_id_digits(["a" * 32, "a" * 32]) == 8
    assert short_id_digits(["0123456789", "0123456788"]) == 10


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "There are no open dead letters since"),
        (["--all", "--state", "any"], "There are no dead letters."),
        (["--day", "20260101", "--type", "x"], "There are no open dead letters like that of 20260101 (--all looks"),
    ],
)
def test_an_empty_list_says_where_else_to_look(ops: Ops, arguments: list[str], words: str) -> None:
    """Exit code 0, nothing on standard output."""
    told = ops.run(*LIST, *arguments)
    assert (told.code, told.out) == (0, "")
    assert told.err.startswith(words)


@pytest.mark.parametrize(
    "arguments", ["--day 2026", "--reason x", "--state x", "--day 20261120 --all", "--since 20261301"]
)
def test_a_mistake_in_a_filter_is_told(ops: Ops, arguments: str) -> None:
    """Exit code 2, with what the option takes; nothing is asked."""
    with ops.store.counted() as calls:
        told = ops.run(*LIST, *arguments.split())
    assert (told.code, told.out, dict(calls)) == (2, "", {})
    assert "Traceback" not in told.err


def test_a_letter_is_shown_masked(ops: Ops) -> None:
    """Everything that is known of it; of the body names and structure."""
    ops.store.take_in([push("SecretReport", POISON, number) for number in (1, 2)])
    mark(ops, note=f"called {NUMBER}")
    told = ops.run(*SHOW, ops.letter["letter_id"][:6])
    assert told.code == 0
    for word in (
        "invalid",
        "call_id: is blank",
        "2 times",
        f"{len(POISON) - 2} (utf-8)",
        '"phone_no": "###########"',
        "139****0001",
    ):
        assert word in told.out, word
    assert NUMBER not in told.out
    assert NUMBER in ops.run(*SHOW, ops.letter["letter_id"], "--reveal").out


@pytest.mark.parametrize("body", [b'{"a":\r\n "\x1b[31m" ', b"\xff\x00\r\n", b"[" + b"0123456789" * 210_000, b""])
def test_raw_writes_the_exact_bytes(ops: Ops, body: bytes) -> None:
    """Text, bytes and what was compressed, fit to be piped; shown, they do not steer the terminal."""
    ops.store.take_in([push("SecretReport", body)])
    name = str(ops.letter["letter_id"])
    assert ops.raw(*SHOW, name, "--raw") == (0, body, b"")
    assert "\x1b" not in ops.run(*SHOW, name, "--reveal").out
    assert ops.run(*SHOW, name).code == 0


def test_bytes_in_the_bucket_are_shown(ops: Ops) -> None:
    """They are listed without being fetched."""
    ops.store.take_in([], [Letter("invalid", "aliyun", "SecretReport", b"", "x", RECEIVED_AT, "s", "dead-letters/y")])
    assert ops.letters()[0]["bytes"] is None
    name = str(ops.letter["letter_id"])
    told = ops.run(*SHOW, name, "--raw")
    assert (told.code, told.out) == (1, "")
    assert "dead-letters/y" in told.err
    bucket = Bucket(settings_of(ops.bucket), time.time)
    bucket.put("dead-letters/y", b"whole", ops.store.keys, Deadline(10, time.monotonic))
    assert ops.raw(*SHOW, name, "--raw")[1] == b"whole"
    bucket.remove("dead-letters/y", ops.store.keys, Deadline(10, time.monotonic))
    bucket.close()


def test_a_name_means_one_letter_or_says_what_it_could_mean(ops: Ops) -> None:
    """The same content days apart has one id: the day tells which is meant."""
    for days in (0, 2):
        ops.store.take_in([push("SecretReport", POISON, days, at=RECEIVED_AT + days * DAY)])
    name = str(ops.store.letters()[0]["letter_id"])
    told = ops.run(*SHOW, name)
    assert told.code == 1
    assert f"20261120/{name}" in told.err
    assert f"20261122/{name}" in told.err
    assert ops.run(*SHOW, f"20261120/{name[:5]}").code == 0
    for wrong, words in (
        ("20261121/" + name, "There is no dead letter"),
        ("x" * 8, "named by its id"),
        ("0" * 8, "--all"),
    ):
        told = ops.run(*SHOW, wrong)
        assert (told.code, told.out, len(told.err.splitlines())) == (1, "", 1)
        assert words in told.err


def test_a_list_longer_than_a_page_is_whole_also_when_the_store_is_busy(ops: Ops) -> None:
    """Every letter once."""
    ops.store.take_in([push("SecretReport", list(range(450)))])
    ops.store.server.faults.plan(Fault(status=503, code="OTSServerBusy"), on="GetRange")
    assert len({letter["letter_id"] for letter in ops.letters()}) == 450


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"TABLE_PREFIX": "other_"}, "receipts provision"),
        ({"TABLESTORE_ENDPOINT": "http://127.0.0.1:9"}, "TABLESTORE_ENDPOINT"),
        ({"TABLESTORE_INSTANCE": ""}, "TABLESTORE_INSTANCE: is not set"),
        ({"ALIBABA_CLOUD_ACCESS_KEY_ID": ""}, "ALIBABA_CLOUD_ACCESS_KEY_ID: is not set. Your own keys"),
        ({"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "other"}, "OTSAuthFailed"),
    ],
)
@pytest.mark.parametrize(
    "arguments",
    [
        LIST,
        (*SHOW, "abcd"),
        ("dead-letters", "replay", "abcd"),
        ("calls", "show", "c1"),
        ("calls", "find", "--order", "o"),
    ],
    ids=" ".join,
)
def test_what_is_wrong_is_told_in_one_line(
    ops: Ops, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], settings: dict[str, str], words: str
) -> None:
    """Exit code 1, what to look at, no traceback, no secret."""
    monkeypatch.setattr("ops.reading.PATIENCE_SECONDS", 0.1)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    told = ops.run(*arguments)
    assert (told.code, told.out) == (1, "")
    (line,) = told.err.splitlines()
    assert line.startswith("receipts: ")
    assert words in line


COMMANDS = ("list", "show", "replay")


@pytest.mark.parametrize(
    "command",
    [
        "",
        "provision",
        "calls",
        "calls show",
        "calls find",
        "dead-letters",
        *(f"dead-letters {one}" for one in COMMANDS),
    ],
)
def test_every_command_has_help_with_an_example(ops: Ops, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """In 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    told = ops.run(*command.split(), "--help")
    assert told.code == 0
    assert "Example: receipts " in told.out
    assert max(map(len, told.out.splitlines())) <= 80


def test_help_loads_no_sdk() -> None:
    """It takes a fraction of a second, not seconds."""
    code = "import ops.main, sys; print({'tablestore', 'oss2', 'mns', 'pydantic', 'urllib3'} & set(sys.modules))"
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "shared")))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_good_receipts_are_no_letters(ops: Ops) -> None:
    """The usual day."""
    ops.store.take_in([push("SecretReport", [ended("c1")])])
    assert ops.letters() == []
