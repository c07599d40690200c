"""A running pair of servers at a fake clock's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.cloud.alicom import AlicomServer
from tests.local.alicom.support import KEY
from tests.local.support import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def clock() -> FakeClock:
    """What tokens and messages go by; 2027-01-15 16:00:00 in China."""
    return FakeClock()


@pytest.fixture
def alicom(clock: FakeClock) -> Iterator[AlicomServer]:
    """The vendor's queues, one of each type."""
    with AlicomServer(key=KEY, clock=clock) as alicom:
        yield alicom
