"""GetRange on tables: both directions, limits and paging, columns and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tablestore import (
    INF_MAX,
    INF_MIN,
    BatchWriteRowRequest,
    CapacityUnit,
    ComparatorType,
    Condition,
    PutRowItem,
    Row,
    SingleColumnCondition,
    TableInBatchWriteRowItem,
)

from tests.local.tablestore.support import WITH_EACH_CODEC

if TYPE_CHECKING:
    from tests.local.tablestore.conftest import Create, Refusal

pytestmark = WITH_EACH_CODEC

LOWEST = [("name", INF_MIN), ("n", INF_MIN)]
HIGHEST = [("name", INF_MAX), ("n", INF_MAX)]
KEYS = [(name, n) for name in ("", "a", "a\0b", "ab", "中", "😀") for n in (-(2**63), -1, 0, 7, 2**63 - 1)]


@pytest.fixture(autouse=True)
def rows(create: Create, client: Any) -> None:
    """Table `t` with a row per key, written in another order than theirs."""
    create("t", key=[("name", "STRING"), ("n", "INTEGER")])
    items = [
        PutRowItem(Row([("name", name), ("n", n)], [("even", i % 2 == 0), ("i", i)]), Condition("IGNORE"))
        for i, (name, n) in enumerate(KEYS)
    ]
    request = BatchWriteRowRequest()
    request.add(TableInBatchWriteRowItem("t", items[::-1]))
    assert client.batch_write_row(request).is_all_succeed()


def keys_of(rows: list[Any]) -> list[tuple[Any, ...]]:
    """The keys of rows as plain tuples."""
    return [tuple(value for _, value in row.primary_key) for row in rows]


def scan(client: Any, direction: str, first: Any, end: Any, **settings: Any) -> Any:
    """One GetRange: the key to go on from, and the rows."""
    _, following, rows, _ = client.get_range("t", direction, first, end, max_version=1, **settings)
    return following, rows


def test_forward_and_backward(client: Any) -> None:
    """Strings come by their UTF-8 bytes and integers by their value; backward is the same in reverse."""
    following, rows = scan(client, "FORWARD", LOWEST, HIGHEST)
    assert following is None
    assert keys_of(rows) == KEYS
    following, rows = scan(client, "BACKWARD", HIGHEST, LOWEST)
    assert following is None
    assert keys_of(rows) == KEYS[::-1]


def test_the_start_is_in_and_the_end_is_out(client: Any) -> None:
    """In either direction the first key belongs to the range and the last does not."""
    low, high = [("name", "a"), ("n", -1)], [("name", "ab"), ("n", 7)]
    inside = KEYS[KEYS.index(("a", -1)) : KEYS.index(("ab", 7)) + 1]
    assert keys_of(scan(client, "FORWARD", low, high)[1]) == inside[:-1]
    assert keys_of(scan(client, "BACKWARD", high, low)[1]) == inside[:0:-1]


def test_a_prefix_by_infinities(client: Any) -> None:
    """A fixed first column with the second open gives that prefix only."""
    _, rows = scan(client, "FORWARD", [("name", "a"), ("n", INF_MIN)], [("name", "a"), ("n", INF_MAX)])
    assert {name for name, _ in keys_of(rows)} == {"a"}


@pytest.mark.parametrize(("direction", "first", "end"), [("FORWARD", LOWEST, HIGHEST), ("BACKWARD", HIGHEST, LOWEST)])
def test_paging(client: Any, direction: str, first: Any, end: Any) -> None:
    """Pages that begin where the last one ended give every row once; a full last page says that it is the last."""
    rows: list[Any] = []
    following, pages = first, 0
    while following is not None:
        following, page = scan(client, direction, following, end, limit=6)
        rows += page
        pages += 1
    assert sorted(keys_of(rows)) == sorted(KEYS)
    assert pages == len(KEYS) / 6


def test_the_sdk_iterates(client: Any) -> None:
    """The SDK's own paging iterator ends with the range."""
    used = CapacityUnit(0, 0)
    rows = list(client.xget_range("t", "FORWARD", LOWEST, HIGHEST, used, count=13, max_version=1))
    assert keys_of(rows) == KEYS[:13]


def test_columns_and_filter(client: Any) -> None:
    """Rows that the filter rejects or that have none of the columns are not in the answer."""
    even = SingleColumnCondition("even", True, ComparatorType.EQUAL, pass_if_missing=False)
    _, rows = scan(client, "FORWARD", LOWEST, HIGHEST, columns_to_get=["even"], column_filter=even)
    assert keys_of(rows) == KEYS[::2]
    assert {name for row in rows for name, _, _ in row.attribute_columns} == {"even"}
    assert scan(client, "FORWARD", LOWEST, HIGHEST, columns_to_get=["none"])[1] == []


def test_the_limit_counts_rows_that_are_shown(client: Any) -> None:
    """With a filter, a page has as many rows as were asked for if there are any left."""
    even = SingleColumnCondition("even", True, ComparatorType.EQUAL, pass_if_missing=False)
    following, rows = scan(client, "FORWARD", LOWEST, HIGHEST, column_filter=even, limit=3)
    assert keys_of(rows) == KEYS[:6:2]
    assert tuple(value for _, value in following) == KEYS[5]


def test_a_page_ends_at_4_mb(client: Any) -> None:
    """An answer that has grown to 4 MB stops and says where to go on."""
    for n in range(6):
        client.put_row("t", Row([("name", "big"), ("n", n)], [("x", "y" * (1 << 20))]), Condition("IGNORE"))
    following, rows = scan(client, "FORWARD", [("name", "big"), ("n", INF_MIN)], [("name", "big"), ("n", INF_MAX)])
    assert len(rows) == 4
    assert following == [("name", "big"), ("n", 4)]


def test_wrong_ranges(client: Any, refusal: Refusal) -> None:
    """Ends in the wrong order, a limit of nothing and no version are refused."""
    for direction, first, end in [("FORWARD", HIGHEST, LOWEST), ("BACKWARD", LOWEST, HIGHEST)]:
        with refusal("OTSParameterInvalid", 400):
            scan(client, direction, first, end)
    with refusal("OTSParameterInvalid", 400):
        scan(client, "FORWARD", LOWEST, HIGHEST, limit=-1)
    with refusal("OTSParameterInvalid", 400):
        client.get_range("t", "FORWARD", LOWEST, HIGHEST, max_version=None)
    with refusal("OTSInvalidPK", 400):
        scan(client, "FORWARD", LOWEST[:1], HIGHEST[:1])
