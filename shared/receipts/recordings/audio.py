"""What a file is, from its first bytes. The vendor's content type is not asked: error pages have one too."""

from __future__ import annotations

from typing import NamedTuple

# As many bytes as the longest signature needs.
SIGNATURE_BYTES = 12
MPEG_SYNC = 0xFFE0
MPEG_RESERVED_VERSION, MPEG_BAD_BITRATE, MPEG_BAD_RATE = 1, 15, 3
# Layers III and II. Layer I is no MP3, and a text in UTF-16 begins like it.
MPEG_LAYERS = (1, 2)


class Audio(NamedTuple):
    """A kind of audio file."""

    extension: str
    content_type: str


MP3 = Audio("mp3", "audio/mpeg")
WAV = Audio("wav", "audio/wav")
AMR = Audio("amr", "audio/amr")
AMR_WB = Audio("awb", "audio/amr-wb")
OGG = Audio("ogg", "audio/ogg")


def audio_of(head: bytes) -> Audio | None:
    """The kind of audio that begins like this, or None: then it is no recording, whatever its name says."""
    if head.startswith(b"ID3") or _is_mpeg_frame(head):
        return MP3
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return WAV
    if head.startswith(b"#!AMR-WB\n"):
        return AMR_WB
    if head.startswith(b"#!AMR\n"):
        return AMR
    return OGG if head.startswith(b"OggS") else None


def _is_mpeg_frame(head: bytes) -> bool:
    """Whether an MPEG audio frame header stands here: sync bits, and no reserved value."""
    if len(head) < 4:  # noqa: PLR2004 - a frame header
        return False
    if int.from_bytes(head[:2], "big") & MPEG_SYNC != MPEG_SYNC:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    reserved = version == MPEG_RESERVED_VERSION or layer not in MPEG_LAYERS
    return not (reserved or bitrate == MPEG_BAD_BITRATE or rate == MPEG_BAD_RATE)
