"""`receipts doctor` beside the whole stack: every loopback service and every function."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from local.demo.reading import rows_of
from local.stack import HUAWEI_APPS, KEY, PUSH_TOKEN, VENDOR_KEY, Stack
from ops.main import main
from receipts.credentials import Credentials
from receipts.settings import StoreSettings
from receipts.store import schema
from receipts.store.client import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRETS = (KEY.secret, PUSH_TOKEN, VENDOR_KEY.secret, *HUAWEI_APPS.values())
DEPLOYED = {
    "RECEIPTS_ACCOUNT_ID": "1234567890123456",
    "RECEIPTS_ROLE_ARN": "acs:ram::1234567890123456:role/receipts",
}


@dataclass
class Examined:
    """How the doctor ended: the exit code, and each line by what it is about."""

    code: int
    lines: dict[str, dict[str, str]]

    @property
    def states(self) -> dict[str, str]:
        """The state of each."""
        return {what: line["state"] for what, line in self.lines.items()}

    @property
    def troubled(self) -> dict[str, dict[str, str]]:
        """Those that are not ok, nor skipped."""
        return {what: line for what, line in self.lines.items() if line["state"] in ("wrong", "warning")}


@dataclass
class Doctor:
    """The command, and what it looks at."""

    stack: Stack
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    said: list[str] = field(default_factory=list)

    def run(self, *arguments: str, **settings: str) -> Examined:
        """Run it with other settings; no line may hold a secret, and each that is not ok says what to do."""
        code, out = self.text("--json", *arguments, **settings)
        lines = [json.loads(line) for line in out.splitlines()]
        assert not [line for line in lines if line["state"] != "ok" and not line["do"]]
        names = [line["what"] for line in lines]
        assert len(names) == len(set(names)), names
        return Examined(code, {line["what"]: line for line in lines})

    def text(self, *arguments: str, **settings: str) -> tuple[int, str]:
        """Run it; the exit code, and what it wrote."""
        for name, value in settings.items():
            self.monkeypatch.setenv(name, value)
        self.monkeypatch.setattr(sys, "argv", ["receipts", "doctor", *arguments])
        with pytest.raises(SystemExit) as ended_with:
            main()
        told = self.capsys.readouterr()
        assert not [secret for secret in SECRETS if secret in told.out + told.err]
        self.said.append(told.err)
        return int(ended_with.value.code or 0), told.out

    def rows(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        environment = self.stack.environment()
        with opened(StoreSettings.read(environment), Credentials(*KEY)) as client:
            return {table.name: list(rows_of(client, table)) for table in schema.TABLES}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One for the tests of a file, as it takes a few seconds to start; gone before those that patch what it uses."""
    with Stack(database=None, log_dir=tmp_path_factory.mktemp("logs"), environment={"POLL_WAIT_SECONDS": "0"}) as stack:
        yield stack


@pytest.fixture
def doctor(stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Doctor]:
    """The command with the settings of the stack; every fault is forgotten in the end."""
    for name, value in {**stack.environment(), **DEPLOYED}.items():
        monkeypatch.setenv(name, value)
    for name in ("COLUMNS", "FORCE_COLOR", "TABLE_PREFIX", "RECEIPTS_REGION", "RECEIPTS_LAYER_ARN"):
        monkeypatch.delenv(name, raising=False)
    yield Doctor(stack, monkeypatch, capsys)
    for server in (stack.tablestore, stack.mns, stack.oss, stack.pls, stack.alicom, stack.huawei):
        server.faults.clear()
