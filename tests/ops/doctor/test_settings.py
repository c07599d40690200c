"""Settings: every problem by its name, with the functions that it stops, and what is readable and bad all the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ops.doctor import deployment, settings
from ops.doctor.functions import FUNCTIONS
from ops.doctor.lines import OK
from ops.function_settings import READERS, read_by
from template.reading import TEMPLATE, read_functions
from tests.test_docs import KEYS, REQUIRED

if TYPE_CHECKING:
    from ops.doctor.lines import Line
    from tests.ops.doctor.conftest import Doctor

EVERY = list(FUNCTIONS)
TOKEN = "a-made-up-token-of-32-characters"


def read(**changes: str) -> dict[str, Line]:
    """The lines about the settings that are not ok."""
    found = settings.lines(EVERY, {**REQUIRED, **KEYS, **changes})
    return {line.what: line for line in found if line.state != OK}


def said(changes: dict[str, str], *, local: bool = False) -> dict[str, Line]:
    """The lines about what they say that are not ok."""
    deployed = {"RECEIPTS_ACCOUNT_ID": "1234567890123456", "RECEIPTS_ROLE_ARN": "acs:ram::1234567890123456:role/r"}
    env = {**REQUIRED, **KEYS, **deployed, "ALIYUN_PUSH_TOKENS": TOKEN, **changes}
    return {line.what: line for line in deployment.lines(EVERY, env, local=local) if line.state != OK}


def test_each_function_reads_what_its_template_gives_it() -> None:
    """A setting that a function reads and is not looked at here, or the other way round, shows."""
    functions = read_functions(TEMPLATE, REQUIRED)
    for function in functions:
        assert set(read_by(function.name, {**REQUIRED, **KEYS})) == set(function.environment), function.name
    assert {function.name for function in functions} == set(FUNCTIONS) == set(READERS)


@pytest.mark.parametrize("suffix", ["", "-internal", "-internal-vpc"])
def test_the_queues_region_is_read_from_each_of_their_addresses(suffix: str) -> None:
    """The public one, and both for inside the platform: none of them is in a region of another name."""
    address = f"https://1.mns.cn-hangzhou{suffix}.aliyuncs.com"
    assert "MNS_ENDPOINT" not in said({"MNS_ENDPOINT": address, "RECEIPTS_REGION": "cn-hangzhou"})


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Missing ones and wrong ones of every function, each with the functions that cannot start."""
    wrong = {
        "MNS_ENDPOINT": "",
        "TABLESTORE_ENDPOINT": "loopback",
        "OSS_ENDPOINT": "",
        "OSS_BUCKET": "No Such Bucket",
        "ACK_BUDGET_MS": "7000",
        "HUAWEI_AUTH": "perhaps",
        "RECORDING_HOSTS": "ftp://x",
        "RECORDING_NETWORKS": "10.0.0.1/8",
        "HUAWEI_API_ENDPOINT": "nowhere",
        "ALICOM_QUEUES": "x",
        "SWEEP_BUDGET_SECONDS": "0",
        "DECIDE_CACHE_SECONDS": "-1",
        "LOG_LEVEL": "loud",
    }
    found = read(**wrong)
    assert found.keys() == wrong.keys()
    assert "So receive, decide, ingest, archive, sweep and poll cannot start." in found["MNS_ENDPOINT"].found
    assert "So sweep cannot start." in found["SWEEP_BUDGET_SECONDS"].found


def test_without_keys_there_is_a_line_for_that() -> None:
    """They are no setting of the functions."""
    assert "your own keys" in read(ALIBABA_CLOUD_ACCESS_KEY_ID="")["ALIBABA_CLOUD_ACCESS_KEY_ID"].do


@pytest.mark.parametrize(
    ("changes", "what", "words"),
    [
        ({"ALIYUN_PUSH_TOKENS": f"{TOKEN},short"}, "ALIYUN_PUSH_TOKENS", "token 2 of 2 can be guessed: 5 characters"),
        ({"ALIYUN_PUSH_TOKENS": "0" * 32}, "ALIYUN_PUSH_TOKENS", "32 characters, 1 different ones"),
        ({"ALIYUN_PUSH_TOKENS": f"{TOKEN}/x"}, "ALIYUN_PUSH_TOKENS", "characters that an address cannot hold"),
        ({"HUAWEI_APPS": '{"a": "<APP_Secret of the X application>"}'}, "HUAWEI_APPS", "application 1 of 1 is no"),
        ({"HUAWEI_APPS": '{"a": "short"}'}, "HUAWEI_APPS", "5 characters"),
        (
            {"HUAWEI_APPS": json.dumps({f"app{n:027}": f"aSecretOfSomeLength{n:013}" for n in range(60)})},
            "environment",
            "of 4096 bytes in archive: the platform refuses it",
        ),
        ({"RECEIPTS_ROLE_ARN": ""}, "deployment", "RECEIPTS_ROLE_ARN would be deployed as placeholders"),
        ({"RECEIPTS_ACCOUNT_ID": "1000000000000000"}, "deployment", "RECEIPTS_ACCOUNT_ID would"),
        ({"MNS_ENDPOINT": "https://1.mns.cn-beijing-internal.aliyuncs.com"}, "MNS_ENDPOINT", "is in cn-beijing"),
        (
            {"TABLESTORE_ENDPOINT": "https://other.cn-hangzhou.vpc.tablestore.aliyuncs.com"},
            "TABLESTORE_INSTANCE",
            "is the address of other",
        ),
        ({"RECEIPTS_REGION": "cn-shanghai"}, "OSS_ENDPOINT", "is in cn-hangzhou"),
    ],
)
def test_what_can_be_read_and_is_bad_all_the_same(changes: dict[str, str], what: str, words: str) -> None:
    """Secrets that are none, an environment that the platform refuses, placeholders, two regions; no value is told."""
    found = said(changes)
    assert list(found) == [what]
    line: Any = found[what]
    assert words in line.found
    assert line.do
    assert not [secret for secret in (TOKEN, "short", "aSecretOfSomeLength") if secret in line.found + line.do]


def test_nothing_of_a_deployment_is_asked_of_a_laptop() -> None:
    """The loopback cloud has no role."""
    assert not said({"RECEIPTS_ROLE_ARN": ""}, local=True)


def test_services_behind_settings_that_cannot_be_read_are_skipped(doctor: Doctor) -> None:
    """The rest is looked at all the same, and the test receipt is not sent."""
    found = doctor.run(TABLESTORE_ENDPOINT="loopback", ALICOM_QUEUES="x", HUAWEI_API_ENDPOINT="")
    assert found.code == 1
    assert found.troubled.keys() == {"TABLESTORE_ENDPOINT", "ALICOM_QUEUES"}
    skipped = {what for what, state in found.states.items() if state == "skipped"}
    assert skipped == {"TableStore", "Alibaba's tokens", "Huawei's API", "round trip"}
    assert found.states["queues"] == found.states["bucket"] == "ok"


@pytest.mark.parametrize(
    "arguments",
    [("--function", "nothing"), ("--url", "receive.example"), ("--url", "http://receive.example"), ("--timeout", "0")],
)
def test_a_wrong_word_on_the_command_line(doctor: Doctor, arguments: tuple[str, ...]) -> None:
    """Is told as for every command: exit code 2, and nothing is looked at."""
    code, out = doctor.text(*arguments)
    assert (code, out) == (2, "")
