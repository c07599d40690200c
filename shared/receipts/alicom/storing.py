"""What one thread stores with: the very code and clients of `ingest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from receipts.intake.pipeline import Stores, Summary, take_in
from receipts.journal.queue import Queue
from receipts.recordings.jobs import Jobs
from receipts.store.client import client
from receipts.store.patience import Patience
from receipts.store.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from receipts.credentials import Credentials
    from receipts.journal.envelope import Envelope
    from receipts.recordings.settings import RecordingRules
    from receipts.settings import QueueSettings, StoreSettings


class ThreadStorer:
    """A thread's own clients, because threads share neither the connection to the queue nor that to the store.

    Args:
        store: where the rows are.
        queue: where recordings are asked for.
        rules: when a recording can be had.
        keys: whose they are.
        clock: the time of day in epoch seconds.
        monotonic: a clock in seconds.
        sleep: waits so many seconds.
        chance: a number from 0 to 1 at each call.
    """

    def __init__(  # noqa: PLR0913 - settings and what every function passes in
        self,
        *,
        store: StoreSettings,
        queue: QueueSettings,
        rules: RecordingRules,
        keys: Credentials,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
        chance: Callable[[], float],
    ) -> None:
        self._client: Any = client(store, keys)
        jobs = Jobs(Queue(queue.endpoint, queue.name, clock), keys, clock, monotonic)
        self._stores = Stores(Rows(self._client, store.table_prefix), jobs, rules)
        self._patience: Callable[[], Patience] = lambda: Patience(store.budget_seconds, monotonic, sleep, chance)

    def take(self, envelopes: Sequence[Envelope]) -> Summary:
        """Store a batch whole, dead letters included. Raises as `take_in`."""
        return take_in(envelopes, [], self._stores, self._patience())

    def close(self) -> None:
        """Close the connections."""
        self._stores.jobs.close()
        self._client.connection.pool.clear()
