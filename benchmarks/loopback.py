"""The loopback cloud in a process of its own: what it costs must not be taken for the measured code's."""

from __future__ import annotations

import contextlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from local.cloud.faults import Fault
from local.cloud.mns import MnsServer
from local.cloud.oss import OssServer
from local.cloud.tablestore import TableStoreServer
from local.stack import BUCKET, INSTANCE, KEY, PUSH_TOKEN, REGION, credentials_environment
from ops.provisioning.provision import provision
from ops.settings import OpsSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

Given = ParamSpec("Given")
Result = TypeVar("Result")
# A new interpreter, not a fork of one that has loaded and done things.
FRESH = multiprocessing.get_context("spawn")


class Cloud(NamedTuple):
    """Where the servers are."""

    mns_endpoint: str
    tablestore_endpoint: str
    oss_endpoint: str

    def environment(self, table_prefix: str = "") -> dict[str, str]:
        """The settings of the functions and of the operator command; without any of this process's own."""
        return {
            **credentials_environment(),
            "ALIYUN_PUSH_TOKENS": PUSH_TOKEN,
            "MNS_ENDPOINT": self.mns_endpoint,
            "TABLESTORE_ENDPOINT": self.tablestore_endpoint,
            "TABLESTORE_INSTANCE": INSTANCE,
            "OSS_ENDPOINT": self.oss_endpoint,
            "OSS_BUCKET": BUCKET,
            "OSS_REGION": REGION,
            "TABLE_PREFIX": table_prefix,
        }

    def provision(self, table_prefix: str = "") -> None:
        """Make the queues, the bucket, and the tables under that prefix."""
        for _ in provision(OpsSettings.read(self.environment(table_prefix))):
            pass


@contextlib.contextmanager
def cloud(delay: float = 0.0) -> Iterator[Cloud]:
    """A provisioned loopback cloud that ends with the block; every request waits `delay` seconds for it."""
    with served(partial(_serve, delay)) as endpoints:
        made = Cloud(*endpoints)
        made.provision()
        yield made


@contextlib.contextmanager
def served(serve: Callable[[Connection], None]) -> Iterator[Any]:
    """Run `serve` in a process of its own; what it sends when it is ready. It ends when its connection does."""
    ours, theirs = FRESH.Pipe()
    server = FRESH.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        ours.close()
        server.join()


def _serve(delay: float, parent: Connection) -> None:
    tables = TableStoreServer(None, instance=INSTANCE, key=KEY)
    with MnsServer(key=KEY) as queues, tables, OssServer(key=KEY) as objects:
        if delay:
            for server in (queues, tables, objects):
                server.faults.plan(Fault(delay=delay), times=None)
        ready(parent, (queues.endpoint, tables.endpoint, objects.endpoint))


def ready(parent: Connection, told: Any) -> None:
    """Tell the process that waits for this server, and return when it needs it no more."""
    parent.send(told)
    with contextlib.suppress(EOFError):
        parent.recv()


def in_fresh_process(function: Callable[Given, Result], *args: Given.args, **kwargs: Given.kwargs) -> Result:
    """What `function` returns in a new interpreter; it and what it is given must be picklable."""
    with ProcessPoolExecutor(1, mp_context=FRESH) as pool:
        return pool.submit(function, *args, **kwargs).result()
