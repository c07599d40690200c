"""The recordings that the vendor has, or is about to have, or had."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import Enum


class State(Enum):
    """Where a recording is in its life."""

    NOT_READY = "not ready"
    READY = "ready"
    GONE = "gone"


@dataclass(frozen=True)
class Recording:
    """One recording of a call: of the talk, or of the ringing before it.

    Attributes:
        call_time_ms: when the call began, epoch milliseconds, as in the receipt of its recording.
        pool_key: the pool of its privacy number.
        file: the recording's name on the file host.
        state: whether a link to it can be had.
    """

    call_time_ms: int
    pool_key: str
    file: str
    state: State


class Recordings:
    """Every recording, by the call's id as in its receipts; `ring` says which of a call's two is meant."""

    def __init__(self) -> None:
        self._by_call: dict[tuple[str, bool], Recording] = {}
        self._lock = threading.Lock()

    def add(  # noqa: PLR0913 - what a recording is known by
        self, call_id: str, call_time_ms: int, pool_key: str, file: str, *, ring: bool = False, ready: bool = True
    ) -> None:
        """Have a recording of the call `call_id`, in place of one had before; see `Recording`."""
        state = State.READY if ready else State.NOT_READY
        with self._lock:
            self._by_call[call_id, ring] = Recording(call_time_ms, pool_key, file, state)

    def set_state(self, call_id: str, state: State, *, ring: bool = False) -> None:
        """Let a recording of `call_id` become ready, or be gone; KeyError if there never was one."""
        with self._lock:
            self._by_call[call_id, ring] = replace(self._by_call[call_id, ring], state=state)

    def find(self, call_id: str, called_at: int, pool_key: str, *, ring: bool = False) -> Recording | None:
        """The recording of the call `call_id` that began at `called_at` (epoch seconds), or None.

        `pool_key` may be empty: then the pool is not compared.
        """
        with self._lock:
            found = self._by_call.get((call_id, ring))
        if found is None or found.call_time_ms // 1000 != called_at or pool_key not in ("", found.pool_key):
            return None
        return found
