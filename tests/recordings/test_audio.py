"""What a file is told by its first bytes, and nothing else is taken for audio."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.cloud.files.audio import KINDS, mp3, mp3_with_id3
from receipts.recordings.audio import AMR, AMR_WB, MP3, OGG, SIGNATURE_BYTES, WAV, Audio, audio_of

FILES = {".mp3": MP3, ".wav": WAV, ".amr": AMR, ".ogg": OGG}


@pytest.mark.parametrize("suffix", sorted(KINDS))
def test_every_kind_that_the_vendor_has(suffix: str) -> None:
    """A whole file of each, and its extension and content type."""
    found = audio_of(KINDS[suffix].make(400, 1).read()[:SIGNATURE_BYTES])
    assert found == FILES[suffix]
    assert found is not None
    assert (f".{found.extension}", found.content_type) == (suffix, KINDS[suffix].content_type)


HEADS: list[tuple[bytes, Audio | None]] = [
    (mp3(400).read(), MP3),
    (mp3_with_id3(400).read(), MP3),
    (b"ID3", MP3),
    # Layers II and III of MPEG 1, 2 and 2.5, with and without a checksum.
    *((bytes([0xFF, second, 0x90, 0x00]), MP3) for second in (0xFA, 0xFB, 0xFC, 0xFD, 0xF2, 0xF3, 0xE2, 0xE3)),
    # A reserved version, no layer, a bit rate and a sampling rate that there are none of: bytes that only look like it.
    (b"\xff\xeb\x90\x00", None),
    (b"\xff\xf9\x90\x00", None),
    (b"\xff\xfb\xf0\x00", None),
    (b"\xff\xfb\x9c\x00", None),
    (b"\xff\xdb\x90\x00", None),
    (b"\xff\xfb\x90", None),
    # UTF-16 text begins like layer I; a JPEG almost does, too.
    (b"\xff\xfe{\x00", None),
    (b"\xff\xfe<\x00?\x00x\x00m\x00", None),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", None),
    (b"RIFF\x00\x00\x00\x00WAVEfmt ", WAV),
    (b"RIFF\x00\x00\x00\x00AVI LIST", None),
    (b"RIFF\x00\x00\x00\x00WAV", None),
    (b"#!AMR\n\x3c", AMR),
    (b"#!AMR-WB\n\x3c", AMR_WB),
    (b"#!AMR", None),
    (b"#!AMR_MC1.0\n", None),
    (b"OggS\x00", OGG),
    (b"", None),
    (b"<?xml version", None),
    (b"<!DOCTYPE html>", None),
    (b'{"Code":"x"}', None),
    (b"PK\x03\x04", None),
    (b"\x1f\x8b\x08\x00", None),
    (bytes(12), None),
]


@pytest.mark.parametrize(("head", "kind"), HEADS, ids=[repr(head[:12]) for head, _ in HEADS])
def test_the_first_bytes_decide(head: bytes, kind: Audio | None) -> None:
    """Signatures and frame headers; what is cut off or reserved is none."""
    assert audio_of(head[:SIGNATURE_BYTES]) == kind


@given(st.text())
def test_law_archive_no_page_is_audio(text: str) -> None:
    """An answer that begins like a document never passes for a recording."""
    for start in ("<?xml", "<!DOCTYPE html>", "<html>", "{", "[", " ", "\ufeff"):
        for encoding in ("utf-8", "utf-16"):
            page = (start + text).encode(encoding, "replace")
            assert audio_of(page[:SIGNATURE_BYTES]) is None
