"""The whole deployment, as a process, with a stand-in for Serverless Devs."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.ship.deploy.conftest import ACCOUNT, DIGEST, KEY, REGION, SECRET, TOKENS, gone, listed, logged

if TYPE_CHECKING:
    from tests.ship.deploy.conftest import Ended, Project

ARN = f"acs:fc:{REGION}:{ACCOUNT}:layers/receipts/versions/"
SECRETS = (*TOKENS.split(","), SECRET, KEY)


def commands(project: Project) -> list[str]:
    """What Serverless Devs was asked to do, in short."""
    words = ("-v", "list", "publish", "deploy", "info")
    return [next(word for word in words if word in call["argv"]) for call in project.calls]


def unspoken(ended: Ended, project: Project) -> None:
    """No secret was shown, and none is an argument that other users of the machine could see."""
    told = ended.stdout + ended.stderr + json.dumps([call["argv"] for call in project.calls])
    assert [secret for secret in SECRETS if secret in told] == []


def test_a_layer_that_changed_is_published_and_the_functions_get_it(project: Project) -> None:
    """The steps in order; each command has what was checked, and no secret among its arguments."""
    ended = project.run("deploy")
    assert ended.returncode == 0, ended.stderr
    assert commands(project) == ["-v", "list", "publish", "deploy", "info"]
    publish, deploy = project.calls[2], project.calls[3]
    assert publish["argv"] == [
        *["cli", "fc3", "layer", "publish", "--layer-name", "receipts", "--code", str(project.folder / "build/layer")],
        *["--compatible-runtime", "python3.12", "--description", f"sha256:{DIGEST}"],
        *["--region", REGION, "-a", "default", "-o", "json"],
    ]
    assert deploy["argv"] == ["deploy", "-t", "template.yml", "-a", "default", "-y", "-o", "json"]
    # The account's number is whole again, though Serverless Devs hides it.
    assert deploy["environ"]["RECEIPTS_LAYER_ARN"] == f"{ARN}7"
    assert deploy["environ"]["RECEIPTS_CODE"] == "./build/functions"
    # What is not set is given as its default, so that no `.env` brings in what nobody has looked at.
    assert deploy["environ"]["RECEIPTS_QUEUE"] == "receipts"
    assert "version 7 of the layer is published" in ended.stderr
    assert "working on it" in ended.stderr
    unspoken(ended, project)


def test_the_addresses_are_those_to_paste(project: Project) -> None:
    """A line per message type and per field, without the token unless asked; the newest of two, as an address."""
    ended = project.run("deploy")
    assert f"https://receive-abcd.{REGION}.fcapp.run/aliyun/<token>/SecretReport" in ended.stdout
    assert f"https://decide-abcd.{REGION}.fcapp.run/huawei" in ended.stdout
    assert "make addresses REVEAL=1" in ended.stdout
    told = json.loads(project.run("addresses", "--reveal", "--json").stdout)
    assert told["functions"]["receive"] == f"https://receive-abcd.{REGION}.fcapp.run"
    by_field = {entry["field"]: entry["address"] for entry in told["aliyun"]}
    assert by_field["SecretReport"].endswith("/aliyun/new%2Fmade-up-token/SecretReport")
    assert len(told["huawei"]) == 6
    # Nothing but the question was asked the second time.
    assert commands(project)[5:] == ["info"]


def test_an_unchanged_layer_is_not_published_again(project: Project) -> None:
    """The newest version says which bytes it holds."""
    project.answers["list"]["text"] = logged([listed(7, DIGEST), listed(6, "0f" * 32)])
    ended = project.run("deploy")
    assert (ended.returncode, commands(project)) == (0, ["-v", "list", "deploy", "info"])
    assert project.calls[2]["environ"]["RECEIPTS_LAYER_ARN"] == f"{ARN}7"
    assert "not changed: version 7 holds it" in ended.stderr


@pytest.mark.parametrize("answer", [{"layers": None}, [{"layerName": "receipts", "version": [7]}]])
def test_an_odd_answer_about_the_layer_is_no_layer(project: Project, answer: object) -> None:
    """Published once too often is better than broken off."""
    project.answers["list"]["text"] = logged(answer)
    ended = project.run("deploy")
    assert (ended.returncode, commands(project)) == (0, ["-v", "list", "publish", "deploy", "info"])


def test_a_version_that_is_named_is_used_as_it_is(project: Project) -> None:
    """The way back to an earlier layer."""
    project.environ["RECEIPTS_LAYER_ARN"] = f"{ARN}5"
    ended = project.run("deploy")
    assert (ended.returncode, commands(project)) == (0, ["-v", "deploy", "info"])
    assert project.calls[1]["environ"]["RECEIPTS_LAYER_ARN"] == f"{ARN}5"


def test_a_step_that_fails_says_what_was_done(project: Project) -> None:
    """Which step, why, what is there already, that it may be run again; what it wrote is shown without secrets."""
    text = f"[INFO] {TOKENS}\n\nError Message:\nAccessDenied: {KEY} may not do that\n \nEnv: node"
    project.answers["deploy"] = {"text": text, "code": 101}
    ended = project.run("deploy")
    assert ended.returncode == 1
    (last,) = [line for line in ended.stderr.splitlines() if line.startswith("deploy:")]
    assert last == (
        "deploy: step 4/5 (deploy the functions): AccessDenied: *** may not do that (the keys of Serverless "
        "Devs lack a right: docs/deploying.md lists what they need). So far: version 7 of the layer is "
        "published; some functions may be new already. Mend it and run the command again"
    )
    unspoken(ended, project)


def test_a_question_that_fails_has_changed_nothing(project: Project) -> None:
    """Without a network, say: what to do, and that all is as it was."""
    project.answers["list"] = {"text": "Error Message:\ngetaddrinfo ENOTFOUND", "code": 1}
    ended = project.run("deploy")
    assert (ended.returncode, commands(project)) == (1, ["-v", "list"])
    assert "look at the network). So far: nothing was changed." in ended.stderr


def test_keys_of_another_account_deploy_nothing(project: Project) -> None:
    """The layer would be there, and the functions could not have it."""
    project.answers["list"]["text"] = logged([])
    project.answers["publish"]["text"] = logged(listed(1, DIGEST)).replace("123***", "999***")
    ended = project.run("deploy")
    assert (ended.returncode, commands(project)) == (1, ["-v", "list", "publish"])
    assert "RECEIPTS_ACCOUNT_ID" in ended.stderr


@pytest.mark.parametrize("told", ["no address\n", logged({"receive": {}, "decide": {}})])
def test_functions_without_an_address_are_told(project: Project, told: str) -> None:
    """They are deployed; whoever deployed them must look at their triggers."""
    project.answers["info"]["text"] = told
    ended = project.run("deploy")
    assert ended.returncode == 1
    assert "the 6 functions are deployed" in ended.stderr.splitlines()[-1]


def test_a_command_that_hangs_is_stopped_with_its_children(project: Project) -> None:
    """Nobody waits for ever, and nothing stays behind."""
    project.environ |= {"DEPLOY_TIMEOUT_SECONDS": "2", "RECEIPTS_LAYER_ARN": f"{ARN}5"}
    project.answers["deploy"]["hangs"] = True
    ended = project.run("deploy")
    assert ended.returncode == 1
    assert "no end after 2 s" in ended.stderr
    assert gone(project.tools / "alive")


def test_whoever_stops_it_is_told_what_was_done(project: Project) -> None:
    """Ctrl-C ends Serverless Devs, too; nothing else that is typed reaches it."""
    project.answers["deploy"]["hangs"] = True
    with project.started("deploy") as process:
        deadline = time.monotonic() + 60
        while "deploy" not in commands(project):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        # What was typed went nowhere.
        assert {call["stdin"] for call in project.calls} == {""}
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "stopped from the keyboard. So far: version 7 of the layer is published" in err
    assert gone(project.tools / "alive")


@pytest.mark.parametrize("version", ["@serverless-devs/s: 2.0.10, s-home: /x", "s: command of somebody else's"])
def test_another_program_of_that_name_is_not_used(project: Project, version: str) -> None:
    """Version 2 reads the template differently."""
    project.answers["-v"]["text"] = version
    ended = project.run("deploy")
    assert (ended.returncode, commands(project)) == (1, ["-v"])
    assert "npm install" in ended.stderr
