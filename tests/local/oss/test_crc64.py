"""The checksum of what was put together from parts."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from oss2.utils import Crc64

from local.cloud.oss.crc64 import combined


def crc64(body: bytes) -> int:
    """As the SDK computes it."""
    checksum: Any = Crc64()
    checksum.update(body)
    return int(checksum.crc)


@settings(deadline=None)
@given(st.binary(), st.binary())
def test_two_bodies_behind_each_other(first: bytes, second: bytes) -> None:
    """Is that of the whole, whatever the parts; nothing changes nothing."""
    assert combined(crc64(first), crc64(second), len(second)) == crc64(first + second)
    assert combined(0, crc64(second), len(second)) == crc64(second)


def test_a_long_body() -> None:
    """Five gigabytes is the most that one part may have."""
    piece, whole, length = b"\0" * 1000, crc64(b"x"), 1000
    zeros = crc64(piece)
    while length < 5 << 30:
        zeros, length = combined(zeros, zeros, length), 2 * length
    expected: Any = Crc64()
    assert combined(whole, zeros, length) == expected.combine(whole, zeros, length)
