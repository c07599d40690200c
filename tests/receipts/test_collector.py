"""The collector rests during a batch, and is left as it was found."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from receipts import collector

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _left_enabled() -> Iterator[None]:
    yield
    gc.enable()


def test_the_collector_rests_and_works_again_afterwards() -> None:
    """Paused inside, enabled afterwards, call after call."""
    working = collector.paused()(gc.isenabled)
    for _ in range(2):
        assert not working()
        assert gc.isenabled()


def test_the_collector_works_again_after_an_error() -> None:
    """A batch that cannot be stored leaves it enabled."""
    with pytest.raises(ValueError, match="no batch"), collector.paused():
        raise ValueError("no batch")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    """Who has switched it off for good finds it off."""
    gc.disable()
    with collector.paused():
        assert not gc.isenabled()
    assert not gc.isenabled()
