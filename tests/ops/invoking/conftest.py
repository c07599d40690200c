"""The command, before an endpoint whose functions are tiny ones."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from local.cloud.fc import FcServer
from ops.main import main
from tests.local.host.conftest import make, start
from tests.local.support import KEY
from tests.ops.conftest import Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.host.host import Host
    from tests.local.host.support import MakeFunction, StartHost

__all__ = ["make", "start"]

# What the event says is what becomes of it.
SOURCE = """
    import json, time

    def handler(event, context):
        print("seen", event[:30])
        told = json.loads(event) if event[:1] == b"{" else {}
        if "raise" in told:
            raise LookupError(told["raise"])
        time.sleep(told.get("sleep", 0))
        return told.get("return", "\\x1b[1mwhole\\u202e")
"""
GENERATIONS = pytest.mark.parametrize("generation", [(), ("--service", "receipts")], ids=["3.0", "2.0"])
SETTINGS = ("FC_ENDPOINT", "RECEIPTS_ACCOUNT_ID", "RECEIPTS_REGION", "ALIBABA_CLOUD_SECURITY_TOKEN", "DEBUG")


@dataclass
class Invoking:
    """The command, the server it speaks with, and the host behind that."""

    server: FcServer
    host: Host
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsysbinary: pytest.CaptureFixture[bytes]

    def run(self, *arguments: str) -> Told:
        """Run `receipts` as a process would."""
        self.monkeypatch.setattr(sys, "argv", ["receipts", *arguments])
        with pytest.raises(SystemExit) as ended_with:
            main()
        out, err = self.capsysbinary.readouterr()
        return Told(int(ended_with.value.code or 0), out.decode(), err.decode())

    def remote(self, event: bytes, *arguments: str) -> Told:
        """Invoke the deployed function with an event."""
        file = self.folder / "event.json"
        file.write_bytes(event)
        return self.run("invoke", "receive", "-e", str(file), "--remote", *arguments)

    @property
    def requests(self) -> int:
        """How many requests came to the server."""
        return self.server.faults.calls.total()

    @property
    def invocations(self) -> int:
        """How often the function was run."""
        return self.host.log("receive").count("FC Invoke Start")


@pytest.fixture
def invoking(
    make: MakeFunction,
    start: StartHost,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Iterator[Invoking]:
    """With its settings and the right key, through a pipe."""
    for name in (*SETTINGS, "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    function = make(SOURCE, "receive", function_name="receipts-receive", timeout=2.0)
    host = start(function)
    with FcServer(host, [function], key=KEY) as server:
        monkeypatch.setenv("FC_ENDPOINT", server.endpoint)
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", KEY.key_id)
        monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", KEY.secret)
        yield Invoking(server, host, tmp_path, monkeypatch, capsysbinary)
