"""The recordings that the platform has, each for seven days from the push of its call record."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT_SECONDS = 7 * 24 * 60 * 60


class _Recording(NamedTuple):
    app_key: str
    file: str
    pushed_at: float


class Recordings:
    """Every recording, by the name and domain that its call record tells.

    Args:
        clock: epoch seconds that the seven days are counted by.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._by_name: dict[tuple[str, str], _Recording] = {}
        self._lock = threading.Lock()

    def add(self, app_key: str, name: str, domain: str, file: str) -> None:
        """Have the recording `name` of an application from now on, in place of one had before.

        Args:
            app_key: whose it is.
            name: `recordObjectName` of its call record.
            domain: `recordDomain` of its call record.
            file: its name on the file host.
        """
        with self._lock:
            self._by_name[name, domain] = _Recording(app_key, file, self._clock())

    def file(self, app_key: str, name: str, domain: str) -> str | None:
        """The name on the file host; None if there is none, if it is another's, or after seven days."""
        with self._lock:
            found = self._by_name.get((name, domain))
        if found is None or found.app_key != app_key or self._clock() - found.pushed_at > KEPT_SECONDS:
            return None
        return found.file
