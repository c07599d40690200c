"""One server per module, empty at the start of each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.store.empty_cloud import cloud, command
from tests.store.support import CODECS, Store, running

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cloud", "command"]


@pytest.fixture(scope="module")
def server_with_tables() -> Iterator[Store]:
    """The module's store."""
    with running() as store:
        yield store


@pytest.fixture
def store(server_with_tables: Store) -> Store:
    """The module's store without rows and faults, read and written by the SDK's Python codec."""
    server_with_tables.clear()
    return server_with_tables


@pytest.fixture(scope="module", params=CODECS)
def any_codec(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store for each codec of the SDK that loads here; the test empties it."""
    with running(request.param) as store:
        yield store
