"""What is missing or wrong is told at once, before anything is sent."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import pytest

from ops.function_settings import READERS
from ship.deploy.built import read_built
from ship.deploy.checks import problems
from ship.deploy.errors import DeployError
from ship.deploy.keys import find_keys
from ship.deploy.target import read_target
from tests.ship.deploy.conftest import ACCOUNT, ENVIRON, REGION, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ship.deploy.conftest import Project

NEEDED = (
    *("RECEIPTS_ACCOUNT_ID", "RECEIPTS_ROLE_ARN", "MNS_ENDPOINT", "OSS_ENDPOINT", "OSS_BUCKET"),
    *("TABLESTORE_ENDPOINT", "TABLESTORE_INSTANCE", "ALIYUN_PUSH_TOKENS"),
)


def told(project: Project, **changed: str) -> list[str]:
    """The problems of an environment that is right but for what is given here."""
    target = read_target(project.folder, {**project.environ, **changed})
    return problems(target, read_built(project.folder))


def test_nothing_set_is_a_list_of_all_that_is_missing(project: Project) -> None:
    """In one run; and nothing is asked of Serverless Devs."""
    project.environ = {}
    ended = project.run("deploy")
    assert ended.returncode == 1
    lines = [line.removeprefix("deploy: ") for line in ended.stderr.splitlines() if line.startswith("deploy: ")]
    assert [line.partition(":")[0] for line in lines] == [*NEEDED, "s"]
    assert project.calls == []


def test_the_plan_of_an_empty_clone_shows_everything_and_asks_nothing(project: Project) -> None:
    """`make deploy DRY=1` is how one learns what to set: it ends well whatever is missing."""
    project.environ = {}
    ended = project.run("deploy", "--dry")
    assert (ended.returncode, ended.stderr, project.calls) == (0, "", [])
    assert [name for name in NEEDED if f"✗ {name}: is not set." not in ended.stdout] == []
    for command in ("s -v", "s cli fc3 layer publish", "s deploy -t template.yml", "s info -t template.yml"):
        assert f"$ {command}" in ended.stdout
    assert "12 files, 34.0 MB, python3.12" in ended.stdout
    assert "/aliyun/<token>/SecretReport" in ended.stdout


def test_a_plan_without_a_build_says_so(project: Project) -> None:
    """A plan needs no network, and so no build: that one is missing is a line like any other."""
    (project.folder / "build/manifest.json").unlink()
    ended = project.run("deploy", "--dry")
    assert (ended.returncode, ended.stderr, project.calls) == (0, "", [])
    assert "✗ build/manifest.json is not there: run `make build`" in ended.stdout
    assert "receipts-receive: ./build/functions/receive, not built yet" in ended.stdout
    assert "Nothing is missing." not in ended.stdout


def test_the_plan_of_a_whole_environment_says_so_and_no_secret(project: Project) -> None:
    """Names of variables, never what secrets hold."""
    ended = project.run("deploy", "--dry")
    assert "Nothing is missing." in ended.stdout
    assert [text for text in ("made-up-token", "made-up-app-secret", "made-up-key") if text in ended.stdout] == []


def test_every_wrong_value_is_told_by_its_name(project: Project) -> None:
    """By the readers of the functions themselves, all of them in one run, and without what was written."""
    wrong = {
        "ACK_BUDGET_MS": "9000",
        "HUAWEI_APPS": "made-up",
        "OSS_BUCKET": "Upper",
        "POLL_CONSUMERS": "0",
        "RECORDING_HOSTS": "a b",
        "SWEEP_BUDGET_SECONDS": "x",
        "TABLE_PREFIX": "1",
        "DECIDE_BUDGET_MS": "1",
        "ALIYUN_RECORDING_DAYS": "0",
        "RECEIPTS_ROLE_ARN": "receipts",
        "RECEIPTS_LAYER_ARN": "receipts:1",
    }
    lines = told(project, **wrong)
    named = {line.partition(":")[0] for line in lines}
    assert wrong.keys() - {"RECEIPTS_ROLE_ARN", "RECEIPTS_LAYER_ARN"} <= named
    assert any("role: not the ARN" in line for line in lines)
    assert any("receipts:1 is not the ARN" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("RECEIPTS_ACCOUNT_ID", "mine", "is no number"),
        ("RECEIPTS_ROLE_ARN", "acs:ram::99:role/receipts", "is of the account 99"),
        ("RECEIPTS_POLL_ROLE_ARN", "acs:ram::99:role/poll", "is of the account 99"),
        ("MNS_ENDPOINT", "https://99.mns.cn-shanghai.aliyuncs.com", "is of the account 99"),
        ("MNS_ENDPOINT", f"https://{ACCOUNT}.mns.cn-beijing-internal.aliyuncs.com", "is in cn-beijing"),
        ("RECEIPTS_LAYER_ARN", f"acs:fc:cn-beijing:{ACCOUNT}:layers/receipts/versions/1", "is in cn-beijing"),
        ("DECIDE_CLOSE_TONE", "${HOME}", "holds ${"),
    ],
)
def test_what_does_not_go_together_is_told(project: Project, name: str, value: str, complaint: str) -> None:
    """Functions, queue and role are of one account and region; a value is no template."""
    lines = told(project, **{name: value})
    assert [line for line in lines if line.startswith(f"{name}: {complaint}")]


def test_a_whole_environment_has_no_problem(project: Project) -> None:
    """With a token only, with an app only; a queue of another host name is not judged."""
    assert told(project) == []
    assert told(project, ALIYUN_PUSH_TOKENS="") == []
    assert told(project, HUAWEI_APPS="", MNS_ENDPOINT="https://queues.example.com") == []
    assert told(project, MNS_ENDPOINT=f"http://{ACCOUNT}.mns.{REGION}-internal-vpc.aliyuncs.com") == []


def test_a_role_for_each_function_needs_none_for_all(project: Project) -> None:
    """The placeholder is in nobody's way once no function falls back to it."""
    own = {
        f"RECEIPTS_{name}_ROLE_ARN": f"acs:ram::{ACCOUNT}:role/{name}"
        for name in ("RECEIVE", "DECIDE", "INGEST", "ARCHIVE", "SWEEP", "POLL")
    }
    assert told(project, RECEIPTS_ROLE_ARN="", **own) == []
    own.pop("RECEIPTS_SWEEP_ROLE_ARN")
    assert [line.partition(":")[0] for line in told(project, RECEIPTS_ROLE_ARN="", **own)] == ["RECEIPTS_ROLE_ARN"]


def test_what_was_not_built_is_told(project: Project) -> None:
    """Another runtime, a function that is new, no build at all."""
    manifest = project.folder / "build/manifest.json"
    written = manifest.read_text()
    manifest.write_text(written.replace("python3.12", "python3.10").replace('"poll"', '"pool"'))
    assert {line.partition(":")[0] for line in told(project)} == {"build/"}
    manifest.write_text("{}")
    with pytest.raises(DeployError, match="make build"):
        told(project)
    manifest.unlink()
    with pytest.raises(DeployError, match="make build"):
        told(project)


@pytest.mark.parametrize(
    "layer",
    [{"path": ".."}, {"path": "/etc"}, {"path": "build"}, {"path": 1}, {"sha256": None}, {"files": float("inf")}],
    ids=str,
)
def test_a_manifest_that_lies_is_not_followed(project: Project, layer: dict[str, object]) -> None:
    """What it calls the layer is sent to the cloud: nothing but a folder below `build/` is."""
    manifest = project.folder / "build/manifest.json"
    written = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**written, "layer": {**written["layer"], **layer}}))
    with pytest.raises(DeployError, match="is not what `make build` writes"):
        read_built(project.folder)


@pytest.mark.parametrize("function", sorted(path.parent.name for path in ROOT.glob("functions/*/index.py")))
def test_the_readers_are_those_of_the_function(function: str) -> None:
    """A function that reads one more is checked for it, too."""
    tree = ast.parse((ROOT / "functions" / function / "index.py").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported = {alias.name for node in imports if (node.module or "").endswith("settings") for alias in node.names}
    # These two are checked a little further than they are read.
    wrapped = {"_archive": "ArchiveSettings", "_huawei_links": "HuaweiLinkSettings"}
    used = {reader.__qualname__.partition(".")[0] for reader in READERS[function]}
    assert {wrapped.get(name, name) for name in used} == imported


def test_keys_are_found_where_serverless_devs_finds_them(tmp_path: Path) -> None:
    """The environment, an alias of its file, a variable that is an alias by its whole name; never what they hold."""
    home = {"HOME": str(tmp_path)}
    assert find_keys("default", home) is None
    whole = {name: ENVIRON[name] for name in ("AccountID", "AccessKeyID", "AccessKeySecret")}
    found = find_keys("default", home | whole)
    assert found
    assert found.account == ACCOUNT
    variable = find_keys("default", home | {"default_serverless_devs_key": '{"AccountID": "99"}'})
    assert variable
    assert (variable.alias, variable.account) == ("default_serverless_devs_key", "99")
    (tmp_path / ".s").mkdir()
    (tmp_path / ".s/access.yaml").write_text("default: {AccountID: U2FsdGVk}\nother: {}\n")
    assert find_keys("default", home) == ("the alias default of `s config`", "default", None)
    assert find_keys("third", home) is None
    assert find_keys("default", {**home, "serverless_devs_config_home": str(tmp_path / "none")}) is None


def test_keys_of_another_account_are_told_before_anything_is_sent(project: Project) -> None:
    """Where their account is known."""
    project.environ["AccountID"] = "99"
    ended = project.run("deploy")
    assert (ended.returncode, project.calls) == (1, [])
    assert "RECEIPTS_ACCOUNT_ID: is" in ended.stderr
