"""Buckets: made once, with access list, storage class, lifecycle and encryption that are given back."""

from __future__ import annotations

import time
from email.utils import formatdate, parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import oss2
import pytest
from oss2.models import (
    AbortMultipartUpload,
    BucketCreateConfig,
    BucketLifecycle,
    BucketVersioningConfig,
    LifecycleExpiration,
    LifecycleRule,
    ServerSideEncryptionRule,
    StorageTransition,
)

from local.cloud.access import AccessKey
from local.cloud.oss import OssServer
from local.cloud.ram import Identities, Policy
from tests.local.oss.support import REGION, VERSIONS, ask, client_of, refused, signature_v1
from tests.local.support import KEY, send

if TYPE_CHECKING:
    from tests.local.support import Answer


def test_a_bucket_as_it_was_made(server: OssServer) -> None:
    """Private, of that storage class, which its objects take on."""
    with client_of(server, bucket="archive-1") as client:
        client.create_bucket(oss2.BUCKET_ACL_PRIVATE, BucketCreateConfig(oss2.BUCKET_STORAGE_CLASS_IA))
        info = client.get_bucket_info()
        assert (info.name, info.acl.grant, info.storage_class) == ("archive-1", "private", "IA")
        assert info.creation_date
        assert info.owner.id
        assert info.extranet_endpoint == server.endpoint.removeprefix("http://")
        client.put_object("a", b"x")
        assert client.head_object("a").headers["x-oss-storage-class"] == "IA"
        assert server.keys("recordings") == []


def test_versions_are_remembered(server: OssServer) -> None:
    """A bucket that never had any says nothing of them; once it had, it says how it is with them."""
    with client_of(server, bucket="archive-1") as client:
        client.create_bucket()
        assert client.get_bucket_info().versioning_status is None
        for status in ("Enabled", "Suspended"):
            client.put_bucket_versioning(BucketVersioningConfig(status))
            assert client.get_bucket_info().versioning_status == status
        with refused("MalformedXML", 400):
            client.put_bucket_versioning(BucketVersioningConfig("Perhaps"))


def test_what_a_bucket_says_of_itself(either: Any) -> None:
    """Where it is, as its entry in the list says, and how it is with versions: nothing, until there are some."""
    assert either.get_bucket_location().location == either.get_bucket_info().location
    assert either.get_bucket_versioning().status is None
    either.put_bucket_versioning(BucketVersioningConfig("Enabled"))
    assert either.get_bucket_versioning().status == "Enabled"


def test_a_bucket_is_deleted_once_it_is_empty(either: Any, server: OssServer) -> None:
    """Not with an object in it, nor with an upload that is open; then it is gone, and can be made anew."""
    either.put_object("a", b"x")
    with refused("BucketNotEmpty", 409):
        either.delete_bucket()
    either.delete_object("a")
    upload = either.init_multipart_upload("a").upload_id
    with refused("BucketNotEmpty", 409):
        either.delete_bucket()
    either.abort_multipart_upload("a", upload)
    either.delete_bucket()
    for call in (either.delete_bucket, either.get_bucket_location, either.get_bucket_versioning):
        with refused("NoSuchBucket", 404):
            call()
    either.create_bucket()
    assert server.keys("recordings") == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_list_of_buckets(server: OssServer, version: str) -> None:
    """Every one of the account, page by page or of a prefix, as it was made."""
    with client_of(server, bucket="archive-1") as client:
        client.create_bucket(input=BucketCreateConfig(oss2.BUCKET_STORAGE_CLASS_IA))
    service = oss2.Service(oss2.make_auth(*KEY, version), server.endpoint, region=REGION)
    try:
        assert [one.name for one in oss2.BucketIterator(service, max_keys=1)] == ["archive-1", "recordings"]
        (found,) = service.list_buckets(prefix="arch").buckets
        assert (found.storage_class, found.extranet_endpoint) == ("IA", server.endpoint.removeprefix("http://"))
        first = service.list_buckets(max_keys=1)
        assert (first.is_truncated, first.next_marker, first.owner.id) == (True, "archive-1", "1000000000000000")
        assert service.list_buckets(marker="recordings").buckets == []
        with refused("InvalidArgument", 400):
            service.list_buckets(max_keys=1001)
    finally:
        service.session.session.close()


@pytest.mark.parametrize(
    ("resource", "code"), [("*", ""), ("acs:oss:*:*:*", ""), ("acs:oss:*:*:recordings", "AccessDenied")]
)
def test_the_list_of_buckets_is_a_right_on_all_of_them(resource: str, code: str) -> None:
    """On one bucket it is none."""
    key, identities = AccessKey("LTAIrole", "s"), Identities(KEY)
    right = {"Effect": "Allow", "Action": "oss:ListBuckets", "Resource": resource}
    identities.attach(key, Policy.read({"Version": "1", "Statement": [right]}))
    with OssServer(key=identities) as server:
        headers = {"Date": formatdate(usegmt=True)}
        headers["Authorization"] = f"OSS {key.key_id}:{signature_v1('GET', '/', headers, key)}"
        assert send(server, "GET", "/", b"", headers).code == code


def test_every_answer_tells_the_time(server: OssServer) -> None:
    """As every HTTP service does, refusals included; a test may have it told wrongly."""
    told = [parsedate_to_datetime(ask(server, "GET", "/").headers["date"]).timestamp()]
    server.date_shift = 3600
    told.append(parsedate_to_datetime(ask(server, "GET", "/").headers["date"]).timestamp())
    assert told[0] == pytest.approx(time.time(), abs=60)
    assert told[1] - told[0] == pytest.approx(3600, abs=60)


def test_making_it_again(either: Any, server: OssServer) -> None:
    """Changes nothing but the access list, if that is named; the storage class can not be changed."""
    either.put_object("a", b"x")
    either.create_bucket()
    assert either.get_bucket_acl().acl == "private"
    either.create_bucket(oss2.BUCKET_ACL_PUBLIC_READ)
    assert either.get_bucket_acl().acl == "public-read"
    either.put_bucket_acl(oss2.BUCKET_ACL_PRIVATE)
    assert either.get_bucket_acl().acl == "private"
    with refused("BucketAlreadyExists", 409):
        either.create_bucket(input=BucketCreateConfig(oss2.BUCKET_STORAGE_CLASS_ARCHIVE))
    assert server.keys("recordings") == ["a"]


@pytest.mark.parametrize("name", ["ab", "-ab", "ab-", "Ab1", "a_b", "a" * 64])
def test_names_that_do_not_exist(server: OssServer, name: str) -> None:
    """3 to 63 small letters, digits and hyphens; the SDK itself refuses them too."""
    answer = ask(server, "PUT", f"/{name}/")
    assert (answer.status, answer.code) == (400, "InvalidBucketName")


def test_two_servers_know_nothing_of_each_other(server: OssServer) -> None:
    """The same name on both is two buckets."""
    with OssServer(key=KEY) as other, client_of(other) as client:
        with refused("NoSuchBucket"):
            client.get_bucket_info()
        client.create_bucket()
        client.put_object("a", b"x")
    assert server.keys("recordings") == []


def rules() -> BucketLifecycle:
    """A rule of every kind that recordings need."""
    return BucketLifecycle(
        [
            LifecycleRule("old", "recordings/", expiration=LifecycleExpiration(days=180)),
            LifecycleRule(
                "cold",
                "日志+/",
                status=LifecycleRule.DISABLED,
                storage_transitions=[StorageTransition(days=30, storage_class=oss2.BUCKET_STORAGE_CLASS_IA)],
                abort_multipart_upload=AbortMultipartUpload(days=3),
            ),
        ]
    )


def test_lifecycle(either: Any) -> None:
    """The rules come back as they went in, until they are deleted."""
    with refused("NoSuchLifecycle", 404):
        either.get_bucket_lifecycle()
    either.put_bucket_lifecycle(rules())
    old, cold = either.get_bucket_lifecycle().rules
    assert (old.id, old.prefix, old.status, old.expiration.days) == ("old", "recordings/", "Enabled", 180)
    assert (cold.prefix, cold.status, cold.abort_multipart_upload.days) == ("日志+/", "Disabled", 3)
    assert (cold.storage_transitions[0].days, cold.storage_transitions[0].storage_class) == (30, "IA")
    for _ in range(2):
        either.delete_bucket_lifecycle()
    with refused("NoSuchLifecycle", 404):
        either.get_bucket_lifecycle()


def put_rules(server: OssServer, inner: str) -> Answer:
    """A PutBucketLifecycle of this XML."""
    body = f"<LifecycleConfiguration>{inner}</LifecycleConfiguration>"
    return ask(server, "PUT", "/recordings/?lifecycle", body.encode())


RULE = "<Rule><Prefix>p</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>"


def test_a_rule_without_a_name_is_given_one(server: OssServer, bucket: Any) -> None:
    """Each its own."""
    assert put_rules(server, RULE + RULE).status == 200
    first, second = bucket.get_bucket_lifecycle().rules
    assert first.id
    assert second.id not in ("", first.id)


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("", "MalformedXML"),
        ("<Rule>", "MalformedXML"),
        (RULE.replace("Rule", "Role"), "MalformedXML"),
        (RULE.replace("<Prefix>p</Prefix>", ""), "MalformedXML"),
        (RULE.replace("Enabled", "On"), "MalformedXML"),
        (RULE.replace("Expiration", "Explosion"), "MalformedXML"),
        (RULE.replace("1", "0"), "InvalidArgument"),
        (RULE.replace("1", "soon"), "InvalidArgument"),
        (RULE.replace("<Prefix>", f"<ID>{'x' * 256}</ID><Prefix>"), "InvalidArgument"),
        (RULE.replace("<Prefix>", "<ID>x</ID><Prefix>") * 2, "InvalidArgument"),
        (RULE * 1001, "MalformedXML"),
    ],
)
def test_rules_that_do_not_exist(server: OssServer, inner: str, code: str) -> None:
    """Refused; the rules that were there stay."""
    put_rules(server, RULE)
    answer = put_rules(server, inner)
    assert (answer.status, answer.code) == (400, code)
    assert b"<Days>1</Days>" in ask(server, "GET", "/recordings/?lifecycle").body


def test_encryption(either: Any) -> None:
    """The bucket's rule comes back, and is that of every object which does not name its own."""
    with refused("NoSuchServerSideEncryptionRule", 404):
        either.get_bucket_encryption()
    rule = ServerSideEncryptionRule()
    rule.sse_algorithm = oss2.SERVER_SIDE_ENCRYPTION_KMS
    rule.kms_master_keyid = "a-key"
    either.put_bucket_encryption(rule)
    found = either.get_bucket_encryption()
    assert (found.sse_algorithm, found.kms_master_keyid) == ("KMS", "a-key")
    assert either.get_bucket_info().bucket_encryption_rule.sse_algorithm == "KMS"
    either.put_object("a", b"x")
    assert either.head_object("a").headers["x-oss-server-side-encryption-key-id"] == "a-key"
    either.put_object("b", b"x", headers={"x-oss-server-side-encryption": "AES256"})
    assert either.head_object("b").headers["x-oss-server-side-encryption"] == "AES256"
    either.delete_bucket_encryption()
    with refused("NoSuchServerSideEncryptionRule", 404):
        either.get_bucket_encryption()
    assert either.head_object("a").headers["x-oss-server-side-encryption"] == "KMS"


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("", "MalformedXML"),
        ("<ApplyServerSideEncryptionByDefault/>", "MalformedXML"),
        (
            "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>ROT13</SSEAlgorithm></ApplyServerSideEncryptionByDefault>",
            "InvalidEncryptionAlgorithmError",
        ),
    ],
)
def test_encryption_that_does_not_exist(server: OssServer, inner: str, code: str) -> None:
    """Refused."""
    body = f"<ServerSideEncryptionRule>{inner}</ServerSideEncryptionRule>".encode()
    assert ask(server, "PUT", "/recordings/?encryption", body).code == code


def test_a_bucket_that_does_not_exist(server: OssServer) -> None:
    """Nor a storage class, nor an access list."""
    body = b"<CreateBucketConfiguration><StorageClass>Warm</StorageClass></CreateBucketConfiguration>"
    assert ask(server, "PUT", "/another/", body).code == "InvalidStorageClass"
    assert ask(server, "PUT", "/another/", b"<", {}).code == "MalformedXML"
    assert ask(server, "PUT", "/another/", b"", {"x-oss-acl": "mine"}).code == "InvalidArgument"
    assert ask(server, "PUT", "/recordings/?acl").code == "InvalidArgument"
    assert ask(server, "GET", "/another/?acl").code == "NoSuchBucket"
