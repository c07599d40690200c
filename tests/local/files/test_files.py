"""A file that is well comes whole, whatever its size, and the host's memory does not grow with it."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest

from local.cloud.files import audio
from local.cloud.files.body import BLOCK
from tests.local.files.support import ask, connect, get, target

if TYPE_CHECKING:
    import http.client

    from local.cloud.files import FileHost


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 3])
def test_bytes_come_back(host: FileHost, size: int) -> None:
    """Kept or made up, they are the bytes that were put."""
    kept = b"\x01\x02\x03" * size
    host.put("kept.bin", kept)
    host.put("made-up.mp3", audio.mp3_with_id3(size))
    assert get(host.url("kept.bin")).body == kept
    assert get(host.url("made-up.mp3")).body == audio.mp3_with_id3(size).read()
    assert b"".join(host.body("kept.bin").blocks()) == kept


@pytest.mark.parametrize(
    ("name", "content_type", "magic"),
    [
        ("a.mp3", "audio/mpeg", b"\xff\xfb"),
        ("a.wav", "audio/wav", b"RIFF"),
        ("a.amr", "audio/amr", b"#!AMR\n"),
        ("a.ogg", "audio/ogg", b"OggS"),
        ("a", "application/octet-stream", b"\xff\xfb"),
    ],
)
def test_a_mere_size_makes_a_recording_of_the_names_format(
    host: FileHost, name: str, content_type: str, magic: bytes
) -> None:
    """With its content type and length."""
    host.put(name, 700)
    answer = get(host.url(name))
    assert (answer.status, answer.headers["content-type"]) == (200, content_type)
    assert answer.headers["content-length"] == "700"
    assert len(answer.body) == 700
    assert answer.body.startswith(magic)


def test_two_files_of_one_size_differ(host: FileHost) -> None:
    """Else a mix-up would not be noticed."""
    for name in ("a.mp3", "b.mp3"):
        host.put(name, 5000)
    assert get(host.url("a.mp3")).body != get(host.url("b.mp3")).body


def test_a_content_type_can_be_given(host: FileHost) -> None:
    """In place of the suffix's."""
    host.put("a.mp3", 1, content_type="binary/octet-stream")
    assert get(host.url("a.mp3")).headers["content-type"] == "binary/octet-stream"


def test_one_connection_serves_many_files(host: FileHost) -> None:
    """Errors too; each request is counted for its name."""
    host.put("a.mp3", 1000)
    host.put("b.mp3", BLOCK * 2)
    connection = connect(host.endpoint)
    sizes = [len(ask(connection, host.url(name)).body) for name in ("a.mp3", "b.mp3", "none.mp3", "a.mp3")]
    connection.close()
    assert (sizes[0], sizes[1], sizes[3]) == (1000, BLOCK * 2, 1000)
    assert host.requests == {"a.mp3": 2, "b.mp3": 1, "none.mp3": 1}


def test_a_file_can_be_replaced_and_removed(host: FileHost) -> None:
    """The link stays, what it leads to does not."""
    link = host.url("a.mp3")
    host.put("a.mp3", b"old")
    host.put("a.mp3", b"new")
    assert get(link).body == b"new"
    host.remove("a.mp3")
    assert get(link).status == 404
    with pytest.raises(KeyError):
        host.remove("a.mp3")


def test_memory_stays_flat(host: FileHost) -> None:
    """64 MB are sent and read with less than 4 MB in memory, in the host and its client together."""
    host.put("large.mp3", 64 << 20)
    connection = connect(host.endpoint)
    tracemalloc.start()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    try:
        connection.request("GET", target(host.url("large.mp3")))
        assert _drain(connection.getresponse()) == 64 << 20
        assert tracemalloc.get_traced_memory()[1] - before < 4 << 20
    finally:
        tracemalloc.stop()
        connection.close()


def test_a_terabyte_costs_nothing_until_it_is_read(host: FileHost) -> None:
    """A client may go away in the middle, and the host goes on."""
    host.put("huge.wav", 10**12)
    host.put("small.mp3", 10)
    connection = connect(host.endpoint)
    connection.request("GET", target(host.url("huge.wav")))
    response = connection.getresponse()
    assert response.length == 10**12
    assert response.read(4) == b"RIFF"
    connection.close()
    assert len(get(host.url("small.mp3")).body) == 10


def _drain(response: http.client.HTTPResponse) -> int:
    buffer, seen = bytearray(1 << 18), 0
    while count := response.readinto(buffer):
        seen += count
    return seen
