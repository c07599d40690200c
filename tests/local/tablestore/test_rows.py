"""Single rows through the SDK: put, get, update, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tablestore import Condition, ReturnType, Row

from tests.local.tablestore.support import WITH_EACH_CODEC

if TYPE_CHECKING:
    from tests.local.tablestore.conftest import Create, Refusal

pytestmark = WITH_EACH_CODEC

KEY = [("id", "a")]


def columns(client: Any, key: list[tuple[str, Any]], **settings: Any) -> dict[str, Any] | None:
    """The attributes of a row of table `t`, or None if there is no row."""
    _, row, _ = client.get_row("t", key, max_version=1, **settings)
    return None if row is None else {name: value for name, value, _ in row.attribute_columns}


@pytest.fixture(autouse=True)
def table(create: Create) -> None:
    """Table `t` with one string key."""
    create("t")


def test_every_type_comes_back_as_it_went(client: Any) -> None:
    """A row reads as it was written, with its columns in the order of their names and times on each."""
    cells = {
        "text": "一二三 ñ",
        "count": -(2**63),
        "ratio": 0.1,
        "flag": True,
        "off": False,
        "blob": bytearray(b"\0\xff"),
    }
    client.put_row("t", Row(KEY, list(cells.items())), Condition("IGNORE"))
    _, row, _ = client.get_row("t", KEY, max_version=1)
    assert row.primary_key == KEY
    assert [name for name, _, _ in row.attribute_columns] == sorted(cells)
    assert {name: value for name, value, _ in row.attribute_columns} == cells
    assert all(timestamp > 0 for _, _, timestamp in row.attribute_columns)


def test_a_row_of_its_key_alone(client: Any) -> None:
    """A row needs no attributes; a row that was never written is None."""
    client.put_row("t", Row(KEY, []), Condition("IGNORE"))
    assert columns(client, KEY) == {}
    assert columns(client, [("id", "b")]) is None


def test_put_replaces_the_whole_row(client: Any) -> None:
    """Columns of the old row that the new one lacks are gone."""
    client.put_row("t", Row(KEY, [("a", 1), ("b", 2)]), Condition("IGNORE"))
    client.put_row("t", Row(KEY, [("b", 3)]), Condition("EXPECT_EXIST"))
    assert columns(client, KEY) == {"b": 3}


def test_update_puts_deletes_and_increments(client: Any) -> None:
    """An update touches the columns that it names and leaves the others."""
    client.put_row("t", Row(KEY, [("a", 1), ("b", 2), ("c", 3)]), Condition("IGNORE"))
    change = {"PUT": [("d", "new"), ("a", "typed")], "DELETE_ALL": ["b"], "INCREMENT": [("c", 4), ("e", -1)]}
    client.update_row("t", Row(KEY, change), Condition("EXPECT_EXIST"))
    assert columns(client, KEY) == {"a": "typed", "c": 7, "d": "new", "e": -1}


def test_update_deletes_one_version_by_its_time(client: Any) -> None:
    """DELETE takes the version with that timestamp away, and nothing if there is none."""
    client.put_row("t", Row(KEY, [("a", 1)]), Condition("IGNORE"))
    _, row, _ = client.get_row("t", KEY, max_version=1)
    at = row.attribute_columns[0][2]
    client.update_row("t", Row(KEY, {"DELETE": [("a", None, at - 1)]}), Condition("IGNORE"))
    assert columns(client, KEY) == {"a": 1}
    client.update_row("t", Row(KEY, {"DELETE": [("a", None, at)]}), Condition("IGNORE"))
    assert columns(client, KEY) == {}


def test_update_of_an_absent_row(client: Any) -> None:
    """Putting or counting makes the row; only deleting makes none."""
    client.update_row("t", Row(KEY, {"DELETE_ALL": ["a"]}), Condition("IGNORE"))
    assert columns(client, KEY) is None
    client.update_row("t", Row(KEY, {"INCREMENT": [("n", 2)]}), Condition("IGNORE"))
    assert columns(client, KEY) == {"n": 2}


def test_increment_wants_integers_that_fit(client: Any, refusal: Refusal) -> None:
    """A column of text, or a sum beyond 64 bits, is refused and left as it is."""
    client.put_row("t", Row(KEY, [("a", "x"), ("n", 2**63 - 1)]), Condition("IGNORE"))
    for name in ("a", "n"):
        with refusal("OTSParameterInvalid", 400):
            client.update_row("t", Row(KEY, {"INCREMENT": [(name, 1)]}), Condition("IGNORE"))
    assert columns(client, KEY) == {"a": "x", "n": 2**63 - 1}


def test_delete_forgets_the_row(client: Any) -> None:
    """A deleted row is None; deleting it again is fine unless it is expected to exist."""
    client.put_row("t", Row(KEY, [("a", 1)]), Condition("IGNORE"))
    client.delete_row("t", Row(KEY), Condition("EXPECT_EXIST"))
    assert columns(client, KEY) is None
    client.delete_row("t", Row(KEY), Condition("IGNORE"))


def test_columns_to_get(client: Any) -> None:
    """Only the columns asked for; a row with none of them is not shown unless its key is asked for."""
    client.put_row("t", Row(KEY, [("a", 1), ("b", 2)]), Condition("IGNORE"))
    assert columns(client, KEY, columns_to_get=["b", "z"]) == {"b": 2}
    assert columns(client, KEY, columns_to_get=["z"]) is None
    assert columns(client, KEY, columns_to_get=["id", "z"]) == {}


@pytest.mark.parametrize("operation", ["put_row", "update_row", "delete_row"])
def test_return_type_gives_the_key(client: Any, operation: str) -> None:
    """RT_PK answers with the key of the row; without it nothing comes back."""
    row = Row(KEY, {"PUT": [("a", 1)]} if operation == "update_row" else [])
    _, answer = getattr(client, operation)("t", row, Condition("IGNORE"), ReturnType.RT_PK)
    assert answer.primary_key == KEY
    assert getattr(client, operation)("t", row, Condition("IGNORE"))[1] is None


def test_own_timestamps(client: Any, refusal: Refusal) -> None:
    """A cell keeps the time that it brings, if that is within a day of now."""
    client.put_row("t", Row(KEY, [("a", 1)]), Condition("IGNORE"))
    _, row, _ = client.get_row("t", KEY, max_version=1)
    now = row.attribute_columns[0][2]
    client.put_row("t", Row(KEY, [("a", 1, now - 1000)]), Condition("IGNORE"))
    _, row, _ = client.get_row("t", KEY, max_version=1)
    assert row.attribute_columns == [("a", 1, now - 1000)]
    with refusal("OTSParameterInvalid"):
        client.put_row("t", Row(KEY, [("a", 1, now - 2 * 86_400_000)]), Condition("IGNORE"))


def test_capacity_is_counted_in_pages_of_4_kb(client: Any) -> None:
    """A write and a read cost one unit per 4 KB begun."""
    consumed, _ = client.put_row("t", Row(KEY, [("a", "x" * 5000)]), Condition("IGNORE"))
    assert (consumed.read, consumed.write) == (0, 2)
    consumed, _, _ = client.get_row("t", KEY, max_version=1)
    assert (consumed.read, consumed.write) == (2, 0)
