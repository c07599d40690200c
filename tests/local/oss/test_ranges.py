"""Ranges: part of an object, or the whole where the service takes a range for none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.local.oss.support import MB, ask

if TYPE_CHECKING:
    from local.cloud.oss import OssServer

BODY = bytes(range(100)) * 10
WHOLE = (200, 0, 1000)
BEYOND = (416, 0, 0)


@pytest.mark.parametrize(
    ("header", "usual", "standard"),
    [
        ("bytes=0-0", (206, 0, 1), (206, 0, 1)),
        ("bytes=0-999", (206, 0, 1000), (206, 0, 1000)),
        ("bytes=500-", (206, 500, 1000), (206, 500, 1000)),
        ("bytes=-500", (206, 500, 1000), (206, 500, 1000)),
        ("bytes=-1000", (206, 0, 1000), (206, 0, 1000)),
        ("bytes=5-9,20-30", (206, 5, 10), (206, 5, 10)),
        ("bytes=0-1000", WHOLE, (206, 0, 1000)),
        ("bytes=500-2000", WHOLE, (206, 500, 1000)),
        ("bytes=-2000", WHOLE, (206, 0, 1000)),
        ("bytes=1000-2000", WHOLE, BEYOND),
        ("bytes=1000-", WHOLE, BEYOND),
        ("bytes=-0", WHOLE, BEYOND),
        ("bytes=9-5", WHOLE, WHOLE),
        ("bytes=-", WHOLE, WHOLE),
        ("byte=0-499", WHOLE, WHOLE),
        ("bytes=a-b", WHOLE, WHOLE),
    ],
)
def test_ranges(
    server: OssServer, bucket: Any, header: str, usual: tuple[int, int, int], standard: tuple[int, int, int]
) -> None:
    """As the vendor's page has them, with and without the header that asks for HTTP's own behaviour."""
    bucket.put_object("a", BODY)
    for more, (status, start, end) in (({}, usual), ({"x-oss-range-behavior": "standard"}, standard)):
        answer = ask(server, "GET", "/recordings/a", headers={"Range": header, **more})
        assert answer.status == status
        if status == 416:
            assert answer.code == "InvalidRange"
            continue
        assert answer.body == BODY[start:end]
        assert answer.headers.get("content-range") == (f"bytes {start}-{end - 1}/1000" if status == 206 else None)
        # Of the whole object, always.
        assert answer.headers["x-oss-hash-crc64ecma"] == server.headers("recordings", "a")["x-oss-hash-crc64ecma"]


def test_no_range_of_nothing(server: OssServer, bucket: Any) -> None:
    """An empty object is sent whole."""
    bucket.put_object("a", b"")
    assert ask(server, "GET", "/recordings/a", headers={"Range": "bytes=0-"})[::2] == (200, b"")


def test_ranges_of_a_large_object(bucket: Any) -> None:
    """Through the SDK, small and large parts of what lies on disk."""
    body = bytes(range(251)) * (3 * MB // 251)
    bucket.put_object("a", body)
    for first, last in ((0, 9), (2 * MB, 2 * MB + 99), (1000, 2 * MB), (MB, None), (None, 100)):
        found = bucket.get_object("a", byte_range=(first, last)).read()
        assert found == (body[-100:] if first is None else body[first : None if last is None else last + 1])
