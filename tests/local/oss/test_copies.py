"""Copies of objects within the store, by the unmodified SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import oss2
import pytest

from local.cloud.access import AccessKey
from local.cloud.oss import OssServer
from local.cloud.ram import Identities, Policy
from tests.local.oss.support import BUCKET, KB, ask, client_of, md5, refused
from tests.local.support import KEY

if TYPE_CHECKING:
    from local.cloud.clock import ShiftedClock

ODD = "a b+c/中文&=?#%20.amr"


@pytest.mark.parametrize("size", [0, 1, 300 * KB])
def test_a_copy_has_the_bytes_and_the_headers(either: Any, size: int) -> None:
    """Of the same bucket, whatever the key: checksums, type of content and own metadata; the source stays."""
    body = b"x" * size
    either.put_object(ODD, body, headers={"Content-Type": "audio/amr", "x-oss-meta-call": "c 1"})
    result = either.copy_object(BUCKET, ODD, "copy/" + ODD)
    assert result.etag == md5(body).hexdigest().upper()
    assert result.crc == either.head_object(ODD).server_crc
    found = either.get_object("copy/" + ODD)
    assert found.read() == body
    assert (found.headers["content-type"], found.headers["x-oss-meta-call"]) == ("audio/amr", "c 1")
    assert either.get_object(ODD).read() == body


def test_a_copy_into_another_bucket_takes_on_what_is_usual_there(server: OssServer, bucket: Any) -> None:
    """Storage class and time are the new object's; an access list is not copied."""
    bucket.put_object("a", b"x", headers={"x-oss-object-acl": "private"})
    with client_of(server, bucket="archive-1") as other:
        other.create_bucket(input=oss2.models.BucketCreateConfig(oss2.BUCKET_STORAGE_CLASS_IA))
        other.copy_object(BUCKET, "a", "b")
        assert other.head_object("b").headers["x-oss-storage-class"] == "IA"
        assert other.get_object_acl("b").acl == "default"
    assert server.object("archive-1", "b") == b"x"


def test_a_copy_with_headers_of_its_own(bucket: Any) -> None:
    """`REPLACE` takes the request's headers instead of the source's; otherwise they do not count."""
    bucket.put_object("a", b"x", headers={"Content-Type": "audio/amr", "x-oss-meta-call": "1"})
    bucket.copy_object(BUCKET, "a", "b", headers={"Content-Type": "audio/wav", "x-oss-meta-other": "2"})
    headers = bucket.head_object("b").headers
    assert (headers["content-type"], headers["x-oss-meta-call"]) == ("audio/amr", "1")
    assert "x-oss-meta-other" not in headers
    new = {"Content-Type": "audio/wav", "x-oss-metadata-directive": "REPLACE"}
    bucket.copy_object(BUCKET, "a", "c", headers=new)
    headers = bucket.head_object("c").headers
    assert headers["content-type"] == "audio/wav"
    assert "x-oss-meta-call" not in headers
    with refused("InvalidArgument", 400):
        bucket.copy_object(BUCKET, "a", "d", headers={"x-oss-metadata-directive": "PERHAPS"})


def test_metadata_is_changed_by_a_copy_onto_itself(bucket: Any, clock: ShiftedClock) -> None:
    """As the SDK's `update_object_meta` does it: other headers, a new time, the same bytes."""
    bucket.put_object("a", b"x", headers={"x-oss-meta-call": "1"})
    clock.shift = 60
    bucket.update_object_meta("a", {"x-oss-meta-other": "2"})
    found = bucket.get_object("a")
    assert (found.read(), found.headers["x-oss-meta-other"]) == (b"x", "2")
    assert "x-oss-meta-call" not in found.headers


def test_a_copy_of_parts_is_one_object(bucket: Any) -> None:
    """The checksum is that of the bytes, no longer that of the parts."""
    upload = bucket.init_multipart_upload("a").upload_id
    part = bucket.upload_part("a", upload, 1, b"x" * 100)
    bucket.complete_multipart_upload("a", upload, [oss2.models.PartInfo(1, part.etag)])
    assert bucket.copy_object(BUCKET, "a", "b").etag == md5(b"x" * 100).hexdigest().upper()
    assert bucket.head_object("b").object_type == "Normal"


def test_what_cannot_be_copied(server: OssServer, bucket: Any) -> None:
    """No source, no bucket, an object in the way; and nothing is stored then."""
    bucket.put_object("a", b"x")
    with refused("NoSuchKey", 404):
        bucket.copy_object(BUCKET, "nobody", "b")
    with refused("NoSuchBucket", 404):
        bucket.copy_object("nobody", "a", "b")
    with refused("FileAlreadyExists", 409):
        bucket.copy_object(BUCKET, "a", "a", headers={"x-oss-forbid-overwrite": "true"})
    for source in ("/", "/recordings", "recordings/"):
        assert ask(server, "PUT", "/recordings/b", b"", {"x-oss-copy-source": source}).code == "InvalidArgument"
    assert server.keys(BUCKET) == ["a"]


def test_conditions_versions_and_parts_of_a_copy_are_refused(server: OssServer, bucket: Any) -> None:
    """They are not served, and a copy regardless of them would be wrong."""
    bucket.put_object("a", b"x")
    upload = bucket.init_multipart_upload("b").upload_id
    calls: list[Any] = [
        lambda: bucket.copy_object(BUCKET, "a", "b", headers={"x-oss-copy-source-if-match": "X"}),
        lambda: bucket.copy_object(BUCKET, "a", "b", params={"versionId": "X"}),
        lambda: bucket.upload_part_copy(BUCKET, "a", (0, 0), "b", upload, 1),
    ]
    for call in calls:
        with refused("NotImplemented", 400):
            call()
    assert server.keys(BUCKET) == ["a"]


def test_a_copy_needs_two_rights() -> None:
    """To read the source and to write the copy."""
    key, identities = AccessKey("LTAIrole", "s"), Identities(KEY)
    with OssServer(key=identities) as server, client_of(server) as root, client_of(server, key=key) as client:
        root.create_bucket()
        root.put_object("in/a", b"x")
        for resource, may in {"in/*": False, "out/*": False, "*": True}.items():
            right = {"Effect": "Allow", "Action": "oss:*", "Resource": f"acs:oss:*:*:{BUCKET}/{resource}"}
            identities.attach(key, Policy.read({"Version": "1", "Statement": [right]}))
            if may:
                client.copy_object(BUCKET, "in/a", "out/a")
            else:
                with refused("AccessDenied", 403):
                    client.copy_object(BUCKET, "in/a", "out/a")
                assert server.keys(BUCKET) == ["in/a"]
