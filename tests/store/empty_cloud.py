"""A cloud with nothing in it yet, and `receipts provision` set to it."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import oss2
import pytest
from mns.account import Account

from local.cloud.mns import MnsServer
from local.cloud.oss import OssServer
from local.cloud.tablestore import TableStoreServer
from ops.main import main
from ops.provisioning.provision import provision
from ops.settings import OpsSettings
from tests.store.support import BUCKET, INSTANCE, KEY, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Cloud:
    """An empty store, no queue and no bucket."""

    def __init__(self, server: TableStoreServer, mns: MnsServer, oss: OssServer) -> None:
        self.mns = mns
        self.oss = oss
        self.store = Store(server, mns)
        self.environment = self.store.environment(OSS_ENDPOINT=oss.endpoint)

    def provision(self, **settings: str) -> dict[str, str]:
        """The state of everything by name."""
        steps = provision(OpsSettings.read(self.environment | settings))
        return {step.name: step.state for step in steps}


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """A cloud of its own."""
    server = TableStoreServer(None, instance=INSTANCE, key=KEY)
    with server, MnsServer(key=KEY) as mns, OssServer(key=KEY) as oss:
        cloud = Cloud(server, mns, oss)
        yield cloud
        cloud.store.close()


@pytest.fixture
def command(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cloud:
    """The cloud, and the command's environment set to it, in a folder without `make up`."""
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
    for name in ("TABLE_PREFIX", "RECEIPTS_QUEUE", "RECEIPTS_DEAD_QUEUE", "OSS_ENCRYPTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["receipts", "provision"])
    return cloud


def exit_code() -> int:
    """Run the command; its exit code."""
    with pytest.raises(SystemExit) as ended_with:
        main()
    return int(ended_with.value.code or 0)


@contextlib.contextmanager
def bucket_of(cloud: Cloud) -> Iterator[Any]:
    """The bucket through the SDK."""
    session = oss2.Session()
    auth = oss2.make_auth(*KEY, oss2.AUTH_VERSION_4)
    yield oss2.Bucket(auth, cloud.oss.endpoint, BUCKET, session=session, region="cn-hangzhou")
    session.session.close()


@contextlib.contextmanager
def queue_of(cloud: Cloud, name: str) -> Iterator[Any]:
    """A queue through the SDK."""
    account = Account(cloud.mns.endpoint, *KEY)
    yield account.get_queue(name)
    account.mns_client.close_connection()
