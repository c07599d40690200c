"""`archive` with Huawei's recordings: what it is told in the environment, and what it says when it is not."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest

from receipts.errors import SettingError
from tests.functions.loading import Context, event_of, loaded, logged
from tests.recordings.huawei import APP_KEY, DOMAIN, NAME, SECRET, HuaweiWorld

if TYPE_CHECKING:
    from collections.abc import Iterator

JOB = json.dumps({"v": 1, "recording_id": "huawei:icid-1"})


@pytest.fixture
def world() -> Iterator[HuaweiWorld]:
    """A world with one recording of Huawei's, told of and not archived."""
    with contextlib.ExitStack() as running:
        world = HuaweiWorld(running)
        world.keep(NAME, 5000)
        world.tell("icid-1")
        yield world


def test_it_archives_by_what_the_environment_says(
    world: HuaweiWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The API's address and the application's secret; nothing of the file's name in the line."""
    with loaded("archive", world, monkeypatch) as archive:
        assert archive(event_of(JOB)) == {"archived": 1}
    (line,) = logged(capsys)
    assert (line["event"], line["bytes"]) == ("recording archived", 5000)
    assert not [word for word in (NAME, DOMAIN, APP_KEY, SECRET, "13900000001") if word in str(line)]


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("HUAWEI_API_ENDPOINT", "HUAWEI_API_ENDPOINT is not set: the API cannot be asked"),
        ("HUAWEI_APPS", "HUAWEI_APPS has no secret for its application: the API cannot be asked"),
    ],
)
def test_law_least_surprise_without_a_setting_the_line_names_it(
    world: HuaweiWorld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], setting: str, why: str
) -> None:
    """Who has no recordings at Huawei's needs neither, so the start does not fail; who has some is warned."""
    with loaded("archive", world, monkeypatch, **{setting: ""}) as archive:
        assert archive(event_of(JOB)) == {"failed": 1}
    (line,) = logged(capsys)
    assert (line["level"], line["event"], line["why"]) == ("warning", "recording not archived yet", why)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("HUAWEI_API_ENDPOINT", "rtcpns.example.com"), ("HUAWEI_API_ENDPOINT", "https://u@x"), ("HUAWEI_APPS", "{")],
)
def test_law_least_surprise_a_wrong_setting_is_named_at_start(
    world: HuaweiWorld, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    """What cannot be read is named, not guessed."""
    with loaded("archive", world, monkeypatch) as archive:
        monkeypatch.setenv(setting, value)
        with pytest.raises(SettingError, match=setting):
            archive.module.initialize(Context())
