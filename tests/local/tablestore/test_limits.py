"""The documented limits on rows: what fits is kept, one more is refused with the service's code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tablestore import Condition, Row

from tests.local.tablestore.support import WITH_EACH_CODEC

if TYPE_CHECKING:
    from tests.local.tablestore.conftest import Create, Refusal

IGNORE = Condition("IGNORE")
INVALID = ("OTSParameterInvalid", 400)
KEY = [("id", "a")]


@pytest.fixture(autouse=True)
def table(create: Create) -> None:
    """Table `t` with one string key, table `u` with a key of each type."""
    create("t")
    create("u", key=[("s", "STRING"), ("n", "INTEGER"), ("b", "BINARY")])


def test_keys_hold_1_kb(client: Any, refusal: Refusal) -> None:
    """The limit is in bytes of UTF-8."""
    client.put_row("t", Row([("id", "x" * 1024)], []), IGNORE)
    client.put_row("t", Row([("id", "中" * 341)], []), IGNORE)
    for value in ("x" * 1025, "中" * 342):
        with refusal(*INVALID):
            client.put_row("t", Row([("id", value)], []), IGNORE)
    with refusal(*INVALID):
        client.put_row("u", Row([("s", ""), ("n", 0), ("b", bytearray(1025))], []), IGNORE)


def test_attributes_hold_2_mb(client: Any, refusal: Refusal) -> None:
    """Text and blobs alike; the largest comes back whole."""
    values: list[Any] = ["x" * (2 << 20), bytearray(2 << 20)]
    for value in values:
        client.put_row("t", Row(KEY, [("a", value)]), IGNORE)
        _, row, _ = client.get_row("t", KEY, max_version=1)
        assert row.attribute_columns[0][1] == value
        with refusal(*INVALID):
            client.put_row("t", Row(KEY, [("a", value + value[:1])]), IGNORE)


def test_a_row_holds_1024_attributes(client: Any, refusal: Refusal) -> None:
    """The limit holds for puts and updates."""
    cells = [(f"c{i}", i) for i in range(1024)]
    client.put_row("t", Row(KEY, cells), IGNORE)
    with refusal(*INVALID):
        client.put_row("t", Row(KEY, [*cells, ("d", 1)]), IGNORE)
    with refusal(*INVALID):
        client.update_row("t", Row(KEY, {"PUT": [*cells, ("d", 1)]}), IGNORE)


def test_one_write_holds_4_mb(client: Any, refusal: Refusal) -> None:
    """PutRow and UpdateRow refuse more than 4 MB."""
    part = "x" * (2 << 20)
    cells = [("a", part), ("b", part[:-10])]
    client.put_row("t", Row(KEY, cells), IGNORE)
    cells.append(("c", "x" * 10))
    with refusal(*INVALID):
        client.put_row("t", Row(KEY, cells), IGNORE)
    with refusal(*INVALID):
        client.update_row("t", Row(KEY, {"PUT": cells}), IGNORE)


@pytest.mark.parametrize(
    "key",
    [
        [("s", "a"), ("n", 1)],
        [("s", "a"), ("n", 1), ("b", bytearray()), ("c", 1)],
        [("n", 1), ("s", "a"), ("b", bytearray())],
        [("s", "a"), ("x", 1), ("b", bytearray())],
        [("s", 1), ("n", 1), ("b", bytearray())],
        [("s", "a"), ("n", "1"), ("b", bytearray())],
        [("s", "a"), ("n", 1), ("b", "b")],
    ],
)
def test_keys_must_fit_the_schema(client: Any, refusal: Refusal, key: Any) -> None:
    """Number, names, order and types of the key columns are those of the table."""
    wrong = ("OTSInvalidPK", 400)
    with refusal(*wrong):
        client.put_row("u", Row(key, []), IGNORE)
    with refusal(*wrong):
        client.update_row("u", Row(key, {"PUT": [("a", 1)]}), IGNORE)
    with refusal(*wrong):
        client.delete_row("u", Row(key), IGNORE)
    with refusal(*wrong):
        client.get_row("u", key, max_version=1)


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a b", "x" * 256, "a.b"])
def test_column_names(client: Any, refusal: Refusal, name: str) -> None:
    """Letters, digits and underscores, up to 255, no digit first; in keys as in attributes."""
    with refusal(*INVALID):
        client.put_row("t", Row(KEY, [(name, 1)]), IGNORE)
    with refusal(*INVALID):
        client.update_row("t", Row(KEY, {"PUT": [(name, 1)]}), IGNORE)
    client.put_row("t", Row(KEY, [("x" * 255, 1)]), IGNORE)


@WITH_EACH_CODEC
def test_a_column_name_that_is_not_ascii(client: Any, refusal: Refusal) -> None:
    """The Python codec even sends it broken; the answer is a refusal all the same."""
    for name in ("名", "é", "a名字"):
        with refusal(*INVALID):
            client.put_row("t", Row(KEY, [(name, "x")]), IGNORE)


def test_an_attribute_named_like_the_key(client: Any, refusal: Refusal) -> None:
    """A name belongs to the key or to the attributes."""
    with refusal(*INVALID):
        client.put_row("t", Row(KEY, [("id", "a")]), IGNORE)


@WITH_EACH_CODEC
def test_text_must_be_utf_8(client: Any, refusal: Refusal) -> None:
    """The SDK sends `bytes` as text: bytes that are not UTF-8 are refused."""
    client.put_row("t", Row(KEY, [("a", "中".encode())]), IGNORE)
    assert client.get_row("t", KEY, max_version=1)[1].attribute_columns[0][1] == "中"
    with refusal(*INVALID):
        client.put_row("t", Row(KEY, [("a", b"\xff")]), IGNORE)


@WITH_EACH_CODEC
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_must_be_finite(client: Any, refusal: Refusal, value: float) -> None:
    """NaN and the infinities are no values."""
    with refusal(*INVALID):
        client.put_row("t", Row(KEY, [("a", value)]), IGNORE)


def test_128_columns_to_get(client: Any, refusal: Refusal) -> None:
    """A read may choose 128 columns."""
    names = [f"c{i}" for i in range(129)]
    client.get_row("t", KEY, names[:128], max_version=1)
    with refusal(*INVALID):
        client.get_row("t", KEY, names, max_version=1)


def test_an_update_must_change_something(client: Any, refusal: Refusal) -> None:
    """An update without cells is refused."""
    with refusal(*INVALID):
        client.update_row("t", Row(KEY, {}), IGNORE)


# The native codec does not encode these.
@pytest.mark.parametrize(
    "change",
    [
        {"DELETE": ["a"]},
        {"DELETE": [("a", 5, 6)]},
        {"DELETE_ALL": [("a", None, 6)]},
        {"DELETE_ALL": [("a", 5)]},
        {"PUT": [("a", None)]},
        {"INCREMENT": [("n", "1")]},
    ],
)
def test_changes_that_make_no_sense(client: Any, refusal: Refusal, change: dict[str, Any]) -> None:
    """One version is deleted by its time, all of them without one; a put and an increment have their value."""
    client.put_row("t", Row(KEY, [("a", 1)]), IGNORE)
    with refusal(*INVALID):
        client.update_row("t", Row(KEY, change), IGNORE)
    assert [cell[:2] for cell in client.get_row("t", KEY, max_version=1)[1].attribute_columns] == [("a", 1)]
