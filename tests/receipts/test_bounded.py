"""Waiting is bounded, whatever it hangs on."""

from __future__ import annotations

import threading

import pytest

from receipts.bounded import within


def test_nothing_is_waited_for_longer_than_told() -> None:
    """What is raised comes through as it is."""
    with pytest.raises(ZeroDivisionError):
        within(5, lambda: 1 // 0)
    assert within(5, lambda: 1) == 1
    over = threading.Event()
    with pytest.raises(TimeoutError):
        within(0.01, lambda: over.wait(5))
    over.set()
