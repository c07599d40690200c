"""`make demo` as a person sees it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import local.demo.__main__ as demo
from local.story import Story, story

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_demo_shows_what_came_of_the_day_and_ends_well() -> None:
    """Calls, recordings with key and size, dead letters, acknowledgement times, where to look next; no full number."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'shared'}", "COLUMNS": "100"}
    run = subprocess.run(
        [sys.executable, "-m", "local.demo"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    for shown in ("Calls (20 of 40", "139****", "answered", "unknown_type", "invalid", "not_json", "Acknowledged"):
        assert shown in run.stdout
    assert "Everything that was pushed is there, once; every recording is in the bucket" in run.stdout
    assert "make up" in run.stdout
    assert len(re.findall(r"recordings/aliyun/\d{4}/\d\d/\d\d/[0-9a-f]{32}\.\w+ +[\d]+ KB", run.stdout)) == 8
    assert not re.search(r"\b1\d{10}\b", run.stdout)
    assert run.stderr == ""


def test_the_demo_fails_when_something_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A promised call that is not there ends in a non-zero status and says which."""

    def with_a_lost_call(seed: int, calls: int, **more: Any) -> Story:
        day = story(seed, calls, **more)
        promised = dict(day.expected.calls)
        promised["aliyun:lost"] = {"status": "ended"}
        return day._replace(expected=replace(day.expected, calls=promised))

    monkeypatch.setattr(demo, "story", with_a_lost_call)
    monkeypatch.setattr(demo, "CALLS", 3)
    monkeypatch.setattr(demo, "MOST_SECONDS", 1.0)
    assert demo.main() == 1
    assert "call aliyun:lost is missing" in capsys.readouterr().out
