"""Tables, rows and indexes outlive the server; writers at the same time are one after the other."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from tablestore import (
    CapacityUnit,
    ComparatorType,
    Condition,
    OTSServiceError,
    ReservedThroughput,
    Row,
    SecondaryIndexMeta,
    SingleColumnCondition,
    TableMeta,
    TableOptions,
)

if TYPE_CHECKING:
    from pathlib import Path

    from local.cloud.tablestore import TableStoreServer
    from tests.local.tablestore.conftest import Connect, Create, Start

IGNORE = Condition("IGNORE")


def test_everything_is_there_after_a_restart(start: Start, connect: Connect, tmp_path: Path) -> None:
    """A new server on the same file has the tables, the rows and indexes that go on being kept."""
    database = tmp_path / "new" / "tablestore.db"
    server = start(database)
    client = connect(server)
    meta = TableMeta("t", [("id", "STRING")], [("order_id", "STRING")])
    index = SecondaryIndexMeta("by_order", ["order_id"], [])
    client.create_table(meta, TableOptions(), ReservedThroughput(CapacityUnit(0, 0)), [index])
    client.put_row("t", Row([("id", "a")], [("order_id", "o"), ("text", "号码")]), IGNORE)
    described = str(client.describe_table("t").table_meta)
    server.stop()

    client = connect(start(database))
    assert client.list_table() == ("t",)
    assert str(client.describe_table("t").table_meta) == described
    _, row, _ = client.get_row("t", [("id", "a")], max_version=1)
    assert {name: value for name, value, _ in row.attribute_columns} == {"order_id": "o", "text": "号码"}
    assert client.get_row("by_order", [("order_id", "o"), ("id", "a")], max_version=1)[1] is not None
    client.put_row("t", Row([("id", "a")], [("order_id", "p")]), IGNORE)
    assert client.get_row("by_order", [("order_id", "o"), ("id", "a")], max_version=1)[1] is None
    assert client.get_row("by_order", [("order_id", "p"), ("id", "a")], max_version=1)[1] is not None


def race(connect: Connect, server: TableStoreServer, attempt: Any, contenders: int = 6) -> list[int]:
    """Run `attempt(client, number)` in threads at once; the numbers of those that the service let pass."""
    clients = [connect(server) for _ in range(contenders)]
    barrier = threading.Barrier(contenders)
    winners: list[int] = []

    def contend(number: int) -> None:
        barrier.wait(10)
        try:
            attempt(clients[number], number)
        except OTSServiceError as error:
            assert error.code == "OTSConditionCheckFail"  # noqa: PT017 - in a thread
        else:
            winners.append(number)

    threads = [threading.Thread(target=contend, args=(number,)) for number in range(contenders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return winners


def test_exactly_one_creates_a_row(connect: Connect, server: TableStoreServer, create: Create, client: Any) -> None:
    """Of many puts that expect no row, one wins, and its values are the row's."""
    create("t")
    for round_ in range(5):
        key = [("id", str(round_))]
        winners = race(
            connect,
            server,
            lambda one, number, key=key: one.put_row("t", Row(key, [("by", number)]), Condition("EXPECT_NOT_EXIST")),
        )
        assert len(winners) == 1
        assert client.get_row("t", key, max_version=1)[1].attribute_columns[0][1] == winners[0]


def test_exactly_one_moves_a_revision(connect: Connect, server: TableStoreServer, create: Create, client: Any) -> None:
    """Of many updates on the same revision, one wins."""
    create("t")
    key = [("id", "a")]
    client.put_row("t", Row(key, [("revision", 0)]), IGNORE)
    for revision in range(5):
        guard = SingleColumnCondition("revision", revision, ComparatorType.EQUAL, pass_if_missing=False)
        change = Row(key, {"PUT": [("revision", revision + 1)]})
        winners = race(
            connect,
            server,
            lambda one, _, change=change, guard=guard: one.update_row("t", change, Condition("EXPECT_EXIST", guard)),
        )
        assert len(winners) == 1


def test_no_increment_is_lost(connect: Connect, server: TableStoreServer, create: Create, client: Any) -> None:
    """Increments at the same time add up."""
    create("t")

    def count(one: Any, _: int) -> None:
        for _ in range(10):
            one.update_row("t", Row([("id", "a")], {"INCREMENT": [("n", 1)]}), IGNORE)

    assert len(race(connect, server, count)) == 6
    assert client.get_row("t", [("id", "a")], max_version=1)[1].attribute_columns[0][1] == 60
