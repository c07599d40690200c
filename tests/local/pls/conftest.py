"""A file host, and a running API that knows one recording on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.cloud.clock import ShiftedClock
from local.cloud.files import FileHost
from local.cloud.pls import PlsServer
from tests.local.pls.support import CALL_ID, CALL_TIME_MS, FILE, POOL_KEY
from tests.local.support import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def host() -> Iterator[FileHost]:
    """A file host with the recording."""
    with FileHost() as host:
        host.put(FILE, 5000)
        yield host


@pytest.fixture
def clock() -> ShiftedClock:
    """What the server holds time stamps against."""
    return ShiftedClock()


@pytest.fixture
def server(host: FileHost, clock: ShiftedClock) -> Iterator[PlsServer]:
    """The API, over one recording that is ready."""
    with PlsServer(key=KEY, link=host.url, clock=clock) as server:
        server.recordings.add(CALL_ID, CALL_TIME_MS, POOL_KEY, FILE)
        yield server
