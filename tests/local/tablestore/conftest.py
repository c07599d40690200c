"""A loopback TableStore and the unmodified SDK, with each codec that can be loaded here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from tablestore import (
    CapacityUnit,
    NoRetryPolicy,
    OTSClient,
    OTSServiceError,
    ReservedThroughput,
    SecondaryIndexMeta,
    TableMeta,
    TableOptions,
)

from local.cloud.access import AccessKey
from local.cloud.tablestore import TableStoreServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

KEY = AccessKey("LTAItest", "made-up-secret")
INSTANCE = "loopback"


class Start(Protocol):
    """Starts a server that the test's end stops."""

    def __call__(self, database: Path | None = None, **settings: Any) -> TableStoreServer:
        """Start one on this database, or in memory."""


class Connect(Protocol):
    """Makes a client that the test's end closes."""

    def __call__(self, server: TableStoreServer, **settings: Any) -> Any:
        """Make one, with these settings over the usual ones."""


class Create(Protocol):
    """Creates a table with string keys unless said otherwise."""

    def __call__(self, name: str, **settings: Any) -> None:
        """Create it with `key`, `columns`, `options`, `indexes`."""


class Refusal(Protocol):
    """Expects the service to refuse with this code."""

    def __call__(self, code: str, status: int | None = None) -> AbstractContextManager[Any]:
        """Around the call that must be refused."""


@pytest.fixture
def codec(request: pytest.FixtureRequest) -> dict[str, bool]:
    """The client's settings for its pure Python codec, or, in tests that ask for both, for its C++ codec alone."""
    if getattr(request, "param", "python") == "python":
        return {"enable_native": False}
    return {"enable_native": True, "native_fallback": False}


@pytest.fixture(scope="session", autouse=True)
def quiet_sdk() -> Iterator[None]:
    """The SDK writes every request out as text for a debug log unless its logger has a level of its own."""
    logger = logging.getLogger("tablestore-client")
    before = logger.level
    logger.setLevel(logging.INFO)
    yield
    logger.setLevel(before)


@pytest.fixture
def start() -> Iterator[Start]:
    """Servers, each stopped at the end."""
    servers: list[TableStoreServer] = []

    def make(database: Path | None = None, **settings: Any) -> TableStoreServer:
        settings = {"instance": INSTANCE, "key": KEY, **settings}
        servers.append(TableStoreServer(database, **settings).start())
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def connect(codec: dict[str, bool]) -> Iterator[Connect]:
    """Clients, each closed at the end."""
    clients: list[Any] = []

    def make(server: TableStoreServer, **settings: Any) -> Any:
        settings = {
            "access_key_id": KEY.key_id,
            "access_key_secret": KEY.secret,
            "instance_name": INSTANCE,
            "retry_policy": NoRetryPolicy(),
            **codec,
            **settings,
        }
        clients.append(OTSClient(server.endpoint, **settings))
        return clients[-1]

    yield make
    for client in clients:
        client.connection.pool.clear()


@pytest.fixture(scope="session")
def shared() -> Iterator[TableStoreServer]:
    """One server for all tests that need nothing special of it: starting and stopping takes time."""
    with TableStoreServer(None, instance=INSTANCE, key=KEY) as server:
        yield server


@pytest.fixture
def server(shared: TableStoreServer, connect: Connect) -> Iterator[TableStoreServer]:
    """A server that keeps everything in memory, without tables and faults; the test's end empties it."""
    yield shared
    shared.faults.clear()
    client = connect(shared)
    for table in client.list_table():
        client.delete_table(table)
    shared.faults.calls.clear()


@pytest.fixture
def client(connect: Connect, server: TableStoreServer) -> Any:
    """A client of that server."""
    return connect(server)


@pytest.fixture
def create(client: Any) -> Create:
    """Makes tables."""

    def make(name: str, **settings: Any) -> None:
        meta = TableMeta(name, settings.get("key", [("id", "STRING")]), settings.get("columns", []))
        throughput = ReservedThroughput(CapacityUnit(0, 0))
        client.create_table(meta, settings.get("options", TableOptions()), throughput, settings.get("indexes", []))

    return make


@pytest.fixture
def calls(create: Create) -> str:
    """The name of a table of calls with two indexes: by order, and by number and time."""
    create(
        "calls",
        key=[("shard", "STRING"), ("call_id", "STRING")],
        columns=[("order_id", "STRING"), ("number_x", "STRING"), ("started_at", "INTEGER"), ("note", "STRING")],
        indexes=[
            SecondaryIndexMeta("calls_by_order", ["order_id"], ["note"]),
            SecondaryIndexMeta("calls_by_number", ["number_x", "started_at"], []),
        ],
    )
    return "calls"


@pytest.fixture
def refusal() -> Refusal:
    """Checks that the service refuses what is done inside."""

    def expect(code: str, status: int | None = None) -> AbstractContextManager[Any]:
        def check(error: Any) -> bool:
            return bool(error.code == code and status in (None, error.http_status))

        return pytest.raises(OTSServiceError, check=check)

    return expect
