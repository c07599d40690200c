"""One vendor and one store per module, both empty at the start of each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.poll.support import vendor_beside
from tests.store.conftest import server_with_tables, store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.poll.support import Vendor
    from tests.store.support import Store

__all__ = ["server_with_tables", "store"]


@pytest.fixture
def vendor(store: Store) -> Iterator[Vendor]:
    """The vendor, with no queue yet."""
    with vendor_beside(store) as vendor:
        yield vendor
