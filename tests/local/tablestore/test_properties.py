"""Random rows come back as they went, in the order that TableStore documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tablestore import INF_MAX, INF_MIN, Condition, Row
from tablestore.plainbuffer.plain_buffer_crc8 import PlainBufferCrc8

from local.cloud.tablestore.crc8 import crc8
from tests.local.tablestore.support import WITH_EACH_CODEC

if TYPE_CHECKING:
    from tests.local.tablestore.conftest import Create

INT64 = st.integers(-(2**63), 2**63 - 1) | st.sampled_from([-(2**63), -1, 0, 1, 2**63 - 1])
TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
BLOBS = st.binary(max_size=60).map(bytearray)
VALUES = INT64 | TEXT | BLOBS | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}", fullmatch=True).filter(lambda name: name not in ("s", "n", "b"))
KEYS = st.tuples(TEXT, INT64, BLOBS.map(bytes))
CELLS = st.dictionaries(NAMES, VALUES, max_size=6)
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def table(create: Create) -> None:
    """Table `t` with a key of each type."""
    create("t", key=[("s", "STRING"), ("n", "INTEGER"), ("b", "BINARY")])


def sent(key: tuple[str, int, bytes]) -> list[tuple[str, Any]]:
    """A key as the SDK takes it."""
    return [("s", key[0]), ("n", key[1]), ("b", bytearray(key[2]))]


def same(left: Any, right: Any) -> bool:
    """Equal in value and type: True is not 1, and 1.0 is not 1."""
    return type(left) is type(right) and left == right


@WITH_EACH_CODEC
@given(st.dictionaries(KEYS, CELLS, min_size=1, max_size=8))
@SLOW
def test_rows_round_trip_in_order(client: Any, rows: dict[tuple[str, int, bytes], dict[str, Any]]) -> None:
    """Integers are ordered by value, strings by UTF-8 bytes, blobs by bytes; both directions agree."""
    for key, cells in rows.items():
        client.put_row("t", Row(sent(key), list(cells.items())), Condition("IGNORE"))
    for key, cells in rows.items():
        _, row, _ = client.get_row("t", sent(key), max_version=1)
        assert row.primary_key == sent(key)
        found = {name: value for name, value, _ in row.attribute_columns}
        assert found.keys() == cells.keys()
        assert all(same(found[name], value) for name, value in cells.items())
    low, high = [(name, INF_MIN) for name in "snb"], [(name, INF_MAX) for name in "snb"]
    _, _, forward, _ = client.get_range("t", "FORWARD", low, high, max_version=1)
    expected = sorted(rows, key=lambda key: (key[0].encode(), *key[1:]))
    assert [row.primary_key for row in forward] == [sent(key) for key in expected]
    _, _, backward, _ = client.get_range("t", "BACKWARD", high, low, max_version=1)
    assert [row.primary_key for row in backward] == [sent(key) for key in expected[::-1]]
    for key in rows:
        client.delete_row("t", Row(sent(key)), Condition("EXPECT_EXIST"))


@given(st.binary(max_size=400), st.integers(0, 255))
@settings(deadline=None)
def test_the_checksum_is_the_sdks(data: bytes, before: int) -> None:
    """The folded checksum equals the SDK's byte by byte, whatever came before."""
    assert crc8(data, before) == PlainBufferCrc8.crc_string(before, data)
