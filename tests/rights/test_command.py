"""`receipts policies`: documents that can be given to RAM as they are printed."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from local.cloud.ram import Policy
from ops.main import main
from ops.policies.documents import PLACEHOLDER, TRUST, document, names

ENVIRONMENT = {
    "MNS_ENDPOINT": "https://1234567890123456.mns.cn-shanghai-internal.aliyuncs.com/",
    "TABLESTORE_INSTANCE": "Receipts",
    "TABLE_PREFIX": "test_",
    "OSS_BUCKET": "receipts-test",
    "RECORDINGS_QUEUE": "voices",
}


@pytest.fixture(autouse=True)
def _shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RECEIPTS_ACCOUNT_ID", "RECEIPTS_REGION", "RECEIPTS_QUEUE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """The exit code, and what it prints: the document, or the line on standard error."""
    monkeypatch.setattr(sys, "argv", ["receipts", "policies", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    return int(ended.value.code or 0), json.loads(told.out) if told.out else " ".join(told.err.split())


def test_without_a_name_it_lists_them(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One a line, so that a loop can print all."""
    monkeypatch.setattr(sys, "argv", ["receipts", "policies"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().out.splitlines() == [*names(), TRUST]


@pytest.mark.parametrize("name", [*names(), TRUST])
def test_what_is_printed_is_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """No placeholder is left, and all but the trust is a policy."""
    code, told = printed(monkeypatch, capsys, name)
    assert code == 0
    assert not PLACEHOLDER.search(json.dumps(told))
    if name == TRUST:
        assert told == document(TRUST)
        assert told["Statement"][0]["Principal"] == {"Service": ["fc.aliyuncs.com"]}
    else:
        Policy.read(told)


def test_names_are_those_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Account and region from the queues' address, unless the deployment's own variables say otherwise."""
    _, told = printed(monkeypatch, capsys, "sweep")
    resources = [resource for statement in told["Statement"] for resource in statement["Resource"]]
    tables = "acs:ots:cn-shanghai:1234567890123456:instance/receipts/table/test_"
    assert resources == [
        f"{tables}recordings_by_attempt",
        f"{tables}recordings_by_deadline",
        f"{tables}recordings",
        "acs:mns:cn-shanghai:1234567890123456:/queues/voices/messages",
    ]
    monkeypatch.setenv("RECEIPTS_ACCOUNT_ID", "99")
    monkeypatch.setenv("RECEIPTS_REGION", "cn-beijing")
    _, told = printed(monkeypatch, capsys, "receive")
    assert told["Statement"][0]["Resource"] == ["acs:mns:cn-beijing:99:/queues/receipts/messages"]


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One line that says what to set, or which documents there are."""
    code, told = printed(monkeypatch, capsys, "nobody")
    assert (code, told.partition(": there are")[0]) == (1, "receipts: there is no policy for nobody")
    assert "archive" in told
    monkeypatch.setenv("MNS_ENDPOINT", "https://mns.example.com")
    assert printed(monkeypatch, capsys, "receive") == (
        1,
        "receipts: RECEIPTS_ACCOUNT_ID: is not set, and MNS_ENDPOINT is no address that has it (fix the setting)",
    )
    monkeypatch.delenv("OSS_BUCKET")
    monkeypatch.setenv("RECEIPTS_ACCOUNT_ID", "99")
    monkeypatch.setenv("RECEIPTS_REGION", "cn-beijing")
    assert printed(monkeypatch, capsys, "receive")[1].startswith("receipts: OSS_BUCKET: is not set")
