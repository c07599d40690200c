"""A world for every test that asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.recordings import support

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.recordings.support import World


@pytest.fixture
def world() -> Iterator[World]:
    """A vendor, a store, a queue and a bucket, with nothing in them."""
    with support.world() as running:
        yield running
