"""Law 2, Acknowledge, between the queue and the store: a batch is stored whole, or raised and stored later."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from local.cloud.faults import Fault
from receipts.errors import StoreForbidden, StoreMisconfigured, StoreUnavailable
from receipts.intake.pipeline import take_in
from receipts.store import patience
from receipts.store.rows import PASSING, Rows
from receipts.store.sdk import tablestore
from tests.laws.deliveries import BAD, RECEIPTS, one_by_one
from tests.store.support import INSTANCE, KEY, READ, WRITE, Clock, ended, push

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.support import Store

OUTAGES = {
    "busy": Fault(status=503, code="OTSServerBusy"),
    "unavailable": Fault(status=503, code="OTSServerUnavailable"),
    "a code of its own": Fault(status=502, code="BadGateway"),
    "refuses connections": Fault(close_before=True),
    "loses every answer": Fault(close_after=True),
    "hangs": Fault(hang=30.0),
}
BATCH = one_by_one([*RECEIPTS[::4], *BAD])
GOOD = [push("SecretReport", [ended("c1"), ended("c2"), ended("c3")])]


@pytest.fixture
def hasty(store: Store) -> Iterator[Rows]:
    """Rows through a client that waits a twentieth of a second for an answer."""
    client: Any = tablestore.OTSClient(
        store.server.endpoint,
        KEY.key_id,
        KEY.secret,
        INSTANCE,
        retry_policy=tablestore.NoRetryPolicy(),
        socket_timeout=urllib3.Timeout(connect=1.0, read=0.05),
        enable_native=False,
    )
    yield Rows(client, "")
    client.connection.pool.clear()


# A write that was carried out is found done at the next read, whatever became of its answer.
HARMLESS = [("loses every answer", WRITE), ("hangs", WRITE)]
HARMFUL = [(name, where) for name in OUTAGES for where in (None, READ, WRITE) if (name, where) not in HARMLESS]


@pytest.mark.parametrize(("outage", "operation"), HARMFUL)
def test_law_acknowledge_an_outage_raises_and_a_redelivery_stores_all(
    store: Store, hasty: Rows, outage: str, operation: str | None
) -> None:
    """Whatever the store fails with, the batch raises after a bounded number of tries; sent again, it is all there."""
    store.take_in(BATCH)
    reference = store.drained()
    clock = Clock()
    store.server.faults.plan(OUTAGES[outage], on=operation, times=None)
    with store.counted() as calls, pytest.raises(StoreUnavailable):
        take_in(BATCH, [], store.stores(hasty), clock.patience())
    assert len(clock.slept) < patience.MOST_TRIES
    assert calls[READ] + calls[WRITE] <= 3 * patience.MOST_TRIES
    store.server.faults.clear()
    store.take_in(BATCH)
    assert store.tables() == reference


@pytest.mark.parametrize(("outage", "operation"), HARMLESS)
def test_law_acknowledge_a_write_whose_answer_is_lost_is_found_done(
    store: Store, hasty: Rows, outage: str, operation: str
) -> None:
    """Rows that were written while the answer got lost are read back, not written twice, and all is well."""
    store.take_in(BATCH)
    reference = store.drained()
    clock = Clock()
    store.server.faults.plan(OUTAGES[outage], on=operation, times=None)
    with store.counted() as calls:
        take_in(BATCH, [], store.stores(hasty), clock.patience())
    # Once for the rows, once for the letters; on a busy machine a read may have to be asked again.
    assert calls[WRITE] == 2
    assert 2 <= len(clock.slept) < patience.MOST_TRIES
    assert store.tables() == reference


def test_law_acknowledge_within_the_time_that_was_given(store: Store) -> None:
    """With less time than the tries would take, it is the time that ends them."""
    clock = Clock()
    store.server.faults.plan(OUTAGES["busy"], times=None)
    with pytest.raises(StoreUnavailable):
        store.take_in(GOOD, patience=clock.patience(0.5))
    assert clock.slept
    assert clock.now <= 0.5
    assert len(clock.slept) < patience.MOST_TRIES - 1


def test_law_acknowledge_pauses_grow_and_stay_apart(store: Store) -> None:
    """Between tries it waits longer each time, up to 3 s: a service in trouble is not hammered."""
    clock = Clock()
    store.server.faults.plan(OUTAGES["busy"], times=None)
    with pytest.raises(StoreUnavailable):
        store.take_in(GOOD, patience=clock.patience())
    assert clock.slept == sorted(clock.slept)
    assert clock.slept[0] < 0.2
    assert max(clock.slept) <= patience.LONGEST_PAUSE_SECONDS


@pytest.mark.parametrize("operation", [READ, WRITE])
@pytest.mark.parametrize("code", sorted(PASSING))
def test_law_acknowledge_a_passing_fault_of_the_whole_request(store: Store, code: str, operation: str) -> None:
    """A refusal that passes is tried again, once, and the batch ends stored."""
    clock = Clock()
    store.server.faults.plan(Fault(status=503 if "Quota" not in code else 403, code=code), on=operation)
    with store.counted() as calls:
        store.take_in(GOOD, patience=clock.patience())
    assert set(store.calls()) == {"c1", "c2", "c3"}
    assert (calls[operation], len(clock.slept)) == (2, 1)


@pytest.mark.parametrize("operation", [READ, WRITE])
@pytest.mark.parametrize("code", sorted(PASSING))
def test_law_acknowledge_a_passing_fault_of_single_rows(store: Store, code: str, operation: str) -> None:
    """Rows that fail inside a batch that went well are looked at: only they are tried again."""
    clock = Clock()
    store.server.faults.plan(Fault(fail_parts=(0, 2), code=code), on=operation)
    with store.counted() as calls:
        store.take_in(GOOD, patience=clock.patience())
    assert set(store.calls()) == {"c1", "c2", "c3"}
    assert (calls[READ], calls[WRITE], len(clock.slept)) == (2, 2, 1)


def test_law_acknowledge_a_fault_met_while_looking_for_letters(store: Store) -> None:
    """The search for a letter that is kept already is as patient as the rest."""
    clock = Clock()
    store.server.faults.plan(Fault(status=503, code="OTSTimeout"), on=READ, times=2)
    store.take_in([push("SecretReport", [5])], patience=clock.patience())
    assert len(store.letters()) == 1
    assert len(clock.slept) == 2


def test_law_acknowledge_a_missing_table_names_only_the_code(store: Store) -> None:
    """No retry makes a table: the error says which code, and neither table, key nor number."""
    with pytest.raises(StoreMisconfigured) as caught:
        take_in(GOOD, [], store.stores(Rows(store.client, "elsewhere_")), Clock().patience())
    assert str(caught.value) == "TableStore answered 404 OTSObjectNotExist"
    assert "Requested table" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("wrong", ["key_id", "secret", "instance"])
def test_law_acknowledge_a_wrong_key_or_instance_is_no_outage(store: Store, wrong: str) -> None:
    """What only an operator can mend is not tried again and again."""
    told = {"key_id": KEY.key_id, "secret": KEY.secret, "instance": INSTANCE} | {wrong: "wrong"}
    client: Any = tablestore.OTSClient(
        store.server.endpoint,
        told["key_id"],
        told["secret"],
        told["instance"],
        retry_policy=tablestore.NoRetryPolicy(),
        enable_native=False,
    )
    clock = Clock()
    with pytest.raises(StoreMisconfigured, match=r"^TableStore answered 40[0-9] OTS\w+$"):
        take_in(GOOD, [], store.stores(Rows(client, "")), clock.patience())
    assert clock.slept == []
    client.connection.pool.clear()


@pytest.mark.parametrize("operation", [READ, WRITE])
def test_law_acknowledge_rows_refused_for_missing_rights(store: Store, operation: str) -> None:
    """A right that is missing for some rows of a batch stops it all, and is named."""
    store.server.faults.plan(Fault(fail_parts=(1,), code="OTSNoPermissionAccess"), on=operation)
    told = rf"^TableStore refuses rows with OTSNoPermissionAccess to ots:{operation} on calls(, \w+)*$"
    with pytest.raises(StoreForbidden, match=told):
        store.take_in(GOOD)
    store.take_in(GOOD)
    assert set(store.calls()) == {"c1", "c2", "c3"}
