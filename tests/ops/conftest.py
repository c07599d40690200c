"""The `receipts` command beside a store, a queue and a bucket on loopback."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from ops.main import main
from tests.store.buckets import environment_of, with_bucket
from tests.store.conftest import server_with_tables, store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.cloud.oss import OssServer
    from tests.store.support import Row, Store

__all__ = ["server_with_tables", "store"]


@dataclass
class Told:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """What it wrote for machines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Ops:
    """The command, and what it works on.

    Attributes:
        bucket: the service of the bucket.
    """

    store: Store
    bucket: OssServer
    monkeypatch: pytest.MonkeyPatch
    capsysbinary: pytest.CaptureFixture[bytes]

    def run(self, *arguments: str) -> Told:
        """Run it as a process would."""
        told = self.raw(*arguments)
        return Told(told[0], told[1].decode(), told[2].decode())

    def raw(self, *arguments: str) -> tuple[int, bytes, bytes]:
        """The same, with bytes."""
        self.monkeypatch.setattr(sys, "argv", ["receipts", *arguments])
        with pytest.raises(SystemExit) as ended_with:
            main()
        code = ended_with.value.code
        return int(code or 0), *self.capsysbinary.readouterr()

    def letters(self, *arguments: str) -> list[Any]:
        """What `list` tells machines."""
        return self.run("dead-letters", "list", "--all", "--state", "any", "--json", *arguments).lines

    def replay(self, *arguments: str) -> Told:
        """Replay them, unasked."""
        return self.run("dead-letters", "replay", "--yes", *arguments)

    @property
    def letter(self) -> Row:
        """The one letter in the store."""
        (letter,) = self.store.letters()
        return letter


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[OssServer]:
    """The module's bucket."""
    with with_bucket() as server:
        yield server


@pytest.fixture
def ops(
    store: Store,
    bucket_server: OssServer,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> Ops:
    """The command with its settings, through a pipe, on an empty store."""
    for name, value in store.environment(**environment_of(bucket_server)).items():
        monkeypatch.setenv(name, value)
    for name in ("COLUMNS", "FORCE_COLOR", "TABLE_PREFIX", "RECORDINGS_QUEUE"):
        monkeypatch.delenv(name, raising=False)
    bucket_server.faults.clear()
    return Ops(store, bucket_server, monkeypatch, capsysbinary)
