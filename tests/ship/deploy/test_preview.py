"""What the real Serverless Devs makes of the template, where its command is installed: offline, and without keys."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from ship.deploy.errors import CommandFailed
from ship.deploy.running import Limits, run
from ship.deploy.target import environment, read_target
from ship.deploy.tool import check_version, result, version
from template.reading import read_template
from tests.ship.deploy.conftest import ACCOUNT, ENVIRON, REGION

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ship.deploy.conftest import Project

ARN = f"acs:fc:{REGION}:{ACCOUNT}:layers/receipts/versions/7"
# It takes some seconds to find out that there is no network.
LIMITS = Limits(120)
MISSING = "Serverless Devs 3 is not here: npm install -g @serverless-devs/s@3"


@pytest.fixture
def quiet(tmp_path: Path) -> dict[str, str]:
    """The environment of one that reports nothing, starts nothing, and keeps its files here; skips without one."""
    if not shutil.which("s"):
        pytest.skip(MISSING)
    (tmp_path / ".s").mkdir()
    (tmp_path / ".s/set-config.yml").write_text("analysis: disable\n")
    home = {"HOME": str(tmp_path), "serverless_devs_config_home": str(tmp_path)}
    environ = {"PATH": os.environ["PATH"], "serverless_devs_daemon_enable": "false", **home}
    try:
        told = run(version(), environ=environ, folder=tmp_path, limits=LIMITS, hear=lambda _: None)
    except CommandFailed:
        told = ""
    if "@serverless-devs/s: 3." not in told:
        pytest.skip(MISSING)
    return environ


def preview(folder: Path, environ: dict[str, str]) -> dict[str, Any]:
    """The resources as Serverless Devs renders them."""
    command = ("s", "preview", "-t", "template.yml", "-o", "json", "--silent")
    told = run(command, environ=environ, folder=folder, limits=LIMITS, hear=lambda _: None)
    resources: dict[str, Any] = result(told)["resources"]
    return resources


def props(resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each function is deployed with."""
    return {name: resource["props"] for name, resource in resources.items()}


def test_the_template_is_read_here_as_it_is_there(project: Project, quiet: dict[str, str]) -> None:
    """Every value of every function, whatever is in it: what was checked, and runs locally, is what is deployed."""
    odd = {
        "HUAWEI_APPS": '{"app": "a \\"quoted\\" {{secret}}, <&>"}',
        "ALICOM_QUEUES": "",
        "LOG_LEVEL": "",
        "TABLE_PREFIX": "true",
        "DECIDE_CLOSE_TONE": "12",
        "ALIYUN_PUSH_TOKENS": "it's & $HOME, #1",
    }
    environ = {**ENVIRON, **odd}
    ours = read_template(project.folder / "template.yml", environ)["resources"]
    assert props(preview(project.folder, {**quiet, **environ})) == props(ours)
    # Whoever has such a file deploys what was checked all the same.
    (project.folder / ".env").write_text("RECEIPTS_QUEUE=another\nLOG_LEVEL=warning\n")
    given = environment(read_target(project.folder, environ), {**quiet, **environ}, ARN)
    theirs = props(preview(project.folder, given))
    assert theirs == props(read_template(project.folder / "template.yml", given)["resources"])
    for name, each in theirs.items():
        assert each["layers"] == [ARN]
        assert each["code"] == f"./build/functions/{name}"
        assert each["environmentVariables"]["LOG_LEVEL"] == "info"
        assert {type(value) for value in each["environmentVariables"].values()} == {str}


def test_its_version_is_understood(tmp_path: Path, quiet: dict[str, str]) -> None:
    """As it is written today."""
    told = run(version(), environ=quiet, folder=tmp_path, limits=LIMITS, hear=lambda _: None)
    assert check_version(told).startswith("3.")
