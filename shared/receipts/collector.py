"""Python's cycle collector, kept out of the way of a batch."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def paused() -> Iterator[None]:
    """No collection meanwhile; what gathered all the same is collected afterwards.

    What a batch makes holds no cycles and goes as soon as nothing refers to it, yet after every few hundred objects
    the collector would walk over those that are still in use. For a function that does one thing at a time: the
    collector is the whole process's.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
