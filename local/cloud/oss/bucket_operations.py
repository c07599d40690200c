"""The operations on a bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.oss import encryption, lifecycle
from local.cloud.oss.answers import LOCATION, empty, owner_tag, stamp, tree, xml
from local.cloud.oss.document import LARGEST, group, parse, tag
from local.cloud.oss.errors import OssError
from local.cloud.oss.metadata import STORAGE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.http import Response
    from local.cloud.oss.call import Call
    from local.cloud.oss.store import Store

_ACL_HEADER = "x-oss-acl"
_ACLS = ("private", "public-read", "public-read-write")


class BucketOperations:
    """Each operation of the API on the buckets of `store`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.by_name: dict[str, Callable[[Call], Response]] = {
            "PutBucket": self._put,
            "DeleteBucket": self._delete,
            "GetBucketInfo": self._info,
            "GetBucketLocation": self._location,
            "GetBucketAcl": self._acl,
            "PutBucketAcl": self._put_acl,
            "GetBucketLifecycle": self._lifecycle,
            "PutBucketLifecycle": self._put_lifecycle,
            "DeleteBucketLifecycle": self._delete_lifecycle,
            "GetBucketEncryption": self._encryption,
            "PutBucketEncryption": self._put_encryption,
            "DeleteBucketEncryption": self._delete_encryption,
            "GetBucketVersioning": self._versioning,
            "PutBucketVersioning": self._put_versioning,
        }

    def _put(self, call: Call) -> Response:
        storage_class = None
        if body := small_body(call):
            storage_class = parse(body, "CreateBucketConfiguration").findtext("StorageClass")
        if storage_class not in (None, *STORAGE_CLASSES):
            raise OssError("InvalidStorageClass")
        self._store.create_bucket(call.bucket, _canned(call), storage_class)
        return empty(headers={"location": f"/{call.bucket}"})

    def _delete(self, call: Call) -> Response:
        self._store.delete_bucket(call.bucket)
        return empty(204)

    def _location(self, call: Call) -> Response:
        self._store.bucket(call.bucket)
        return tree("LocationConstraint", LOCATION)

    def _info(self, call: Call) -> Response:
        bucket = self._store.bucket(call.bucket)
        rule = bucket.encryption.inner() if bucket.encryption else tag("SSEAlgorithm", "None")
        inner = (
            tag("Name", bucket.name),
            tag("CreationDate", stamp(bucket.created_at)),
            tag("StorageClass", bucket.storage_class),
            tag("Location", LOCATION),
            tag("ExtranetEndpoint", call.host),
            tag("IntranetEndpoint", call.host),
            tag("DataRedundancyType", "LRS"),
            owner_tag(),
            _grant(bucket.acl),
            group("ServerSideEncryptionRule", rule),
            *([tag("Versioning", bucket.versioning)] if bucket.versioning else []),
        )
        return tree("BucketInfo", group("Bucket", *inner))

    def _acl(self, call: Call) -> Response:
        return access_list(self._store.bucket(call.bucket).acl)

    def _put_acl(self, call: Call) -> Response:
        acl = _canned(call)
        if acl is None:
            raise OssError("InvalidArgument", f"{_ACL_HEADER} is missing.")
        self._store.bucket(call.bucket).acl = acl
        return empty()

    def _lifecycle(self, call: Call) -> Response:
        rules = self._store.bucket(call.bucket).lifecycle
        if rules is None:
            raise OssError("NoSuchLifecycle")
        return xml(rules)

    def _put_lifecycle(self, call: Call) -> Response:
        self._store.bucket(call.bucket).lifecycle = lifecycle.checked(small_body(call))
        return empty()

    def _delete_lifecycle(self, call: Call) -> Response:
        self._store.bucket(call.bucket).lifecycle = None
        return empty(204)

    def _encryption(self, call: Call) -> Response:
        rule = self._store.bucket(call.bucket).encryption
        if rule is None:
            raise OssError("NoSuchServerSideEncryptionRule")
        return xml(rule.rule())

    def _put_encryption(self, call: Call) -> Response:
        self._store.bucket(call.bucket).encryption = encryption.from_rule(small_body(call))
        return empty()

    def _delete_encryption(self, call: Call) -> Response:
        self._store.bucket(call.bucket).encryption = None
        return empty(204)

    def _versioning(self, call: Call) -> Response:
        status = self._store.bucket(call.bucket).versioning
        return tree("VersioningConfiguration", tag("Status", status) if status else "")

    def _put_versioning(self, call: Call) -> Response:
        status = parse(small_body(call), "VersioningConfiguration").findtext("Status")
        if status not in ("Enabled", "Suspended"):
            raise OssError("MalformedXML")
        self._store.bucket(call.bucket).versioning = status
        return empty()


def small_body(call: Call) -> bytes:
    """A body of XML.

    Raises:
        OssError: MalformedXML if it is larger than any could be.
    """
    if call.body.length > LARGEST:
        raise OssError("MalformedXML")
    return call.body.whole()


def access_list(acl: str) -> Response:
    """An answer that says who may do what."""
    return tree("AccessControlPolicy", owner_tag(), _grant(acl))


def _canned(call: Call) -> str | None:
    acl = call.headers.get(_ACL_HEADER)
    if acl not in (None, *_ACLS):
        raise OssError("InvalidArgument", "no such bucket access control exists")
    return acl


def _grant(acl: str) -> str:
    return group("AccessControlList", tag("Grant", acl))
