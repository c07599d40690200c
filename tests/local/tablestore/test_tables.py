"""Tables and indexes: made, listed, described, changed, dropped, and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tablestore import (
    PK_AUTO_INCR,
    CapacityUnit,
    CastType,
    ComparatorType,
    Condition,
    OTSServiceError,
    RegexRule,
    ReservedThroughput,
    Row,
    SecondaryIndexMeta,
    SecondaryIndexType,
    SingleColumnRegexCondition,
    TableOptions,
)

if TYPE_CHECKING:
    from tests.local.tablestore.conftest import Create, Refusal

INVALID = ("OTSParameterInvalid", 400)


def test_a_table_is_described_as_it_was_created(client: Any, calls: str) -> None:
    """Keys, defined columns, options, throughput and index definitions come back."""
    described = client.describe_table(calls)
    assert described.table_meta.table_name == "calls"
    assert described.table_meta.schema_of_primary_key == [("shard", "STRING"), ("call_id", "STRING")]
    assert described.table_meta.defined_columns[2] == ("started_at", "INTEGER")
    assert (described.table_options.time_to_live, described.table_options.max_version) == (-1, 1)
    assert described.reserved_throughput_details.capacity_unit.write == 0
    assert [
        (index.index_name, index.primary_key_names, index.defined_column_names, index.index_type)
        for index in described.secondary_indexes
    ] == [
        ("calls_by_order", ["order_id"], ["note"], SecondaryIndexType.GLOBAL_INDEX),
        ("calls_by_number", ["number_x", "started_at"], [], SecondaryIndexType.GLOBAL_INDEX),
    ]


def test_tables_are_listed_without_their_indexes(client: Any, create: Create, calls: str) -> None:
    """ListTable names the tables in order."""
    create("another")
    assert client.list_table() == ("another", calls)


def test_a_dropped_table_takes_rows_and_indexes_along(
    client: Any, create: Create, calls: str, refusal: Refusal
) -> None:
    """A table of the same name that comes later is empty, and the indexes' names are free."""
    row = Row([("shard", "0"), ("call_id", "c")], [("order_id", "o")])
    client.put_row(calls, row, Condition("IGNORE"))
    client.delete_table(calls)
    assert client.list_table() == ()
    for name in (calls, "calls_by_order"):
        with refusal("OTSObjectNotExist", 404):
            client.get_row(name, row.primary_key, max_version=1)
    create("calls", key=[("shard", "STRING"), ("call_id", "STRING")])
    create("calls_by_order")
    assert client.get_row(calls, row.primary_key, max_version=1)[1] is None


def test_what_does_not_exist(client: Any, refusal: Refusal) -> None:
    """Every operation on a table that is not there says OTSObjectNotExist."""
    row = Row([("id", "a")], [])
    index = SecondaryIndexMeta("i", ["id"], [])
    for operation, arguments in [
        (client.describe_table, ()),
        (client.delete_table, ()),
        (client.update_table, (TableOptions(),)),
        (client.put_row, (row, Condition("IGNORE"))),
        (client.update_row, (Row([("id", "a")], {"PUT": [("a", 1)]}), Condition("IGNORE"))),
        (client.delete_row, (row, Condition("IGNORE"))),
        (client.get_row, (row.primary_key,)),
        (client.get_range, ("FORWARD", [("id", "a")], [("id", "b")])),
        (client.create_secondary_index, (index, False)),
        (client.delete_secondary_index, ("i",)),
    ]:
        with refusal("OTSObjectNotExist", 404):
            operation("none", *arguments)


def test_names_that_are_taken(client: Any, create: Create, calls: str, refusal: Refusal) -> None:
    """Tables and indexes share one set of names; a refused table leaves nothing behind."""
    taken = ("OTSObjectAlreadyExist", 409)
    for name in (calls, "calls_by_order"):
        with refusal(*taken):
            create(name)
    with refusal(*taken):
        client.create_secondary_index(calls, SecondaryIndexMeta("calls_by_order", ["note"], []), False)
    with refusal(*taken):
        twice = [SecondaryIndexMeta("twice", ["a"], []), SecondaryIndexMeta("twice", ["a"], [])]
        create("new", columns=[("a", "STRING")], indexes=twice)
    assert client.list_table() == (calls,)
    create("twice")


def test_indexes_are_added_and_dropped(client: Any, calls: str, refusal: Refusal) -> None:
    """An index that is dropped is gone, and the table with it works on."""
    client.create_secondary_index(calls, SecondaryIndexMeta("by_note", ["note"], []), False)
    assert len(client.describe_table(calls).secondary_indexes) == 3
    client.delete_secondary_index(calls, "calls_by_order")
    client.put_row(calls, Row([("shard", "0"), ("call_id", "c")], [("order_id", 5)]), Condition("IGNORE"))
    assert [index.index_name for index in client.describe_table(calls).secondary_indexes] == [
        "calls_by_number",
        "by_note",
    ]
    with refusal("OTSObjectNotExist", 404):
        client.delete_secondary_index(calls, "calls_by_order")


def test_options_are_updated(client: Any, calls: str, refusal: Refusal) -> None:
    """UpdateTable changes what is given and keeps the rest."""
    client.update_table(calls, TableOptions(-1, 1, 7200), ReservedThroughput(CapacityUnit(0, 0)))
    assert client.describe_table(calls).table_options.max_time_deviation == 7200
    assert len(client.describe_table(calls).secondary_indexes) == 2
    with refusal(*INVALID):
        client.update_table(calls, TableOptions(0, 1))
    with refusal(*INVALID):
        client.update_table(calls, TableOptions(-1, 0))


def test_rows_of_a_table_with_indexes_live_for_ever(client: Any, create: Create, calls: str, refusal: Refusal) -> None:
    """No time to live with an index, whichever comes first; once the indexes are gone, it may have one."""
    create("short_lived", columns=[("a", "STRING")], options=TableOptions(86400, 1))
    with refusal(*INVALID):
        client.create_secondary_index("short_lived", SecondaryIndexMeta("by_a", ["a"], []), False)
    with refusal(*INVALID):
        client.update_table(calls, TableOptions(86400, 1))
    assert client.describe_table(calls).table_options.time_to_live == -1
    for name in ("calls_by_order", "calls_by_number"):
        client.delete_secondary_index(calls, name)
    client.update_table(calls, TableOptions(86400, 1))
    assert client.describe_table(calls).table_options.time_to_live == 86400


def test_an_index_is_described_with_its_table_only(client: Any, calls: str) -> None:
    """The refusal says so; it is a read that was asked for."""
    with pytest.raises(OTSServiceError, match="DescribeTable of an index is not served") as refused:
        client.describe_table("calls_by_order")
    assert refused.value.code == "OTSParameterInvalid"


@pytest.mark.parametrize(
    "settings",
    [
        {"key": []},
        {"key": [(f"k{i}", "STRING") for i in range(5)]},
        {"key": [("a", "STRING"), ("a", "INTEGER")]},
        {"key": [("a", "BOOLEAN")]},
        {"key": [("a", "STRING"), ("b", "INTEGER", PK_AUTO_INCR)]},
        {"key": [("1a", "STRING")]},
        {"columns": [("id", "STRING")]},
        {"columns": [(f"c{i}", "STRING") for i in range(33)]},
        {"options": TableOptions(-1, 2)},
        {"options": TableOptions(0, 1)},
        {"indexes": [SecondaryIndexMeta("i", ["unknown"], [])]},
        {"indexes": [SecondaryIndexMeta("i", [], [])]},
        {"columns": [("d", "DOUBLE")], "indexes": [SecondaryIndexMeta("i", ["d"], [])]},
        {"columns": [("a", "STRING")], "indexes": [SecondaryIndexMeta("i", ["a", "a"], [])]},
        {"columns": [("a", "STRING")], "indexes": [SecondaryIndexMeta("i", ["a"], ["a"])]},
        {"columns": [("a", "STRING")], "indexes": [SecondaryIndexMeta("i", ["a"], ["id"])]},
        {"columns": [("a", "STRING")], "indexes": [SecondaryIndexMeta("i-i", ["a"], [])]},
        {
            "columns": [("a", "STRING")],
            "indexes": [SecondaryIndexMeta("i", ["a"], [], SecondaryIndexType.LOCAL_INDEX)],
        },
        {
            "columns": [("a", "STRING")],
            "options": TableOptions(86400, 1),
            "indexes": [SecondaryIndexMeta("i", ["a"], [])],
        },
        {
            "columns": [(f"c{i}", "STRING") for i in range(5)],
            "indexes": [SecondaryIndexMeta("i", [f"c{i}" for i in range(5)], [])],
        },
        {
            "columns": [("a", "STRING")],
            "indexes": [SecondaryIndexMeta(f"i{i}", ["a"], []) for i in range(6)],
        },
    ],
)
def test_definitions_that_are_refused(client: Any, create: Create, refusal: Refusal, settings: dict[str, Any]) -> None:
    """A wrong definition makes neither table nor index."""
    with refusal(*INVALID):
        create("t", **settings)
    assert client.list_table() == ()


def test_table_names(create: Create, refusal: Refusal) -> None:
    """Letters, digits and underscores, up to 255, no digit first."""
    create("_" + "a" * 254)
    for name in ("", "1a", "a-b", "a" * 256, "表"):
        with refusal(*INVALID):
            create(name)


def test_an_instance_holds_64_tables_and_indexes(create: Create, calls: str, refusal: Refusal) -> None:
    """Indexes count as tables do."""
    for number in range(61):
        create(f"t{number}")
    with refusal("OTSQuotaExhausted", 403):
        create("one_more")


def test_a_local_index_begins_with_the_tables_key(client: Any, create: Create) -> None:
    """A local index is kept like a global one."""
    create(
        "t",
        columns=[("a", "STRING")],
        indexes=[SecondaryIndexMeta("i", ["id", "a"], [], SecondaryIndexType.LOCAL_INDEX)],
    )
    client.put_row("t", Row([("id", "x")], [("a", "y")]), Condition("IGNORE"))
    assert client.get_row("i", [("id", "x"), ("a", "y")], max_version=1)[1] is not None


def test_operations_that_are_not_served(client: Any, calls: str, refusal: Refusal) -> None:
    """What the loopback cannot do it refuses, rather than pretend."""
    with refusal(*INVALID):
        client.list_search_index(calls)
    with refusal(*INVALID):
        client.get_row(calls, [("shard", "0"), ("call_id", "c")], time_range=(0, 1), max_version=None)
    with refusal(*INVALID):
        client.put_row(calls, Row([("shard", "0"), ("call_id", "c")], []), Condition("IGNORE"), None, "transaction")
    rule = RegexRule("([0-9]+)", CastType.VT_INTEGER)
    with refusal(*INVALID):
        client.get_row(
            calls,
            [("shard", "0"), ("call_id", "c")],
            column_filter=SingleColumnRegexCondition("note", ComparatorType.EQUAL, 1, rule),
        )
