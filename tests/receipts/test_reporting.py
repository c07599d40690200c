"""How a function tells of its work: its lines, its time, and what breaks it off."""

from __future__ import annotations

import json
import traceback
from typing import Any, Literal

import pytest

from receipts.errors import Defect, ReceiptsError, StoreForbidden, StoreUnavailable
from receipts.logs import Log
from receipts.reporting import Line, broken_off, stopwatch, tell

LINK = "https://files.example.com/13900000001?Signature=secret"
MS = 7


def took() -> int:
    """So long, whatever was done."""
    return MS


def broken(error: BaseException, **fields: object) -> None:
    """Work that breaks off."""
    with broken_off(Log("sweep"), "sweep broken off", "r-1", took, **fields):
        raise error


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines written since."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("level", ["info", "warning"])
def test_a_line_is_told_at_its_level(level: Literal["info", "warning"], capsys: pytest.CaptureFixture[str]) -> None:
    """With its own fields first, then those of whoever tells it."""
    tell(Log("sweep"), Line(level, "sweep done", {"lost": 1}), "r-1", ms=MS)
    (line,) = logged(capsys)
    head = {"level": level, "function": "sweep", "event": "sweep done", "request_id": "r-1"}
    assert list(line.items()) == list({**head, "lost": 1, "ms": MS}.items())


def test_a_stopwatch_tells_milliseconds_since_it_was_made() -> None:
    """By the clock that it is given, as whole numbers, at every call."""
    times = iter([100.0, 100.25, 101.0])
    watch = stopwatch(lambda: next(times))
    assert [watch(), watch()] == [250, 1000]


def test_work_that_goes_well_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """The line of a good end is the function's own."""
    with broken_off(Log("sweep"), "sweep broken off", "r-1", took):
        pass
    assert logged(capsys) == []


@pytest.mark.parametrize("error", [StoreUnavailable("busy"), StoreForbidden("no right")], ids=["passing", "for good"])
def test_an_error_of_ours_is_told_and_raised_as_it_is(error: ReceiptsError, capsys: pytest.CaptureFixture[str]) -> None:
    """With why, what to do, the fields that were given, and the time, in this order."""
    with pytest.raises(type(error)) as caught:
        broken(error, messages=3)
    assert caught.value is error
    (line,) = logged(capsys)
    about = {"why": str(error), "do": error.advice, "messages": 3, "ms": MS}
    head = {"level": "warning", "function": "sweep", "event": "sweep broken off", "request_id": "r-1"}
    assert list(line.items()) == list({**head, **about}.items())


def test_law_privacy_any_other_error_becomes_a_defect(capsys: pytest.CaptureFixture[str]) -> None:
    """Its kind and place are told; its message is in no line, no error and no traceback, nor is that of its cause."""
    cause = KeyError(LINK)
    error = ValueError(LINK)
    error.__cause__ = cause
    with pytest.raises(Defect) as caught:
        broken(error)
    (line,) = logged(capsys)
    assert line["why"] == str(caught.value)
    assert line["why"].startswith("ValueError at test_reporting.py:")
    assert line["do"] == "report this defect"
    shown = "".join(traceback.format_exception(caught.value)) + json.dumps(line)
    assert "Defect" in shown
    assert "secret" not in shown
    assert "13900000001" not in shown


def test_the_end_of_the_process_is_nobodys_defect(capsys: pytest.CaptureFixture[str]) -> None:
    """What ends an instance goes on as it is, without a line."""
    with pytest.raises(KeyboardInterrupt):
        broken(KeyboardInterrupt())
    assert logged(capsys) == []
