"""BatchWriteRow and BatchGetRow: several tables, and each row for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tablestore import (
    BatchGetRowRequest,
    BatchWriteRowRequest,
    ComparatorType,
    Condition,
    DeleteRowItem,
    PutRowItem,
    ReturnType,
    Row,
    SingleColumnCondition,
    TableInBatchGetRowItem,
    TableInBatchWriteRowItem,
    UpdateRowItem,
)

from tests.local.tablestore.support import WITH_EACH_CODEC

if TYPE_CHECKING:
    from tests.local.tablestore.conftest import Create, Refusal

pytestmark = WITH_EACH_CODEC

IGNORE = Condition("IGNORE")


@pytest.fixture(autouse=True)
def tables(create: Create) -> None:
    """Tables `a` and `b`."""
    create("a")
    create("b")


def write(client: Any, **tables: list[Any]) -> Any:
    """One BatchWriteRow with these items per table."""
    request = BatchWriteRowRequest()
    for name, items in tables.items():
        request.add(TableInBatchWriteRowItem(name, items))
    return client.batch_write_row(request)


def read(client: Any, columns: list[str] | None = None, *, filtered: Any = None, **tables: list[str]) -> Any:
    """One BatchGetRow of these ids per table."""
    request = BatchGetRowRequest()
    for name, ids in tables.items():
        keys = [[("id", value)] for value in ids]
        request.add(TableInBatchGetRowItem(name, keys, columns or [], filtered, 1))
    return client.batch_get_row(request)


def put(row_id: str, condition: Any = IGNORE, **cells: Any) -> Any:
    """A put of one row."""
    return PutRowItem(Row([("id", row_id)], list(cells.items())), condition)


def found(response: Any, table: str) -> list[Any]:
    """The attributes of each row that a BatchGetRow answered for a table; None where there is no row."""
    return [
        item.row and {name: value for name, value, _ in item.row.attribute_columns}
        for item in response.get_result_by_table(table)
    ]


def test_puts_updates_and_deletes_in_several_tables(client: Any) -> None:
    """One batch writes to two tables in all three ways."""
    write(client, a=[put("1", n=1), put("2", n=2), put("3", n=3)])
    update = UpdateRowItem(Row([("id", "2")], {"PUT": [("m", 9)], "INCREMENT": [("n", 1)]}), IGNORE)
    delete = DeleteRowItem(Row([("id", "3")]), IGNORE)
    response = write(client, a=[put("1", n=4), update, delete], b=[put("1", text="号码")])
    assert response.is_all_succeed()
    answer = read(client, a=["1", "2", "3"], b=["1", "none"])
    assert answer.is_all_succeed()
    assert found(answer, "a") == [{"n": 4}, {"m": 9, "n": 3}, None]
    assert found(answer, "b") == [{"text": "号码"}, None]


def test_a_row_that_fails_leaves_its_neighbours_alone(client: Any) -> None:
    """A failed condition and a wrong key are the result of their row; the others are written."""
    write(client, a=[put("taken")])
    wrong = PutRowItem(Row([("id", 5)], []), IGNORE)
    response = write(client, a=[put("1"), put("taken", Condition("EXPECT_NOT_EXIST"), n=1), wrong, put("2")])
    assert not response.is_all_succeed()
    results = response.table_of_put["a"]
    assert [result.is_ok for result in results] == [True, False, False, True]
    assert [result.error_code for result in results[1:3]] == ["OTSConditionCheckFail", "OTSInvalidPK"]
    assert found(read(client, a=["1", "taken", "2"]), "a") == [{}, {}, {}]


def test_column_conditions_of_each_row(client: Any) -> None:
    """Every row of a batch has a condition of its own."""
    write(client, a=[put("1", rev=1), put("2", rev=2)])
    guard = Condition("EXPECT_EXIST", SingleColumnCondition("rev", 1, ComparatorType.EQUAL, pass_if_missing=False))
    results = write(client, a=[put("1", guard, rev=3), put("2", guard, rev=3)]).table_of_put["a"]
    assert [result.is_ok for result in results] == [True, False]
    assert found(read(client, a=["1", "2"]), "a") == [{"rev": 3}, {"rev": 2}]


def test_a_wrong_key_in_a_read_is_the_result_of_its_row(client: Any) -> None:
    """BatchGetRow answers the good keys and says OTSInvalidPK for the bad one."""
    write(client, a=[put("1", n=1)])
    request = BatchGetRowRequest()
    request.add(TableInBatchGetRowItem("a", [[("id", "1")], [("other", "1")]], [], None, 1))
    good, bad = client.batch_get_row(request).get_result_by_table("a")
    assert good.is_ok
    assert not bad.is_ok
    assert bad.error_code == "OTSInvalidPK"


def test_columns_and_filter_of_a_read(client: Any) -> None:
    """The columns and the filter of a table hold for each of its rows."""
    write(client, a=[put("1", n=1, m=1), put("2", n=2, m=2)])
    over = SingleColumnCondition("n", 1, ComparatorType.GREATER_THAN)
    assert found(read(client, ["n"], filtered=over, a=["1", "2"]), "a") == [None, {"n": 2}]


def test_keys_come_back_on_request(client: Any) -> None:
    """RT_PK holds per row."""
    item = PutRowItem(Row([("id", "1")], []), IGNORE, ReturnType.RT_PK)
    first, second = write(client, a=[item, put("2")]).table_of_put["a"]
    assert first.row.primary_key == [("id", "1")]
    assert not second.row or not second.row.primary_key


def test_a_missing_table_refuses_the_whole(client: Any, refusal: Refusal) -> None:
    """Nothing is written if one of the tables does not exist; nothing is read either."""
    with refusal("OTSObjectNotExist", 404):
        write(client, a=[put("1")], none=[put("1")])
    with refusal("OTSObjectNotExist", 404):
        read(client, a=["1"], none=["1"])
    assert found(read(client, a=["1"]), "a") == [None]


def test_the_same_key_twice_refuses_the_whole(client: Any, refusal: Refusal) -> None:
    """A batch may name a row once per table; the same key in two tables is two rows."""
    with refusal("OTSParameterInvalid", 400):
        write(client, a=[put("1", n=1), put("2"), DeleteRowItem(Row([("id", "1")]), IGNORE)])
    assert found(read(client, a=["1", "2"]), "a") == [None, None]
    assert write(client, a=[put("1")], b=[put("1")]).is_all_succeed()


def test_an_empty_batch_is_refused(client: Any, refusal: Refusal) -> None:
    """No rows at all, or a table without rows, is a wrong request."""
    for call in (write, read):
        with refusal("OTSParameterInvalid", 400):
            call(client)
        with refusal("OTSParameterInvalid", 400):
            call(client, a=[])


def test_200_rows_are_written_and_201_refused(client: Any, refusal: Refusal) -> None:
    """The limit counts the rows of all tables."""
    half = [put(str(i), n=i) for i in range(100)]
    assert write(client, a=half, b=half).is_all_succeed()
    with refusal("OTSParameterInvalid", 400):
        write(client, a=half, b=[*half, put("100")])


def test_100_rows_are_read_and_101_refused(client: Any, refusal: Refusal) -> None:
    """The limit counts the rows of all tables."""
    ids = [str(i) for i in range(50)]
    assert read(client, a=ids, b=ids).is_all_succeed()
    with refusal("OTSParameterInvalid", 400):
        read(client, a=ids, b=[*ids, "50"])


def test_4_mb_are_written_and_more_refused(client: Any, refusal: Refusal) -> None:
    """The limit counts names and values of all rows together."""
    megabyte = "x" * (1 << 20)
    assert write(client, a=[put(str(i), n=megabyte) for i in range(3)], b=[put("1", n="x")]).is_all_succeed()
    with refusal("OTSParameterInvalid", 400):
        write(client, a=[put(str(i), n=megabyte) for i in range(3)], b=[put("1", n=megabyte)])
