"""`archive` as the platform loads it, beside a world of recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.functions.loading import Function, loaded
from tests.recordings.conftest import world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.recordings.support import World

__all__ = ["world"]


@pytest.fixture
def archive(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Function]:
    """The function in a world with nothing in it."""
    with loaded("archive", world, monkeypatch) as function:
        yield function
