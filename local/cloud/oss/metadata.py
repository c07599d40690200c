"""The headers of an object: which a request may set, and which the service adds."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

from local.cloud.oss import encryption
from local.cloud.oss.errors import OssError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from local.cloud.oss.call import Call
    from local.cloud.oss.store import Bucket

ACL_HEADER = "x-oss-object-acl"
CRC_HEADER = "x-oss-hash-crc64ecma"
CLASS_HEADER = "x-oss-storage-class"
TYPE_HEADER = "x-oss-object-type"
STORAGE_CLASSES = ("Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive")
_OBJECT_ACLS = ("default", "private", "public-read", "public-read-write")
_KEPT = ("cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires")
_META = "x-oss-meta-"
_FORBID = "x-oss-forbid-overwrite"


def wanted(call: Call, bucket: Bucket) -> dict[str, str]:
    """The headers that a new object in `bucket` gets from its request.

    Raises:
        OssError: InvalidArgument, InvalidStorageClass or InvalidEncryptionAlgorithmError.
    """
    headers = {"content-type": "application/octet-stream"}
    headers |= kept(call.headers)
    headers[CLASS_HEADER] = _storage_class(call, bucket)
    encrypted = encryption.from_headers(call.headers) or bucket.encryption
    return headers | object_acl(call) | (encrypted.headers() if encrypted else {})


def kept(headers: Mapping[str, str]) -> dict[str, str]:
    """Of these headers the ones that the service keeps as they are: of the content, and the sender's own."""
    return {name: value for name, value in headers.items() if name in _KEPT or name.startswith(_META)}


def described(kind: str, etag: str, crc64: int, now: datetime) -> dict[str, str]:
    """The headers that the service gives an object of this kind, `Normal` or `Multipart`."""
    return {
        "etag": etag,
        "last-modified": format_datetime(now, usegmt=True),
        CRC_HEADER: str(crc64),
        TYPE_HEADER: kind,
    }


def object_acl(call: Call) -> dict[str, str]:
    """The access list that a request names, if it does.

    Raises:
        OssError: InvalidArgument.
    """
    acl = call.headers.get(ACL_HEADER)
    if acl is not None and acl not in _OBJECT_ACLS:
        raise OssError("InvalidArgument", "no such object access control exists")
    return {} if acl is None else {ACL_HEADER: acl}


def forbids_overwrite(call: Call) -> bool:
    """Whether a request refuses to replace an object."""
    return call.headers.get(_FORBID, "").lower() == "true"


def _storage_class(call: Call, bucket: Bucket) -> str:
    name = call.headers.get(CLASS_HEADER, bucket.storage_class)
    if name not in STORAGE_CLASSES:
        raise OssError("InvalidStorageClass")
    return name
