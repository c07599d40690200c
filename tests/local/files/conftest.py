"""A running file host that stands at a clock of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.cloud.files import FileHost
from tests.local.support import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> FakeClock:
    """What links run out by."""
    return FakeClock()


@pytest.fixture
def host(clock: FakeClock) -> Iterator[FileHost]:
    """A host without a file."""
    with FileHost(clock=clock) as host:
        yield host
