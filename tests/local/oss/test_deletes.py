"""Many objects deleted by one request, by the unmodified SDK."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from local.cloud.access import AccessKey
from local.cloud.oss import OssServer
from local.cloud.ram import Identities, Policy
from tests.local.oss.support import BUCKET, ask, client_of, md5, refused
from tests.local.support import KEY

if TYPE_CHECKING:
    from tests.local.support import Answer


def delete(server: OssServer, body: bytes) -> Answer:
    """The request as the SDK does not send it."""
    digest = base64.b64encode(md5(body).digest()).decode()
    return ask(server, "POST", "/recordings/?delete", body, {"Content-MD5": digest})


def test_all_that_are_named_are_deleted(either: Any, server: OssServer) -> None:
    """Whatever their keys, there or not; the answer names them, and the others stay."""
    for key in ("a", "b", "stays", "c/中文 %20&"):
        either.put_object(key, b"x")
    result = either.batch_delete_objects(["a", "c/中文 %20&", "nobody", "b"])
    assert result.deleted_keys == ["a", "c/中文 %20&", "nobody", "b"]
    assert server.keys(BUCKET) == ["stays"]


def test_a_thousand_at_once_and_no_more(bucket: Any, server: OssServer) -> None:
    """As many as a page of a list has."""
    bucket.put_object("1", b"x")
    with refused("MalformedXML", 400):
        bucket.batch_delete_objects([str(number) for number in range(1001)])
    assert server.keys(BUCKET) == ["1"]
    assert len(bucket.batch_delete_objects([str(number) for number in range(1000)]).deleted_keys) == 1000
    assert server.keys(BUCKET) == []


def test_a_quiet_request_is_answered_with_nothing(bucket: Any, server: OssServer) -> None:
    """But carried out."""
    bucket.put_object("a", b"x")
    answer = delete(server, b"<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object></Delete>")
    assert (answer.status, answer.body) == (200, b"")
    assert server.keys(BUCKET) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "MalformedXML"),
        (b"<Delete></Delete>", "MalformedXML"),
        (b"<Delete><Object><Key></Key></Object><Object><Key>a</Key></Object></Delete>", "MalformedXML"),
        (b"<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object></Delete>", "NotImplemented"),
    ],
)
def test_what_names_no_objects_deletes_none(bucket: Any, server: OssServer, body: bytes, code: str) -> None:
    """Refused as a whole, like a body that is not what its digest says, or has none."""
    bucket.put_object("a", b"x")
    assert delete(server, body).code == code
    good = b"<Delete><Object><Key>a</Key></Object></Delete>"
    assert ask(server, "POST", "/recordings/?delete", good, {"Content-MD5": "AAAA"}).code == "InvalidDigest"
    assert ask(server, "POST", "/recordings/?delete", good).code == "MissingArgument"
    assert server.keys(BUCKET) == ["a"]


def test_no_bucket_no_deletion(server: OssServer) -> None:
    """The service says so."""
    with client_of(server, bucket="another") as client, refused("NoSuchBucket", 404):
        client.batch_delete_objects(["a"])


def test_the_right_is_needed_for_every_key() -> None:
    """One that may not be deleted, and none is."""
    key, identities = AccessKey("LTAIrole", "s"), Identities(KEY)
    right = {"Effect": "Allow", "Action": "oss:DeleteObject", "Resource": f"acs:oss:*:*:{BUCKET}/mine/*"}
    identities.attach(key, Policy.read({"Version": "1", "Statement": [right]}))
    with OssServer(key=identities) as server, client_of(server) as root, client_of(server, key=key) as client:
        root.create_bucket()
        for name in ("mine/a", "yours/a"):
            root.put_object(name, b"x")
        with refused("AccessDenied", 403):
            client.batch_delete_objects(["mine/a", "yours/a"])
        assert server.keys(BUCKET) == ["mine/a", "yours/a"]
        client.batch_delete_objects(["mine/a"])
        assert server.keys(BUCKET) == ["yours/a"]
