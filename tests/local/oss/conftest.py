"""A loopback object store with one bucket, and the unmodified SDK on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import oss2
import pytest

from local.cloud.clock import ShiftedClock
from local.cloud.oss import OssServer
from tests.local.oss.support import VERSIONS, client_of
from tests.local.support import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def clock_of_all() -> ShiftedClock:
    """What the shared server goes by."""
    return ShiftedClock()


@pytest.fixture(scope="session")
def shared(clock_of_all: ShiftedClock) -> Iterator[OssServer]:
    """One server for all tests that need nothing special of it: starting and stopping takes time."""
    with OssServer(key=KEY, clock=clock_of_all) as server:
        yield server


@pytest.fixture
def clock(clock_of_all: ShiftedClock) -> Iterator[ShiftedClock]:
    """What the server goes by: the right time, until a test moves it."""
    yield clock_of_all
    clock_of_all.shift = 0


@pytest.fixture
def server(shared: OssServer, clock: ShiftedClock) -> OssServer:
    """A server with the empty private bucket `recordings` and nothing else, whose faults count from here on."""
    shared.faults.clear()
    shared._uploads.close()
    shared._store.close()
    with client_of(shared) as client:
        client.create_bucket(oss2.BUCKET_ACL_PRIVATE)
    shared.faults.calls.clear()
    return shared


@pytest.fixture
def bucket(server: OssServer) -> Iterator[Any]:
    """The SDK's bucket `recordings`, with signatures of version 4."""
    with client_of(server) as client:
        yield client


@pytest.fixture(params=VERSIONS)
def either(request: pytest.FixtureRequest, server: OssServer) -> Iterator[Any]:
    """The SDK's bucket `recordings`, with signatures of version 1 and of version 4."""
    with client_of(server, request.param) as client:
        yield client
