"""Made-up recordings: each begins as a real one of its format does, and goes on with noise, up to any size."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from local.cloud.files.body import Generated

if TYPE_CHECKING:
    from collections.abc import Callable

# One frame of MPEG-1 layer III, 128 kbit/s at 44,100 Hz, with empty side information: silence.
_MP3_FRAME = b"\xff\xfb\x90\x64" + bytes(413)
_ID3_PADDING = 118
# Version 2.3, no flags, then the size in four groups of seven bits; padding is all the tag holds.
_ID3_TAG = b"ID3\x03\x00\x00" + bytes([0, 0, 0, _ID3_PADDING]) + bytes(_ID3_PADDING)
# One frame of narrow-band AMR at 12.2 kbit/s.
_AMR_FRAME = b"\x3c" + bytes(31)
# The identification header of Opus: version 1, one channel, no pre-skip, 8,000 Hz, no gain, mapping family 0.
_OPUS_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 8000, 0, 0)
# Of the page below, itself left out: CRC-32 with polynomial 0x04C11DB7, not reflected.
_OGG_CHECKSUM = 0x3CA8FDE2
_OGG_PAGE = struct.pack("<4sBBqIIIBB", b"OggS", 0, 2, 0, 1, 0, _OGG_CHECKSUM, 1, len(_OPUS_HEAD)) + _OPUS_HEAD
_WAV_RATE, _WAV_BYTES = 8000, 2
_WAV_HEADER = 44
_WAV_MOST = 0xFFFFFFFF - _WAV_HEADER + 8


def mp3(size: int, seed: int = 0) -> Generated:
    """MPEG audio that begins with a frame."""
    return Generated(size, _MP3_FRAME, seed)


def mp3_with_id3(size: int, seed: int = 0) -> Generated:
    """MPEG audio that begins with a tag."""
    return Generated(size, _ID3_TAG + _MP3_FRAME, seed)


def wav(size: int, seed: int = 0) -> Generated:
    """One channel of 16-bit PCM at 8,000 Hz; its header tells the true size, up to what 32 bits can say."""
    data = min(max(size - _WAV_HEADER, 0), _WAV_MOST)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _WAV_RATE, _WAV_RATE * _WAV_BYTES, _WAV_BYTES, 8 * _WAV_BYTES)
    head = struct.pack("<4sI4s", b"RIFF", _WAV_HEADER - 8 + data, b"WAVE") + form + struct.pack("<4sI", b"data", data)
    return Generated(size, head, seed)


def amr(size: int, seed: int = 0) -> Generated:
    """Narrow-band AMR."""
    return Generated(size, b"#!AMR\n" + _AMR_FRAME, seed)


def ogg(size: int, seed: int = 0) -> Generated:
    """Opus in Ogg."""
    return Generated(size, _OGG_PAGE, seed)


class Kind(NamedTuple):
    """A format that recordings come in."""

    content_type: str
    make: Callable[[int, int], Generated]


KINDS = {
    ".mp3": Kind("audio/mpeg", mp3),
    ".wav": Kind("audio/wav", wav),
    ".amr": Kind("audio/amr", amr),
    ".ogg": Kind("audio/ogg", ogg),
}
