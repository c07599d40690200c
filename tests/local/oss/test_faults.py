"""Planned misbehaviour, by the names of the API, as the unmodified SDK meets it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import oss2
import pytest

from local.cloud.faults import Fault
from tests.local.oss.support import client_of, refused
from tests.local.support import send

if TYPE_CHECKING:
    from local.cloud.oss import OssServer


def test_operations_are_counted_by_name(bucket: Any, server: OssServer) -> None:
    """Every operation under the name of the API reference, here in the order of the calls."""
    bucket.create_bucket()
    bucket.get_bucket_info()
    bucket.get_bucket_acl()
    bucket.put_bucket_acl("private")
    bucket.put_bucket_lifecycle(oss2.models.BucketLifecycle([rule()]))
    bucket.get_bucket_lifecycle()
    bucket.delete_bucket_lifecycle()
    bucket.put_bucket_encryption(oss2.models.ServerSideEncryptionRule("AES256"))
    bucket.get_bucket_encryption()
    bucket.delete_bucket_encryption()
    bucket.put_bucket_versioning(oss2.models.BucketVersioningConfig("Suspended"))
    bucket.put_object("a", b"x")
    bucket.get_object("a").read()
    bucket.head_object("a")
    bucket.get_object_meta("a")
    bucket.put_object_acl("a", "private")
    bucket.get_object_acl("a")
    bucket.list_objects()
    bucket.list_objects_v2()
    upload_id = bucket.init_multipart_upload("b").upload_id
    part = bucket.upload_part("b", upload_id, 1, b"x")
    bucket.list_parts("b", upload_id)
    bucket.list_multipart_uploads()
    bucket.complete_multipart_upload("b", upload_id, [oss2.models.PartInfo(1, part.etag)])
    bucket.abort_multipart_upload("b", bucket.init_multipart_upload("b").upload_id)
    bucket.delete_object("a")
    assert list(server.faults.calls) == [
        "PutBucket",
        "GetBucketInfo",
        "GetBucketAcl",
        "PutBucketAcl",
        "PutBucketLifecycle",
        "GetBucketLifecycle",
        "DeleteBucketLifecycle",
        "PutBucketEncryption",
        "GetBucketEncryption",
        "DeleteBucketEncryption",
        "PutBucketVersioning",
        "PutObject",
        "GetObject",
        "HeadObject",
        "GetObjectMeta",
        "PutObjectACL",
        "GetObjectACL",
        "ListObjects",
        "ListObjectsV2",
        "InitiateMultipartUpload",
        "UploadPart",
        "ListParts",
        "ListMultipartUploads",
        "CompleteMultipartUpload",
        "AbortMultipartUpload",
        "DeleteObject",
    ]


def rule() -> Any:
    """Some rule of a lifecycle."""
    return oss2.models.LifecycleRule("x", "p", expiration=oss2.models.LifecycleExpiration(days=1))


def test_a_lost_answer_leaves_the_object(bucket: Any, server: OssServer) -> None:
    """Stored, but the writer does not know; trying again without overwriting says so."""
    server.faults.plan(Fault(close_after=True), on="PutObject")
    forbid = {"x-oss-forbid-overwrite": "true"}
    with pytest.raises(oss2.exceptions.RequestError):
        bucket.put_object("a", b"x", headers=forbid)
    assert server.object("recordings", "a") == b"x"
    assert server.faults.calls["PutObject"] == 1
    with refused("FileAlreadyExists"):
        bucket.put_object("a", b"x", headers=forbid)


def test_a_lost_answer_completes_the_upload(bucket: Any, server: OssServer) -> None:
    """The upload is gone and the object is there."""
    upload_id = bucket.init_multipart_upload("a").upload_id
    parts = [oss2.models.PartInfo(1, bucket.upload_part("a", upload_id, 1, b"x").etag)]
    server.faults.plan(Fault(close_after=True), on="CompleteMultipartUpload")
    with pytest.raises(oss2.exceptions.RequestError):
        bucket.complete_multipart_upload("a", upload_id, parts)
    assert server.object("recordings", "a") == b"x"
    with refused("NoSuchUpload"):
        bucket.complete_multipart_upload("a", upload_id, parts)


def test_a_lost_answer_to_a_read(bucket: Any, server: OssServer) -> None:
    """The object lies on disk: nothing stays open behind the answer that never came."""
    bucket.put_object("a", b"x" * 500_000)
    server.faults.plan(Fault(close_after=True), on="GetObject")
    with pytest.raises(oss2.exceptions.RequestError):
        bucket.get_object("a")
    assert len(bucket.get_object("a").read()) == 500_000


def test_a_cut_before_the_work_leaves_nothing(bucket: Any, server: OssServer) -> None:
    """The next call works."""
    server.faults.plan(Fault(close_before=True), on="PutObject")
    with pytest.raises(oss2.exceptions.RequestError):
        bucket.put_object("a", b"x")
    assert server.keys("recordings") == []
    bucket.put_object("a", b"x")


@pytest.mark.parametrize("operation", ["PutObject", "HeadObject"])
def test_a_planned_status_is_an_error_of_the_service(bucket: Any, server: OssServer, operation: str) -> None:
    """With code and request id, also where there is no body to put them in."""
    server.faults.plan(Fault(status=503, code="ServiceUnavailable"), on=operation)
    with refused("ServiceUnavailable", 503):
        bucket.put_object("a", b"x") if operation == "PutObject" else bucket.head_object("a")
    assert server.keys("recordings") == []


def test_one_part_of_many_fails(bucket: Any, server: OssServer) -> None:
    """The third; the others are there."""
    upload_id = bucket.init_multipart_upload("a").upload_id
    server.faults.plan(Fault(status=500, code="InternalError"), on="UploadPart", skip=2)
    for number in (1, 2):
        bucket.upload_part("a", upload_id, number, b"x")
    with refused("InternalError", 500):
        bucket.upload_part("a", upload_id, 3, b"x")
    assert [part.part_number for part in bucket.list_parts("a", upload_id).parts] == [1, 2]


def test_a_hanging_answer_runs_into_the_clients_timeout(server: OssServer) -> None:
    """The object is stored; stopping the server lets go of what hangs."""
    server.faults.plan(Fault(hang=30), on="PutObject")
    began = time.monotonic()
    with client_of(server) as client:
        client.timeout = 0.2
        with pytest.raises(oss2.exceptions.RequestError):
            client.put_object("a", b"x")
    assert time.monotonic() - began < 5
    assert server.object("recordings", "a") == b"x"


def test_a_hook_runs_after_the_commit(bucket: Any, server: OssServer) -> None:
    """What it sees is the state that a crash at this point would leave."""
    seen: list[list[str]] = []
    server.faults.plan(Fault(after=lambda: seen.append(server.keys("recordings"))), on="PutObject")
    bucket.put_object("a", b"x")
    assert seen == [["a"]]


def test_a_delay_comes_before_the_work(bucket: Any, server: OssServer) -> None:
    """It takes that long, and works."""
    server.faults.plan(Fault(delay=0.05), on="PutObject")
    began = time.monotonic()
    bucket.put_object("a", b"x")
    assert time.monotonic() - began >= 0.05


def test_faults_come_before_the_signature(server: OssServer) -> None:
    """An outage does not ask who is calling."""
    server.faults.plan(Fault(status=503, code="ServiceUnavailable"))
    answer = send(server, "GET", "/recordings/a")
    assert (answer.status, answer.code) == (503, "ServiceUnavailable")
