"""CopyObject: an object made of another, without its bytes passing through the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.cloud.oss.answers import stamp, tree
from local.cloud.oss.call import decoded
from local.cloud.oss.content import Blob
from local.cloud.oss.digests import DigestedSpool
from local.cloud.oss.document import tag
from local.cloud.oss.errors import OssError
from local.cloud.oss.metadata import CRC_HEADER, described, forbids_overwrite, kept, wanted
from local.cloud.oss.names import SOURCE_HEADER
from local.cloud.oss.ranges import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cloud.http import Response
    from local.cloud.oss.call import Call
    from local.cloud.oss.store import Store

_DIRECTIVE = "x-oss-metadata-directive"


class Copying:
    """The operation of the API that copies an object within `store`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.by_name: dict[str, Callable[[Call], Response]] = {"CopyObject": self._copy}

    def _copy(self, call: Call) -> Response:
        source = source_of(call)
        found = self._store.open(*source, lambda _size: None)
        body = DigestedSpool()
        try:
            for piece in found.content:
                body.write(piece)
            # A copy onto itself is how the headers of an object are changed: the service never keeps the old ones then.
            keeps = not _replaces(call) and source != (call.bucket, call.key)
            return self._put(call, body, kept(found.headers) if keeps else None)
        finally:
            found.content.close()
            body.close()

    def _put(self, call: Call, body: DigestedSpool, known: dict[str, str] | None) -> Response:
        """Store `body` with the headers that are `known` of its source, or else those of the request."""
        digests = body.digests()
        with self._store.lock:
            bucket = self._store.bucket(call.bucket)
            self._store.check_free(call.bucket, call.key, forbid_overwrite=forbids_overwrite(call))
            headers = wanted(call, bucket)
            if known is not None:
                headers = {name: headers[name] for name in headers.keys() - kept(headers)} | known
            now = self._store.now()
            headers |= described("Normal", digests.etag, digests.crc64, now)
            headers["content-md5"] = digests.content_md5
            blob = Blob(body.take(), [Span(0, body.length)])
            self._store.put(call.bucket, call.key, blob, headers)
        answer = tree("CopyObjectResult", tag("LastModified", stamp(now)), tag("ETag", digests.etag))
        answer.headers.update({"etag": digests.etag, CRC_HEADER: str(digests.crc64)})
        return answer


def source_of(call: Call) -> tuple[str, str]:
    """Bucket and key of the object that is to be copied.

    Raises:
        OssError: InvalidArgument if no object is named; NotImplemented if one version of it is.
    """
    raw = call.headers[SOURCE_HEADER]
    if "?" in raw:
        raise OssError("NotImplemented")
    bucket, _, key = raw.removeprefix("/").partition("/")
    if not bucket or not key:
        raise OssError("InvalidArgument", f"{SOURCE_HEADER} must be /bucket/key.")
    return decoded(bucket), decoded(key)


def _replaces(call: Call) -> bool:
    directive = call.headers.get(_DIRECTIVE, "COPY").upper()
    if directive not in ("COPY", "REPLACE"):
        raise OssError("InvalidArgument", f"{_DIRECTIVE} must be COPY or REPLACE.")
    return directive == "REPLACE"
