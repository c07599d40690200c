"""Law 5, Crash: whatever call the process dies after, a redelivery loses nothing and doubles nothing."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.faults import Fault
from local.golden.shapes import cloud_event
from local.host.host import Host
from local.stack import LAYER
from local.story import story
from receipts.intake.pipeline import take_in
from receipts.journal import envelope as envelopes
from receipts.store.rows import Rows
from template.reading import TEMPLATE, read_functions
from tests.store.support import KEY, READ, WRITE, Clock, push

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.store.support import Store, Tables

PUSHES = [push(one.message_type, one.body, number) for number, one in enumerate(story(5, calls=11).pushes, 1)]
# Enough rows and letters for several requests of each kind.
NUMBERS = [
    push("NumberManagementReport", [{"secret_no": f"1700003{n:04d}", "status": 1} for n in range(start, start + 10)], n)
    for n, start in enumerate(range(0, 200, 10), 8_000)
]
BATCH = [*PUSHES, *NUMBERS, push("SecretReport", list(range(40)), 9_000)]


class Killed(BaseException):
    """The end of the process: nothing in it catches this."""


class MortalClient:
    """The SDK's client in a process that dies at one of its calls.

    Args:
        client: the unmodified client.
        at: the number of the call, from 0.
        carried_out: whether the store has carried that call out when the process dies.
    """

    def __init__(self, client: Any, at: int, *, carried_out: bool) -> None:
        self._client, self._left, self._carried_out = client, at, carried_out

    def batch_get_row(self, request: Any) -> Any:
        """As the client's."""
        return self._call(self._client.batch_get_row, request)

    def batch_write_row(self, request: Any) -> Any:
        """As the client's."""
        return self._call(self._client.batch_write_row, request)

    def _call(self, call: Callable[[Any], Any], request: Any) -> Any:
        self._left -= 1
        if self._left >= 0:
            return call(request)
        if self._carried_out:
            call(request)
        raise Killed


def reference_of(store: Store) -> tuple[Tables, int]:
    """The rows that must come of the batch, and how many calls a run without a fault makes."""
    with store.counted() as calls:
        store.take_in(BATCH)
    return store.drained(), calls[READ] + calls[WRITE]


def test_law_crash_at_every_call(store: Store) -> None:
    """Dead before or after any of its calls, the batch comes again: the rows are those of a run without a fault."""
    reference, calls = reference_of(store)
    assert (len(BATCH) >= 40, calls >= 9, len(reference["dead_letters"]) >= 40) == (True, True, True)
    for at in range(calls):
        for carried_out in (False, True):
            rows = Rows(MortalClient(store.client, at, carried_out=carried_out), "")
            with pytest.raises(Killed):
                take_in(BATCH, [], store.stores(rows), Clock().patience())
            store.take_in(BATCH)
            assert store.drained() == reference, f"call {at}, carried out: {carried_out}"


def test_law_crash_twice_and_with_other_neighbours(store: Store) -> None:
    """Redelivered messages come in other company: parts of the batch, after two deaths, end in the same rows."""
    reference, calls = reference_of(store)
    for carried_out in (True, False):
        # The second time there may be less to do.
        rows = Rows(MortalClient(store.client, calls // 2, carried_out=carried_out), "")
        with contextlib.suppress(Killed):
            take_in(BATCH, [], store.stores(rows), Clock().patience())
    for start in (1, 0):
        store.take_in(BATCH[start::2])
    assert store.tables() == reference


def test_law_crash_of_the_connection_at_every_call(store: Store) -> None:
    """Connections that die at any call and the one after it, carried out or not, cost a try and nothing else."""
    reference, calls = reference_of(store)
    for at in range(calls):
        store.server.faults.plan(Fault(close_after=True), skip=at)
        store.server.faults.plan(Fault(close_before=True), skip=at)
        store.take_in(BATCH)
        assert store.drained() == reference, f"call {at}"


def event_of(batch: list[envelopes.Envelope]) -> bytes:
    """The batch as EventBridge hands it to `ingest`."""
    texts = [base64.b64decode(envelopes.plain(one)).decode() for one in batch]
    return json.dumps([cloud_event(text, number) for number, text in enumerate(texts, 1)]).encode()


def test_law_crash_of_the_real_process(store: Store, tmp_path: Path) -> None:
    """SIGKILL right after a call was carried out, first, last and between; the next process finishes the work."""
    reference, calls = reference_of(store)
    functions = [
        function
        for function in read_functions(TEMPLATE, store.environment(ALIYUN_PUSH_TOKENS="a-token"))
        if function.name == "ingest"
    ]
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": KEY.key_id, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY.secret}
    event = event_of(BATCH)
    with Host(functions, layer_paths=[LAYER], environment=keys, log_dir=tmp_path) as host:

        def kill() -> None:
            host.kill("ingest")

        for at in (0, calls // 2, calls - 1):
            store.server.faults.plan(Fault(after=kill), skip=at)
            with store.counted() as made:
                killed = host.invoke("ingest", event)
            assert not killed.ok
            assert b"signal 9" in killed.payload
            assert made[READ] + made[WRITE] == at + 1
            assert host.invoke("ingest", event).ok
            assert store.drained() == reference, f"call {at}"
