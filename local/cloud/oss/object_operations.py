"""The operations on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.http import Response
from local.cloud.oss.answers import empty
from local.cloud.oss.bucket_operations import access_list
from local.cloud.oss.content import Blob
from local.cloud.oss.digests import received
from local.cloud.oss.errors import OssError
from local.cloud.oss.metadata import (
    ACL_HEADER,
    CRC_HEADER,
    described,
    forbids_overwrite,
    object_acl,
    wanted,
)
from local.cloud.oss.ranges import Span, span_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.cloud.oss.call import Call
    from local.cloud.oss.store import Store

LARGEST_BODY = 5 << 30
"""Bytes that one request may bring."""
_META = ("etag", "last-modified", CRC_HEADER)
_ENCRYPTION = "x-oss-server-side-encryption"


class ObjectOperations:
    """Each operation of the API on the objects of `store`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.by_name: dict[str, Callable[[Call], Response]] = {
            "PutObject": self._put,
            "GetObject": self._get,
            "HeadObject": self._head,
            "GetObjectMeta": self._meta,
            "DeleteObject": self._delete,
            "GetObjectACL": self._acl,
            "PutObjectACL": self._put_acl,
        }

    def _put(self, call: Call) -> Response:
        check_length(call)
        found = received(call.body, call.headers.get("content-md5"))
        with self._store.lock:
            bucket = self._store.bucket(call.bucket)
            self._store.check_free(call.bucket, call.key, forbid_overwrite=forbids_overwrite(call))
            headers = wanted(call, bucket) | described("Normal", found.etag, found.crc64, self._store.now())
            headers["content-md5"] = found.content_md5
            blob = Blob(call.body.take(), [Span(0, call.body.length)])
            self._store.put(call.bucket, call.key, blob, headers)
        told = ("content-md5", "etag", CRC_HEADER, _ENCRYPTION)
        return empty(headers={name: headers[name] for name in told if name in headers})

    def _get(self, call: Call) -> Response:
        wanted_range = call.headers.get("range")
        standard = call.headers.get("x-oss-range-behavior") == "standard"
        found = self._store.open(call.bucket, call.key, lambda size: span_of(wanted_range, size, standard=standard))
        headers = {**found.headers, "accept-ranges": "bytes"}
        if found.span is None:
            return Response(200, headers, b"", found.content)
        headers["content-range"] = found.span.content_range(found.size)
        return Response(206, headers, b"", found.content)

    def _head(self, call: Call) -> Response:
        headers, size = self._store.headers(call.bucket, call.key)
        return Response(200, headers, b"", _Unsent(size))

    def _meta(self, call: Call) -> Response:
        headers, size = self._store.headers(call.bucket, call.key)
        return Response(200, {name: headers[name] for name in _META}, b"", _Unsent(size))

    def _delete(self, call: Call) -> Response:
        self._store.delete(call.bucket, call.key)
        return empty(204)

    def _acl(self, call: Call) -> Response:
        headers, _ = self._store.headers(call.bucket, call.key)
        return access_list(headers.get(ACL_HEADER, "default"))

    def _put_acl(self, call: Call) -> Response:
        acl = object_acl(call)
        if not acl:
            raise OssError("InvalidArgument", f"{ACL_HEADER} is missing.")
        self._store.change(call.bucket, call.key, acl)
        return empty()


class _Unsent:
    """The body that an answer to a HEAD says it has: there is no more to it than its length."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        """Nothing is held."""


def check_length(call: Call) -> None:
    """Refuse a body of unknown or of too great a length.

    Raises:
        OssError: MissingContentLength or EntityTooLarge.
    """
    if not call.headers.keys() & {"content-length", "transfer-encoding"}:
        raise OssError("MissingContentLength")
    if call.body.length > LARGEST_BODY:
        raise OssError("EntityTooLarge")
