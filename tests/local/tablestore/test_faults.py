"""Planned faults: what the SDK sees, and what is committed behind its back."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import urllib3
from tablestore import (
    BatchGetRowRequest,
    BatchWriteRowRequest,
    Condition,
    DefaultRetryPolicy,
    PutRowItem,
    Row,
    TableInBatchGetRowItem,
    TableInBatchWriteRowItem,
)

from local.cloud.faults import Fault

if TYPE_CHECKING:
    from local.cloud.tablestore import TableStoreServer
    from tests.local.tablestore.conftest import Connect, Create, Refusal

ROW = Row([("id", "a")], [("n", 1)])
IGNORE = Condition("IGNORE")
GONE = urllib3.exceptions.ProtocolError


@pytest.fixture(autouse=True)
def table(create: Create) -> None:
    """Table `t`."""
    create("t")


def exists(client: Any) -> bool:
    """Whether the row is there."""
    return client.get_row("t", ROW.primary_key, max_version=1)[1] is not None


@pytest.mark.parametrize("region", [None, "cn-shanghai"])
@pytest.mark.parametrize("error", [(503, "OTSServerBusy"), (500, "OTSInternalServerError"), (403, "OTSQuotaExhausted")])
def test_a_status_is_answered_n_times(
    server: TableStoreServer, connect: Connect, refusal: Refusal, region: str | None, error: tuple[int, str]
) -> None:
    """The error arrives as the service's own, properly signed, so often as planned, and nothing is written."""
    status, code = error
    client = connect(server, region=region)
    server.faults.plan(Fault(status=status, code=code), on="PutRow", times=2)
    for _ in range(2):
        with refusal(code, status):
            client.put_row("t", ROW, IGNORE)
    assert not exists(client)
    client.put_row("t", ROW, IGNORE)
    assert exists(client)
    assert server.faults.calls["PutRow"] == 3


def test_the_sdk_retries_a_busy_server(server: TableStoreServer, connect: Connect) -> None:
    """The SDK's own policy gets through a server that is busy once."""
    server.faults.plan(Fault(status=503, code="OTSServerBusy"), on="PutRow")
    connect(server, retry_policy=DefaultRetryPolicy()).put_row("t", ROW, IGNORE)
    assert server.faults.calls["PutRow"] == 2


def test_a_lost_answer_is_committed(server: TableStoreServer, client: Any, refusal: Refusal) -> None:
    """The connection goes after the commit: the same conditional put then fails on its own row."""
    server.faults.plan(Fault(close_after=True), on="PutRow")
    with pytest.raises(GONE):
        client.put_row("t", ROW, Condition("EXPECT_NOT_EXIST"))
    assert exists(client)
    with refusal("OTSConditionCheckFail", 403):
        client.put_row("t", ROW, Condition("EXPECT_NOT_EXIST"))


def test_a_lost_request_is_not_carried_out(server: TableStoreServer, client: Any) -> None:
    """The connection goes before the operation."""
    server.faults.plan(Fault(close_before=True), on="PutRow")
    with pytest.raises(GONE):
        client.put_row("t", ROW, IGNORE)
    assert not exists(client)


def test_a_hanging_answer_is_committed(server: TableStoreServer, connect: Connect) -> None:
    """The client gives up while the answer hangs; the row is there."""
    server.faults.plan(Fault(hang=30), on="PutRow")
    client = connect(server, socket_timeout=0.2)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        client.put_row("t", ROW, IGNORE)
    assert exists(client)


def test_an_answer_may_be_delayed(server: TableStoreServer, client: Any) -> None:
    """A delay comes before the operation."""
    server.faults.plan(Fault(delay=0.05), on="PutRow")
    began = time.monotonic()
    client.put_row("t", ROW, IGNORE)
    assert time.monotonic() - began >= 0.05


def test_after_is_called_between_commit_and_answer(server: TableStoreServer, connect: Connect, client: Any) -> None:
    """At that moment another client sees the row, and this one has no answer yet."""
    seen: list[bool] = []
    answered = threading.Event()
    other = connect(server)
    server.faults.plan(Fault(after=lambda: seen.append(exists(other) and not answered.is_set())), on="PutRow")
    client.put_row("t", ROW, IGNORE)
    answered.set()
    assert seen == [True]


def test_parts_of_a_batch_fail_as_planned(server: TableStoreServer, create: Create, client: Any) -> None:
    """The rows at the planned positions, counted over all tables, fail; the others are written and read."""
    create("u")
    server.faults.plan(Fault(fail_parts=(1, 2), code="OTSServerBusy"), on="BatchWriteRow")
    request = BatchWriteRowRequest()
    for name in ("t", "u"):
        items = [PutRowItem(Row([("id", str(i))], []), IGNORE) for i in range(2)]
        request.add(TableInBatchWriteRowItem(name, items))
    results = client.batch_write_row(request).table_of_put
    assert [[item.is_ok for item in results[name]] for name in ("t", "u")] == [[True, False], [False, True]]
    assert results["u"][0].error_code == "OTSServerBusy"
    server.faults.plan(Fault(fail_parts=(3,), code="OTSTimeout"), on="BatchGetRow")
    get = BatchGetRowRequest()
    for name in ("t", "u"):
        get.add(TableInBatchGetRowItem(name, [[("id", str(i))] for i in range(2)], [], None, 1))
    found = client.batch_get_row(get)
    assert [item.row is not None for item in found.get_result_by_table("t")] == [True, False]
    first, second = found.get_result_by_table("u")
    assert (first.is_ok, first.row, second.is_ok, second.error_code) == (True, None, False, "OTSTimeout")
