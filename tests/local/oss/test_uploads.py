"""Multipart uploads: parts in any order become one object, or none."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import oss2
import pytest
from oss2.models import PartInfo

from tests.local.oss.support import KB, MB, ask, md5, refused

if TYPE_CHECKING:
    from pathlib import Path

    from local.cloud.oss import OssServer

LARGE = bytes(range(251)) * 2000
SMALL = b"the end"


def begin(bucket: Any, key: str = "a", headers: dict[str, str] | None = None) -> str:
    """The id of a new upload."""
    return str(bucket.init_multipart_upload(key, headers=headers).upload_id)


def put(bucket: Any, upload_id: str, number: int, body: bytes, key: str = "a") -> PartInfo:
    """A part, as the SDK wants to hear of it when the upload is completed."""
    result = bucket.upload_part(key, upload_id, number, body)
    return PartInfo(number, result.etag, size=len(body), part_crc=result.crc)


def test_an_upload(either: Any, server: OssServer) -> None:
    """The parts in the order of their numbers, with a checksum over all that the SDK compares."""
    headers = {"Content-Type": "audio/mpeg", "x-oss-meta-call": "c", "x-oss-server-side-encryption": "AES256"}
    upload_id = begin(either, headers=headers)
    last = put(either, upload_id, 7, SMALL)
    first = put(either, upload_id, 2, LARGE)
    assert server.keys("recordings") == []
    result = either.complete_multipart_upload("a", upload_id, [first, last])
    assert server.object("recordings", "a") == LARGE + SMALL
    digests = b"".join(md5(part).digest() for part in (LARGE, SMALL))
    assert result.etag == f"{md5(digests).hexdigest().upper()}-2"
    head = either.head_object("a")
    assert (head.content_type, head.object_type, head.etag) == ("audio/mpeg", "Multipart", result.etag)
    assert head.headers["x-oss-server-side-encryption"] == "AES256"
    assert head.headers["x-oss-meta-call"] == "c"
    assert "content-md5" not in head.headers
    crc: Any = oss2.utils.Crc64()
    crc.update(LARGE + SMALL)
    assert head.server_crc == result.crc == crc.crc
    assert either.get_object("a").read() == LARGE + SMALL
    assert next(iter(oss2.ObjectIterator(either))).type == "Multipart"


@pytest.mark.parametrize("threads", [1, 3])
def test_the_sdks_resumable_transfer(bucket: Any, server: OssServer, tmp_path: Path, threads: int) -> None:
    """Up in parts and down in ranges, with the SDK's own checks on."""
    body = LARGE * 5
    (tmp_path / "up").write_bytes(body)
    result = oss2.resumable_upload(
        bucket,
        "中文/a",
        str(tmp_path / "up"),
        store=oss2.ResumableStore(root=str(tmp_path)),
        multipart_threshold=MB,
        part_size=300 * KB,
        num_threads=threads,
    )
    assert result.crc
    assert server.object("recordings", "中文/a") == body
    assert server.faults.calls["UploadPart"] == len(body) // (300 * KB) + 1
    oss2.resumable_download(
        bucket,
        "中文/a",
        str(tmp_path / "down"),
        store=oss2.ResumableDownloadStore(root=str(tmp_path)),
        multiget_threshold=MB,
        part_size=300 * KB,
        num_threads=threads,
    )
    assert (tmp_path / "down").read_bytes() == body


def test_a_part_can_be_sent_again(bucket: Any, server: OssServer) -> None:
    """The last one counts, and only if it is the one that is named."""
    upload_id = begin(bucket)
    before = put(bucket, upload_id, 1, b"before")
    after = put(bucket, upload_id, 1, b"after")
    assert [part.size for part in bucket.list_parts("a", upload_id).parts] == [5]
    with refused("InvalidPart", 400):
        bucket.complete_multipart_upload("a", upload_id, [before])
    bucket.complete_multipart_upload("a", upload_id, [after])
    assert server.object("recordings", "a") == b"after"


def test_only_the_named_parts(bucket: Any, server: OssServer) -> None:
    """The others are dropped with the upload."""
    upload_id = begin(bucket)
    parts = [put(bucket, upload_id, number, LARGE) for number in (1, 2, 3)]
    bucket.complete_multipart_upload("a", upload_id, [parts[0], parts[2]])
    assert len(server.object("recordings", "a")) == 2 * len(LARGE)


def test_the_size_of_parts(bucket: Any, server: OssServer) -> None:
    """100 KB, but for the last; checked at the end, after which parts can still be sent."""
    upload_id = begin(bucket)
    parts = [put(bucket, upload_id, number, b"x" * (100 * KB - 1)) for number in (1, 2)]
    with refused("EntityTooSmall", 400):
        bucket.complete_multipart_upload("a", upload_id, parts)
    assert server.keys("recordings") == []
    parts[0] = put(bucket, upload_id, 1, b"x" * 100 * KB)
    bucket.complete_multipart_upload("a", upload_id, parts)
    assert len(server.object("recordings", "a")) == 200 * KB - 1


def test_parts_that_do_not_fit(bucket: Any, server: OssServer) -> None:
    """Out of order, which the SDK does not let happen, twice, or never sent."""
    upload_id = begin(bucket)
    one, two = (put(bucket, upload_id, number, LARGE[number:]) for number in (1, 2))
    for parts in ([two, one], [one, one]):
        body = oss2.xml_utils.to_complete_upload_request(parts)
        answer = ask(server, "POST", f"/recordings/a?uploadId={upload_id}", body)
        assert (answer.status, answer.code) == (400, "InvalidPartOrder")
    for wrong in (PartInfo(3, one.etag), PartInfo(2, one.etag), PartInfo(2, "x" * 32)):
        with refused("InvalidPart", 400):
            bucket.complete_multipart_upload("a", upload_id, [one, wrong])
    with refused("MalformedXML", 400):
        bucket.complete_multipart_upload("a", upload_id, [])


@pytest.mark.parametrize("number", [0, 10_001])
def test_part_numbers_that_do_not_exist(bucket: Any, number: int) -> None:
    """They go from 1 to 10000."""
    with refused("InvalidArgument", 400):
        bucket.upload_part("a", begin(bucket), number, b"x")


def test_uploads_that_do_not_exist(bucket: Any, server: OssServer) -> None:
    """Never begun, of another key, completed or aborted: all the same."""
    upload_id = begin(bucket)
    done = begin(bucket)
    part = put(bucket, done, 1, b"x")
    bucket.complete_multipart_upload("a", done, [part])
    gone = begin(bucket)
    put(bucket, gone, 1, b"x")
    bucket.abort_multipart_upload("a", gone)
    for key, wrong in (("a", "nonsense"), ("b", upload_id), ("a", done), ("a", gone)):
        calls: list[partial[Any]] = [
            partial(bucket.upload_part, key, wrong, 1, b"x"),
            partial(bucket.list_parts, key, wrong),
            partial(bucket.abort_multipart_upload, key, wrong),
            partial(bucket.complete_multipart_upload, key, wrong, [part]),
        ]
        for call in calls:
            with refused("NoSuchUpload", 404):
                call()
    assert server.object("recordings", "a") == b"x"


def test_overwriting(either: Any, server: OssServer) -> None:
    """Forbidden at the end or at the beginning; what was sent stays until it is dropped."""
    upload_id = begin(either)
    part = put(either, upload_id, 1, b"new")
    either.put_object("a", b"old")
    forbid = {"x-oss-forbid-overwrite": "true"}
    with refused("FileAlreadyExists", 409):
        either.complete_multipart_upload("a", upload_id, [part], headers=forbid)
    with refused("FileAlreadyExists", 409):
        either.init_multipart_upload("a", headers=forbid)
    assert server.object("recordings", "a") == b"old"
    either.complete_multipart_upload("a", upload_id, [part])
    assert server.object("recordings", "a") == b"new"


def test_lists_of_parts(either: Any) -> None:
    """By number, page by page."""
    upload_id = begin(either)
    etags = {number: put(either, upload_id, number, b"x" * number).etag for number in (5, 1, 9)}
    found = list(oss2.PartIterator(either, "a", upload_id, max_parts=2))
    assert [(part.part_number, part.size, part.etag) for part in found] == [(n, n, etags[n]) for n in (1, 5, 9)]
    assert found[0].last_modified > 0


def test_lists_of_uploads(either: Any) -> None:
    """By key and id, page by page, by prefix."""
    begun = {(key, begin(either, key)) for key in ("b", "a 中+&", "b", "c")}
    for page in (1, 2, 1000):
        found = list(oss2.MultipartUploadIterator(either, max_uploads=page))
        assert [(upload.key, upload.upload_id) for upload in found] == sorted(begun)
    assert found[0].initiation_date > 0
    assert [upload.key for upload in oss2.MultipartUploadIterator(either, prefix="b")] == ["b", "b"]
    of_one = list(oss2.ObjectUploadIterator(either, "c"))
    assert [upload.key for upload in of_one] == ["c"]


def test_a_part_has_checksums(bucket: Any, server: OssServer) -> None:
    """Its CRC comes back, and a Content-MD5 that is another is refused."""
    upload_id = begin(bucket)
    answer = ask_for_part(server, upload_id, b"123456789", {})
    assert int(answer.headers["x-oss-hash-crc64ecma"]) == 0x995DC9BBDF1939FA
    with refused("InvalidDigest", 400):
        bucket.upload_part("a", upload_id, 2, b"x", headers={"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="})
    assert len(bucket.list_parts("a", upload_id).parts) == 1


def ask_for_part(server: OssServer, upload_id: str, body: bytes, headers: dict[str, str]) -> Any:
    """An UploadPart by hand."""
    return ask(server, "PUT", f"/recordings/a?partNumber=1&uploadId={upload_id}", body, headers)
