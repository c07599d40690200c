"""Which address goes where, and how Serverless Devs tells the addresses and the layer's version."""

from __future__ import annotations

import json
from typing import Any

import pytest

from receipts.aliyun.catalogue import MESSAGE_TYPES
from ship.deploy.addresses import addresses, urls_in
from ship.deploy.consoles import ALIYUN, HUAWEI
from ship.deploy.errors import CommandFailed
from ship.deploy.layer import arn_in
from ship.deploy.secrets import Masks
from ship.deploy.target import read_target
from ship.deploy.tool import result
from tests.ship.deploy.conftest import ACCOUNT, ENVIRON, REGION, ROOT

TARGET = read_target(ROOT, ENVIRON)
URLS = {"receive": "https://r", "decide": "https://d"}


def test_the_consoles_are_those_of_the_page() -> None:
    """Every message type of the code and no other; the same fields in the same words, with the same function."""
    assert list(ALIYUN) == list(MESSAGE_TYPES)
    page = (ROOT / "docs/vendors.md").read_text("utf-8")
    for kind, meaning in ALIYUN.items():
        assert f"| `{kind}` | {meaning}" in page
    rows = [line for line in page.splitlines() if "接收地址" in line or "短信" in line]
    for field in HUAWEI:
        words = field.meaning.partition(",")[0]
        (row,) = [line for line in rows if line.startswith(f"| {field.field} | {words} |")]
        assert f"https://<{field.function}>/huawei" in row


@pytest.mark.parametrize(
    ("changed", "aliyun", "huawei"),
    [({"HUAWEI_APPS": ""}, 10, 0), ({"ALIYUN_PUSH_TOKENS": ""}, 0, 6), ({}, 10, 6)],
)
def test_only_a_vendor_that_is_set_up_is_told_of(changed: dict[str, str], aliyun: int, huawei: int) -> None:
    """Addresses that would answer 403 are not to be pasted."""
    found = addresses(read_target(ROOT, {**ENVIRON, **changed}), URLS, reveal=False)
    assert (len(found.aliyun), len(found.huawei)) == (aliyun, huawei)


@pytest.mark.parametrize(
    "told",
    [
        {"url": {"system_url": "https://r/", "system_intranet_url": "https://r-vpc"}},
        {"triggers": [{"httpTrigger": {"urlInternet": "https://r", "urlIntranet": "https://r-vpc"}}]},
        {"url": {"custom_domain": "r.example.com"}, "triggers": [{}, {"httpTrigger": {"urlInternet": "https://r"}}]},
    ],
)
def test_an_address_is_found_wherever_the_component_tells_it(told: dict[str, Any]) -> None:
    """Its own field, or that of the platform's trigger; never the one inside the platform's network."""
    assert urls_in({"receive": told, "decide": told}, TARGET) == {"receive": "https://r", "decide": "https://r"}


@pytest.mark.parametrize("account", [ACCOUNT, f"{ACCOUNT[:3]}{'*' * 10}{ACCOUNT[-3:]}"])
def test_the_layers_version_is_read_whole(account: str) -> None:
    """In JSON or in a table, behind other layers, with the account's number hidden or not."""
    others, ours = (f"acs:fc:{REGION}:{each}:layers/" for each in ("9", account))
    told = f"{others}others/versions/3\n layerVersionArn:  {ours}receipts/versions/12\n"
    assert arn_in(told, TARGET).arn == f"acs:fc:{REGION}:{ACCOUNT}:layers/receipts/versions/12"


@pytest.mark.parametrize(
    "told",
    ["", f"acs:fc:{REGION}:99:layers/receipts/versions/1", f"acs:fc:cn-beijing:{ACCOUNT}:layers/receipts/versions/1"],
)
def test_no_version_or_a_strange_one_ends_it(told: str) -> None:
    """A layer of another account or region is none that the functions could have."""
    with pytest.raises(CommandFailed):
        arn_in(told, TARGET)


def test_the_result_is_the_last_json() -> None:
    """Some releases write lists of their own before it."""
    assert result('[1]\nlog {"a": 1}\n[not json\n{\n  "b": [\n{"c": 2}\n]\n}\nbye') == {"b": [{"c": 2}]}
    with pytest.raises(CommandFailed):
        result("nothing")


def test_secrets_are_hidden_however_they_are_spelt() -> None:
    """As they are, in JSON, in an address; also one that holds another, and keys of Serverless Devs."""
    environ = {
        "ALIYUN_PUSH_TOKENS": "made/up, made/up-longer",
        "HUAWEI_APPS": '{"key": "se\\"cret"}',
        "default_serverless_devs_key": '{"AccountID": "123", "AccessKeySecret": "hidden"}',
    }
    within = json.dumps({"shown": environ["HUAWEI_APPS"]})
    text = f"made/up-longer made%2Fup {environ['HUAWEI_APPS']} {within} hidden 123"
    shown = Masks(environ).masked(text)
    assert [part for part in ("made", "cret", "hidden") if part in shown] == []
    assert "123" in shown
