"""Objects: what goes in comes out, with its checksums and headers, and is not replaced against the writer's will."""

from __future__ import annotations

import base64
import threading
from typing import TYPE_CHECKING, Any

import oss2
import pytest

from tests.local.oss.support import KB, MB, ask, client_of, md5, refused

if TYPE_CHECKING:
    from local.cloud.oss import OssServer

CHECK = b"123456789"


def test_put_and_get(either: Any, server: OssServer) -> None:
    """The bytes, their number, and the checksum that the SDK compares."""
    result = either.put_object("recordings/a.mp3", CHECK)
    # The check value of CRC-64/XZ, as every catalogue of checksums has it.
    assert result.crc == 0x995DC9BBDF1939FA
    assert result.etag == md5(CHECK).hexdigest().upper()
    found = either.get_object("recordings/a.mp3")
    assert found.read() == CHECK
    assert (found.content_length, found.server_crc, found.client_crc) == (9, result.crc, result.crc)
    assert server.keys("recordings") == ["recordings/a.mp3"]


@pytest.mark.parametrize("size", [0, 1, 255 * KB, 256 * KB, 256 * KB + 1, 3 * MB])
def test_every_size_comes_back(bucket: Any, server: OssServer, size: int) -> None:
    """In memory or on disk; sent whole, from a file, or in chunks of unknown number."""
    body = bytes(range(251)) * (size // 251 + 1)
    pieces = (body[start : min(start + 50_000, size)] for start in range(0, size, 50_000))
    bucket.put_object("whole", body[:size])
    bucket.put_object("chunks", pieces)
    for key in ("whole", "chunks"):
        assert bucket.get_object(key).read() == body[:size]
        assert server.object("recordings", key) == body[:size]
        assert server.headers("recordings", key)["content-length"] == str(size)


def test_head(either: Any, server: OssServer) -> None:
    """Everything that was said with the object, and what the service knows about it."""
    headers = {
        "Content-Type": "audio/amr",
        "Content-Disposition": "attachment",
        "Cache-Control": "no-store",
        "x-oss-meta-call": "中文".encode(),
        "x-oss-object-acl": "private",
        "x-oss-server-side-encryption": "KMS",
        "x-oss-server-side-encryption-key-id": "a-key",
        "x-oss-storage-class": "IA",
        "X-Other": "not kept",
    }
    put = either.put_object("a", CHECK, headers=headers)
    assert put.headers["x-oss-server-side-encryption"] == "KMS"
    head = either.head_object("a")
    assert (head.content_type, head.content_length, head.etag) == ("audio/amr", 9, put.etag)
    assert (head.server_crc, head.object_type, head.request_id != "") == (put.crc, "Normal", True)
    found = {name.lower(): value for name, value in head.headers.items()}
    for name in headers.keys() - {"X-Other", "x-oss-meta-call"}:
        assert found[name.lower()] == headers[name]
    assert found["x-oss-meta-call"].encode("latin-1") == "中文".encode()
    assert "x-other" not in found
    assert found["etag"] == f'"{put.etag}"'
    assert found["content-md5"] == base64.b64encode(md5(CHECK).digest()).decode()
    assert found.items() >= server.headers("recordings", "a").items()


def test_the_usual_headers(bucket: Any) -> None:
    """Of an object that says nothing about itself."""
    bucket.put_object("a", b"x")
    head = bucket.head_object("a")
    assert head.content_type == "application/octet-stream"
    assert head.headers["x-oss-storage-class"] == "Standard"
    assert "x-oss-server-side-encryption" not in head.headers
    assert bucket.get_object_acl("a").acl == "default"


def test_the_time_is_the_clocks(bucket: Any, clock: Any) -> None:
    """Seconds since the epoch, in the header and in the list."""
    bucket.put_object("a", b"x")
    modified = bucket.head_object("a").last_modified
    assert abs(modified - clock()) < 30
    assert next(oss2.ObjectIteratorV2(bucket)).last_modified == modified


def test_metadata_in_short(bucket: Any) -> None:
    """GetObjectMeta, on which the SDK builds `object_exists`."""
    put = bucket.put_object("a", CHECK)
    meta = bucket.get_object_meta("a")
    assert (meta.content_length, meta.etag) == (9, put.etag)
    assert bucket.object_exists("a")
    assert not bucket.object_exists("b")


def test_an_object_that_is_not_there(either: Any) -> None:
    """NoSuchKey, also without a body to say so in; deleting it is no error."""
    for call in (either.get_object, either.head_object, either.get_object_meta, either.get_object_acl):
        with refused("NoSuchKey", 404):
            call("absent")
    assert either.delete_object("absent").status == 204


def test_a_bucket_that_is_not_there(server: OssServer) -> None:
    """NoSuchBucket, in whatever is asked of it."""
    with client_of(server, bucket="other") as client:
        for call in (client.get_object, client.head_object, client.delete_object, client.init_multipart_upload):
            with refused("NoSuchBucket", 404):
                call("a")
        for call in (client.list_objects, client.list_objects_v2, client.get_bucket_info, client.get_bucket_lifecycle):
            with refused("NoSuchBucket", 404):
                call()
        with refused("NoSuchBucket", 404):
            client.put_object("a", b"x")


def test_delete(either: Any, server: OssServer) -> None:
    """It is gone; the same key can be written again."""
    either.put_object("a", b"1")
    assert either.delete_object("a").status == 204
    assert server.keys("recordings") == []
    either.put_object("a", b"2", headers={"x-oss-forbid-overwrite": "true"})
    assert server.object("recordings", "a") == b"2"


def test_overwriting(either: Any, server: OssServer) -> None:
    """Allowed unless forbidden; what is forbidden changes nothing."""
    either.put_object("a", b"1", headers={"Content-Type": "audio/amr"})
    with refused("FileAlreadyExists", 409):
        either.put_object("a", b"2", headers={"x-oss-forbid-overwrite": "true"})
    assert server.object("recordings", "a") == b"1"
    either.put_object("a", b"3", headers={"x-oss-forbid-overwrite": "false"})
    assert server.object("recordings", "a") == b"3"
    assert server.headers("recordings", "a")["content-type"] == "application/octet-stream"


def test_one_of_many_writers_wins(server: OssServer) -> None:
    """When overwriting is forbidden, exactly one put of a key succeeds, and its bytes stay."""
    results: list[tuple[int, str]] = []
    start = threading.Barrier(8)

    def write(number: int) -> None:
        start.wait()
        answer = ask(server, "PUT", "/recordings/a", b"%d" % number, {"x-oss-forbid-overwrite": "true"})
        results.append((answer.status, str(number)))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [number for status, number in results if status == 200]
    assert [status for status, _ in results].count(409) == 7
    assert server.object("recordings", "a").decode() == winners[0]


@pytest.mark.parametrize("size", [10, 2 * MB])
def test_a_reader_keeps_what_it_began(bucket: Any, server: OssServer, size: int) -> None:
    """An object that is replaced or deleted meanwhile is read to its end as it was."""
    bucket.put_object("a", b"1" * size)
    first = bucket.get_object("a")
    head = first.read(5)
    bucket.put_object("a", b"2" * size)
    bucket.delete_object("a")
    assert head + b"".join(first) == b"1" * size


def test_content_md5(either: Any, server: OssServer) -> None:
    """Checked if it comes; a body that is another is not stored."""
    right = base64.b64encode(md5(CHECK).digest()).decode()
    either.put_object("a", CHECK, headers={"Content-MD5": right})
    for wrong in (base64.b64encode(b"0" * 16).decode(), md5(CHECK).hexdigest(), "?"):
        with refused("InvalidDigest", 400):
            either.put_object("b", CHECK, headers={"Content-MD5": wrong})
    assert server.keys("recordings") == ["a"]


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("x-oss-object-acl", "mine", "InvalidArgument"),
        ("x-oss-server-side-encryption", "ROT13", "InvalidEncryptionAlgorithmError"),
        ("x-oss-storage-class", "STANDARD", "InvalidStorageClass"),
    ],
)
def test_headers_with_values_that_do_not_exist(
    bucket: Any, server: OssServer, header: str, value: str, code: str
) -> None:
    """Refused, rather than kept; a multipart upload does not even begin."""
    with refused(code, 400):
        bucket.put_object("a", b"x", headers={header: value})
    with refused(code, 400):
        bucket.init_multipart_upload("a", headers={header: value})
    assert server.keys("recordings") == []


@pytest.mark.parametrize("key", ["/a", "\\a", "a" * 1024])
def test_keys_that_do_not_exist(server: OssServer, key: str) -> None:
    """A key has 1 to 1023 bytes and does not begin with a slash."""
    with client_of(server) as client, refused("InvalidObjectName", 400):
        client.put_object(key, b"x")


def test_the_access_list_can_be_changed(either: Any) -> None:
    """By an operation of its own."""
    either.put_object("a", b"x")
    either.put_object_acl("a", oss2.OBJECT_ACL_PRIVATE)
    assert either.get_object_acl("a").acl == "private"
    assert either.head_object("a").headers["x-oss-object-acl"] == "private"


def test_what_is_not_served_is_refused(bucket: Any, server: OssServer) -> None:
    """An appended body would otherwise be an object of its own, and tags would be lost in silence."""
    bucket.put_object("a", b"x")
    for call in (
        lambda: bucket.append_object("b", 0, b"x"),
        lambda: bucket.get_object_tagging("a"),
        lambda: bucket.put_symlink("a", "b"),
        bucket.get_bucket_stat,
    ):
        with refused("NotImplemented", 400):
            call()
    assert server.keys("recordings") == ["a"]
