"""Made-up recordings begin as real ones, are of the size that was asked for, and the same each time."""

from __future__ import annotations

import io
import struct
import wave
from typing import TYPE_CHECKING

import pytest

from local.cloud.files import Generated, audio
from local.cloud.files.body import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable

MAKERS = [audio.mp3, audio.mp3_with_id3, audio.wav, audio.amr, audio.ogg]


@pytest.mark.parametrize(
    ("make", "magic"),
    [
        (audio.mp3, b"\xff\xfb"),
        (audio.mp3_with_id3, b"ID3\x03\x00"),
        (audio.wav, b"RIFF"),
        (audio.amr, b"#!AMR\n\x3c"),
        (audio.ogg, b"OggS\x00\x02"),
    ],
)
def test_each_begins_as_its_format_does(make: Callable[[int], Generated], magic: bytes) -> None:
    """So that a look at the first bytes tells which it is."""
    assert make(1000).read().startswith(magic)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("size", [0, 1, 43, 44, 45, 600, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_the_size_is_exact(make: Callable[[int], Generated], size: int) -> None:
    """From nothing, over less than a header, to several blocks; a shorter one begins as a longer one of its seed."""
    body = make(size)
    assert body.size == len(body.read()) == size
    if make is not audio.wav:
        assert make(size + 1).read().startswith(body.read())


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_is_made_each_time_and_another_for_another_seed(make: Callable[[int, int], Generated]) -> None:
    """Two recordings that are mixed up are noticed."""
    assert make(5000, 1).read() == make(5000, 1).read() != make(5000, 2).read()


def test_no_two_blocks_are_the_same() -> None:
    """A block that is lost, doubled or out of order changes the bytes."""
    assert len(set(Generated(5 * BLOCK).blocks())) == 5


def test_a_head_may_be_longer_than_a_block() -> None:
    """It goes on in the next one."""
    head = bytes(range(256)) * (BLOCK // 256) + b"the end of it"
    assert Generated(2 * BLOCK, head).read().startswith(head)


@pytest.mark.parametrize("size", [44, 46, 16_044, BLOCK + 44])
def test_a_wav_file_can_be_played(size: int) -> None:
    """Its header says how long it is."""
    with wave.open(io.BytesIO(audio.wav(size).read())) as played:
        assert (played.getnchannels(), played.getsampwidth(), played.getframerate()) == (1, 2, 8000)
        assert len(played.readframes(size)) == size - 44


def test_a_wav_file_may_be_larger_than_its_header_can_say() -> None:
    """Then the header says what it can."""
    first = next(audio.wav(5 * 10**9).blocks())
    assert struct.unpack("<I", first[4:8]) == (0xFFFFFFFF,)


def test_the_first_page_of_ogg_is_whole() -> None:
    """Its checksum is right."""
    page = audio.ogg(47).read()
    claimed, crc = struct.unpack("<I", page[22:26])[0], 0
    for byte in page[:22] + bytes(4) + page[26:]:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    assert crc == claimed


def test_a_tag_is_followed_by_audio() -> None:
    """As its size says, in seven bits a byte."""
    content = audio.mp3_with_id3(2000).read()
    size = content[6] << 21 | content[7] << 14 | content[8] << 7 | content[9]
    assert content[10 + size :].startswith(b"\xff\xfb\x90")
