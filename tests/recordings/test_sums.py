"""The sum that recordings are compared by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from oss2.utils import Crc64

from receipts.recordings.sums import crc64, joined


def told_by_the_sdk(data: bytes) -> int:
    """What the vendor's SDK takes it to be."""
    sums = Crc64()
    sums(data)
    return int(sums.crc)


def test_it_is_the_catalogued_crc() -> None:
    """CRC-64/XZ of the digits 1 to 9, as catalogues of checksums list it."""
    assert crc64(b"123456789") == 0x995DC9BBDF1939FA


@given(st.binary(max_size=3000), st.binary(max_size=3000))
def test_it_is_the_sum_of_the_vendors_sdk_however_it_is_taken(first: bytes, second: bytes) -> None:
    """At once, piece by piece, from a view, or joined from two: always what the SDK says."""
    whole = told_by_the_sdk(first + second)
    assert crc64(first + second) == whole
    assert crc64(memoryview(bytearray(second)), crc64(first)) == whole
    assert joined(crc64(first), crc64(second), len(second)) == whole
