"""Row existence, column conditions of writes, and the same conditions as filters of reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tablestore import (
    ComparatorType,
    CompositeColumnCondition,
    Condition,
    LogicalOperator,
    Row,
    SingleColumnCondition,
)

from tests.local.tablestore.support import WITH_EACH_CODEC

if TYPE_CHECKING:
    from tests.local.tablestore.conftest import Create, Refusal

pytestmark = WITH_EACH_CODEC

KEY = [("id", "a")]
ABSENT = [("id", "b")]
FAIL = "OTSConditionCheckFail"


@pytest.fixture(autouse=True)
def row(create: Create, client: Any) -> None:
    """Table `t` with a row of every type under `a`, and none under `b`."""
    create("t")
    cells = [("n", 5), ("text", "m"), ("ratio", 0.5), ("flag", True), ("blob", bytearray(b"m"))]
    client.put_row("t", Row(KEY, cells), Condition("IGNORE"))


def shown(client: Any, condition: Any, **settings: Any) -> bool:
    """Whether the row passes the condition as a filter."""
    _, row, _ = client.get_row("t", KEY, column_filter=condition, max_version=1, **settings)
    return row is not None


def single(name: str, value: Any, comparator: Any = ComparatorType.EQUAL, **settings: Any) -> Any:
    """A condition on one column; a missing column fails it."""
    return SingleColumnCondition(name, value, comparator, **{"pass_if_missing": False, **settings})


@pytest.mark.parametrize("operation", ["put_row", "update_row", "delete_row"])
@pytest.mark.parametrize(
    "case",
    [
        (KEY, "IGNORE", True),
        (KEY, "EXPECT_EXIST", True),
        (KEY, "EXPECT_NOT_EXIST", False),
        (ABSENT, "IGNORE", True),
        (ABSENT, "EXPECT_EXIST", False),
        (ABSENT, "EXPECT_NOT_EXIST", True),
    ],
)
def test_row_existence(client: Any, refusal: Refusal, operation: str, case: tuple[Any, str, bool]) -> None:
    """Every write is held to what it expects of the row's existence."""
    key, expectation, fits = case
    row = Row(key, {"PUT": [("z", 1)]} if operation == "update_row" else [])
    if fits:
        getattr(client, operation)("t", row, Condition(expectation))
        return
    with refusal(FAIL, 403):
        getattr(client, operation)("t", row, Condition(expectation))
    _, found, _ = client.get_row("t", key, max_version=1)
    assert (found is None) == (key == ABSENT)


@pytest.mark.parametrize(
    ("name", "low", "same", "high"),
    [
        ("n", -(2**63), 5, 2**63 - 1),
        ("text", "中"[:0], "m", "中"),
        ("ratio", -0.5, 0.5, 1e300),
        ("blob", bytearray(), bytearray(b"m"), bytearray(b"\xff")),
    ],
)
def test_every_comparator(client: Any, name: str, low: Any, same: Any, high: Any) -> None:
    """The column stands on the left of the comparison, and each type compares by its own order."""
    truth = {
        ComparatorType.EQUAL: (False, True, False),
        ComparatorType.NOT_EQUAL: (True, False, True),
        ComparatorType.GREATER_THAN: (True, False, False),
        ComparatorType.GREATER_EQUAL: (True, True, False),
        ComparatorType.LESS_THAN: (False, False, True),
        ComparatorType.LESS_EQUAL: (False, True, True),
    }
    for comparator, expected in truth.items():
        assert tuple(shown(client, single(name, value, comparator)) for value in (low, same, high)) == expected


def test_a_column_of_another_type(client: Any) -> None:
    """A value of another type equals nothing and is before and after nothing."""
    assert not shown(client, single("n", "5"))
    assert not shown(client, single("n", 5.0))
    assert shown(client, single("n", "5", ComparatorType.NOT_EQUAL))
    assert not shown(client, single("n", "5", ComparatorType.LESS_THAN))


@pytest.mark.parametrize("key", [KEY, ABSENT])
def test_pass_if_missing(client: Any, refusal: Refusal, key: Any) -> None:
    """A column that is not there passes only if the condition says so; the SDK's default says so."""
    row = Row(key, {"PUT": [("w", 1)]})
    with refusal(FAIL, 403):
        client.update_row("t", row, Condition("IGNORE", single("z", 1, pass_if_missing=False)))
    with refusal(FAIL, 403):
        client.update_row(
            "t", row, Condition("IGNORE", single("z", 1, pass_if_missing=False, latest_version_only=False))
        )
    client.update_row("t", row, Condition("IGNORE", SingleColumnCondition("z", 1, ComparatorType.EQUAL)))


def test_a_condition_on_a_key_column(client: Any) -> None:
    """Key columns are columns to a condition."""
    assert shown(client, single("id", "a"))
    assert not shown(client, single("id", "b"))


def test_composite_conditions(client: Any) -> None:
    """NOT, AND and OR nest."""
    yes, no = single("n", 5), single("n", 6)
    for operator, parts, expected in [
        (LogicalOperator.AND, (yes, yes), True),
        (LogicalOperator.AND, (yes, no, yes), False),
        (LogicalOperator.OR, (no, yes), True),
        (LogicalOperator.OR, (no, no), False),
        (LogicalOperator.NOT, (no,), True),
        (LogicalOperator.NOT, (yes,), False),
    ]:
        condition = CompositeColumnCondition(operator)
        for part in parts:
            condition.add_sub_condition(part)
        assert shown(client, condition) == expected
        outer = CompositeColumnCondition(LogicalOperator.NOT)
        outer.add_sub_condition(condition)
        assert shown(client, outer) != expected


def test_too_many_conditions(client: Any, refusal: Refusal) -> None:
    """A tree of more than 32 conditions is refused."""
    condition = CompositeColumnCondition(LogicalOperator.AND)
    for _ in range(31):
        condition.add_sub_condition(single("n", 5))
    assert shown(client, condition)
    condition.add_sub_condition(single("n", 5))
    with refusal("OTSParameterInvalid", 400):
        shown(client, condition)


def test_a_filter_sees_the_chosen_columns_only(client: Any) -> None:
    """Columns are chosen before the filter runs: a column that was not asked for is missing to it."""
    assert not shown(client, single("n", 5), columns_to_get=["text"])
    assert shown(client, single("n", 5), columns_to_get=["n"])


def test_optimistic_lock(client: Any, refusal: Refusal) -> None:
    """A write on the condition that the revision has not moved succeeds once."""
    guard = Condition("EXPECT_EXIST", single("n", 5))
    change = Row(KEY, {"PUT": [("n", 6)]})
    client.update_row("t", change, guard)
    with refusal(FAIL, 403):
        client.update_row("t", change, guard)
    with refusal(FAIL, 403):
        client.put_row("t", Row(KEY, []), guard)
    with refusal(FAIL, 403):
        client.delete_row("t", Row(KEY), guard)
    assert shown(client, single("n", 6))
