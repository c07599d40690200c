"""A line per event: JSON, complete, at its level, without the logging module."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import receipts
from receipts.logs import Log, place
from tests.receipts.support import PROPERTY

SHARED = str(Path(receipts.__file__).parents[1])
EDGE = ["credentials", "deadline", "edge.aliyun", "edge.http_event", "errors", "journal.envelope"]
EDGE += ["journal.messages", "journal.queue", "journal.spans", "logs", "masking", "refusal_codes", "settings"]
HEAVY = [
    "asyncio",
    "concurrent.futures",
    "dataclasses",
    "inspect",
    "logging",
    "pydantic",
    "tablestore",
    "typing_extensions",
]


def test_a_line_says_who_what_and_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Level, function, event, request id and the fields, in one line of JSON."""
    Log("ingest").warning("batch not stored", "r-1", messages=3, why="用尽")
    assert capsys.readouterr().out == (
        '{"level":"warning","function":"ingest","event":"batch not stored","request_id":"r-1",'
        '"messages":3,"why":"\\u7528\\u5c3d"}\n'
    )


@pytest.mark.parametrize(
    ("level", "written"),
    [
        ("info", ["info", "warning"]),
        ("INFO", ["info", "warning"]),
        ("warning", ["warning"]),
        ("Warning", ["warning"]),
        ("loud", ["info", "warning"]),
    ],
)
def test_the_level_is_the_least_that_is_written(
    level: str, written: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """`warning` leaves out what went as it should; a word that is no level hides nothing."""
    log = Log("receive", level)
    log.info("push journalled", "r-1")
    log.warning("push refused", "r-1")
    assert [json.loads(line)["level"] for line in capsys.readouterr().out.splitlines()] == written


@given(st.text(), st.text(), st.dictionaries(st.from_regex(r"[a-z]{2,8}_x", fullmatch=True), st.text() | st.integers()))
@PROPERTY
def test_a_line_is_one_line_whatever_it_holds(event: str, request_id: str, fields: dict[str, str | int]) -> None:
    """Line breaks and half characters in a field do not make two lines of one."""
    out, sys.stdout = sys.stdout, StringIO()
    try:
        Log("receive").info(event, request_id, **fields)
        text = sys.stdout.getvalue()
    finally:
        sys.stdout = out
    assert text.splitlines() == [text[:-1]]
    assert text.isascii()
    assert json.loads(text) == {
        "level": "info",
        "function": "receive",
        "event": event,
        "request_id": request_id,
        **fields,
    }


def test_a_log_that_nobody_takes_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed standard output costs the line, not the batch that was stored."""
    closed = StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stdout", closed)
    Log("ingest").info("batch stored", "r-1")


def test_law_privacy_an_unforeseen_error_is_told_by_kind_and_place() -> None:
    """File and line of where it was raised, never its message; an error that was not raised has no place."""
    try:
        json.loads("13900000001x")
    except ValueError as error:
        told = place(error)
    assert told.startswith("JSONDecodeError at decoder.py:")
    assert "13900000001" not in told
    assert place(KeyError("13900000001")) == "KeyError at "


@pytest.mark.parametrize("module", EDGE)
def test_what_receive_loads_is_of_the_standard_library(module: str) -> None:
    """Without site-packages each module loads, and brings neither `logging` nor anything as heavy with it."""
    script = f"import sys; before = set(sys.modules); import receipts.{module}; print(*set(sys.modules) - before)"
    env = {**os.environ, "PYTHONPATH": SHARED}
    run = subprocess.run([sys.executable, "-S", "-c", script], env=env, capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(run.stdout.split())
    assert f"receipts.{module}" in run.stdout.split()
