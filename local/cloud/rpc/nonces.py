"""Which nonces were used already."""

from __future__ import annotations

import threading

# A request may be stamped a quarter of an hour ahead, and is then good for a quarter of an hour more.
_REMEMBERED_FOR = 2 * 15 * 60


class Nonces:
    """The nonces of the last half hour, each with the time of its use."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def first_use(self, key_id: str, nonce: str, now: float) -> bool:
        """Note the use of `nonce` by `key_id` at `now` (epoch seconds); False if it was used before."""
        with self._lock:
            self._forget(now - _REMEMBERED_FOR)
            if (key_id, nonce) in self._used:
                return False
            self._used[key_id, nonce] = now
            return True

    def _forget(self, before: float) -> None:
        # In the order of their use: the first that is young enough ends the search.
        while self._used and self._used[oldest := next(iter(self._used))] < before:
            del self._used[oldest]
