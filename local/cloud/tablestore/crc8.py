"""The CRC-8 that PlainBuffer guards its cells and rows with (polynomial x^8 + x^2 + x + 1, start 0)."""

from __future__ import annotations

_POLYNOMIAL = 0x107
# x^127 = 1 modulo the polynomial, so parts that lie a multiple of 127 bits apart may be added up (XOR):
# a value of megabytes shrinks to 16 bytes in a few operations on big integers.
_PERIOD = 127
_FOLD_FROM = 48


def _table() -> bytes:
    table = bytearray()
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc <<= 1
            if crc & 0x100:
                crc ^= _POLYNOMIAL
        table.append(crc)
    return bytes(table)


_TABLE = _table()


def crc8(data: bytes, crc: int = 0) -> int:
    """The checksum of `data`, going on from the checksum `crc` of what came before."""
    if len(data) >= _FOLD_FROM:
        data, crc = _folded(data, crc), 0
    for byte in data:
        crc = _TABLE[crc ^ byte]
    return crc


def _folded(data: bytes, crc: int) -> bytes:
    number = int.from_bytes(data, "big") ^ (crc << 8 * (len(data) - 1))
    width = _PERIOD
    while width * 2 < len(data) * 8:
        width *= 2
    while width >= _PERIOD:
        number = (number >> width) ^ (number & ((1 << width) - 1))
        width //= 2
    return number.to_bytes(16, "big")
