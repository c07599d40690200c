"""Asynchronous invocations (timers, topics): accepted at once, repeated by the platform when they fail."""

from __future__ import annotations

import concurrent.futures
import logging
from typing import TYPE_CHECKING

from local.host.retry import async_delays

if TYPE_CHECKING:
    from local.host.pool import Pool
    from local.host.queue_pump import Pace
    from local.host.result import Result

_log = logging.getLogger(__name__)
_AT_ONCE = 8


class AsyncQueue:
    """Runs the asynchronous invocations of one function in threads of its own, a few at once."""

    def __init__(self, pool: Pool, pace: Pace) -> None:
        self._pool = pool
        self._pace = pace
        self._executor = concurrent.futures.ThreadPoolExecutor(_AT_ONCE, f"async {pool.function.name}")

    def submit(self, event: bytes, request_id: str | None = None) -> concurrent.futures.Future[Result]:
        """Accept an event; the future gives the result of the last attempt. With an id, every attempt has that one."""
        return self._executor.submit(self._run, event, request_id)

    def stop(self) -> None:
        """Forget what has not begun and wait for the rest (the pace and the pool must be stopped before)."""
        self._executor.shutdown(cancel_futures=True)

    def _run(self, event: bytes, request_id: str | None) -> Result:
        result = self._pool.invoke(event, request_id)
        for delay in async_delays(self._pool.function.async_retries):
            if result.ok or self._pace.pause(delay):
                return result
            result = self._pool.invoke(event, request_id)
        if not result.ok:
            _log.error("%s: asynchronous invocation given up: %s", self._pool.function.name, result.error_type)
        return result
