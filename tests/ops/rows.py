"""Letters as two runs can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.store.support import Row

# When a letter was replayed, and the guard of its row.
MOMENTS = ("replayed_at", "revision")


def without_moments(letter: Row) -> Row:
    """The letter without what depends on when it was replayed."""
    return {name: value for name, value in letter.items() if name not in MOMENTS}
