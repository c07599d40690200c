"""Which operation a request asks for, by the names of the API reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oss2.auth import ProviderAuth

if TYPE_CHECKING:
    from local.cloud.http import Request

UNSERVED = "Unserved"
SOURCE_HEADER = "x-oss-copy-source"
"""The header that makes a PUT a copy."""

# The SDK's own table: nearly a hundred names, and one that is missing here would be a signature that does not match.
SUBRESOURCES: frozenset[str] = ProviderAuth._subresource_key_set  # noqa: SLF001
"""The parameters that a signature of version 1 covers."""

# These are details of an operation; every other sub-resource makes it another operation.
_DETAILS = {"continuation-token", "security-token", "x-oss-traffic-limit"}
_ACTIONS = {name for name in SUBRESOURCES if not name.startswith("response-")} - _DETAILS

_Asked = tuple[str, frozenset[str]]


def _asked(method: str, *actions: str) -> _Asked:
    return method, frozenset(actions)


_ON_ACCOUNT: dict[_Asked, str] = {_asked("GET"): "ListBuckets"}
_ON_BUCKET: dict[_Asked, str] = {
    _asked("PUT"): "PutBucket",
    _asked("DELETE"): "DeleteBucket",
    _asked("GET"): "ListObjects",
    _asked("GET", "bucketInfo"): "GetBucketInfo",
    _asked("GET", "location"): "GetBucketLocation",
    _asked("GET", "acl"): "GetBucketAcl",
    _asked("PUT", "acl"): "PutBucketAcl",
    _asked("GET", "lifecycle"): "GetBucketLifecycle",
    _asked("PUT", "lifecycle"): "PutBucketLifecycle",
    _asked("DELETE", "lifecycle"): "DeleteBucketLifecycle",
    _asked("GET", "encryption"): "GetBucketEncryption",
    _asked("PUT", "encryption"): "PutBucketEncryption",
    _asked("DELETE", "encryption"): "DeleteBucketEncryption",
    _asked("GET", "versioning"): "GetBucketVersioning",
    _asked("PUT", "versioning"): "PutBucketVersioning",
    _asked("POST", "delete"): "DeleteMultipleObjects",
    _asked("GET", "uploads"): "ListMultipartUploads",
}
_ON_OBJECT: dict[_Asked, str] = {
    _asked("PUT"): "PutObject",
    _asked("GET"): "GetObject",
    _asked("HEAD"): "HeadObject",
    _asked("HEAD", "objectMeta"): "GetObjectMeta",
    _asked("DELETE"): "DeleteObject",
    _asked("GET", "acl"): "GetObjectACL",
    _asked("PUT", "acl"): "PutObjectACL",
    _asked("POST", "uploads"): "InitiateMultipartUpload",
    _asked("PUT", "uploadId", "partNumber"): "UploadPart",
    _asked("POST", "uploadId"): "CompleteMultipartUpload",
    _asked("DELETE", "uploadId"): "AbortMultipartUpload",
    _asked("GET", "uploadId"): "ListParts",
}


def operation_of(request: Request, bucket: str, key: str, parameters: dict[str, str]) -> str:
    """The API's name for what `request` asks of this bucket and key, or `UNSERVED`."""
    asked = request.method, frozenset(_ACTIONS & parameters.keys())
    # Copies come as a PUT with a source; without this they would store an empty object.
    if any(name.startswith(SOURCE_HEADER) for name in request.headers):
        return _copy(request, asked, bucket, key)
    if not bucket:
        return UNSERVED if key else _ON_ACCOUNT.get(asked, UNSERVED)
    name = (_ON_OBJECT if key else _ON_BUCKET).get(asked, UNSERVED)
    return "ListObjectsV2" if name == "ListObjects" and parameters.get("list-type") == "2" else name


def _copy(request: Request, asked: _Asked, bucket: str, key: str) -> str:
    """Of a whole object, and without the conditions that further headers of that name are."""
    alone = not any(name.startswith(f"{SOURCE_HEADER}-") for name in request.headers)
    return "CopyObject" if bucket and key and asked == _asked("PUT") and alone else UNSERVED
