"""Multipart uploads, kept in moto's S3 backend; their bytes are in one file per upload, however many the parts.

When an upload is completed that file becomes the object's: nothing is copied, so it takes no time, as in the cloud.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from local.cloud.bodies import Spool
from local.cloud.oss.content import Blob
from local.cloud.oss.crc64 import combined
from local.cloud.oss.digests import combined_etag
from local.cloud.oss.errors import OssError
from local.cloud.oss.metadata import described
from local.cloud.oss.ranges import Span

if TYPE_CHECKING:
    from datetime import datetime

    from moto.s3.models import FakeKey, FakeMultipart

    from local.cloud.oss.digests import Digests
    from local.cloud.oss.store import Store

SMALLEST_PART = 100 << 10
"""Bytes that every part but the last must have."""


# Where a part begins in the file of its upload, and its checksum.
_OFFSET = "offset"
_CRC64 = "crc64"


class Part(NamedTuple):
    """One part that was uploaded; `etag` is quoted."""

    number: int
    etag: str
    size: int
    modified_at: datetime


class Upload(NamedTuple):
    """One upload that is neither completed nor aborted."""

    key: str
    upload_id: str
    initiated_at: datetime


class Uploads:
    """The uploads of a `Store`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[str, tuple[datetime, Spool]] = {}

    def initiate(self, bucket: str, key: str, headers: dict[str, str], *, forbid_overwrite: bool) -> str:
        """Begin an upload of an object with these headers; its id.

        Raises:
            OssError: NoSuchBucket; FileAlreadyExists, if `forbid_overwrite`.
        """
        with self._store.lock:
            self._store.check_free(bucket, key, forbid_overwrite=forbid_overwrite)
            held = self._store.backend.create_multipart_upload(
                bucket,
                key,
                headers,  # type: ignore[arg-type] # kept as it is
                storage_type="STANDARD",
                tags={},
                acl=None,
                sse_encryption="",
                kms_key_id="",
            )
            self._held[held.id] = self._store.now(), Spool()
            return held.id

    def put_part(self, upload: tuple[str, str, str], number: int, body: Spool, found: Digests) -> None:
        """Store a part, in the place of any other of that number.

        Args:
            upload: bucket, key and upload id.
            number: the part's, from 1.
            body: its bytes.
            found: their checksums.

        Raises:
            OssError: NoSuchBucket or NoSuchUpload.
        """
        with self._store.lock:
            held = self._find(*upload)
            _, file = self._held[held.id]
            part = held.set_part(number, b"")
            part.contentsize = body.length
            part.last_modified = self._store.now()
            known = {"etag": found.etag, _OFFSET: str(file.length), _CRC64: str(found.crc64)}
            part.set_metadata(known, replace=True)
            for piece in body.pieces():
                file.write(piece)

    def parts(self, bucket: str, key: str, upload_id: str) -> list[Part]:
        """The parts of an upload by their numbers.

        Raises:
            OssError: NoSuchBucket or NoSuchUpload.
        """
        with self._store.lock:
            held = self._find(bucket, key, upload_id).parts
            return [_part(number, held[number]) for number in sorted(held)]

    def all(self, bucket: str) -> list[Upload]:
        """The uploads to a bucket by their keys and ids.

        Raises:
            OssError: NoSuchBucket.
        """
        with self._store.lock:
            held = self._store.bucket(bucket).held.multiparts.values()
            return sorted(Upload(one.key_name, one.id, self._held[one.id][0]) for one in held)

    def abort(self, bucket: str, key: str, upload_id: str) -> None:
        """Drop an upload and its parts.

        Raises:
            OssError: NoSuchBucket or NoSuchUpload.
        """
        with self._store.lock:
            self._find(bucket, key, upload_id)
            self._drop(bucket, upload_id)

    def close(self) -> None:
        """Drop the bytes of every upload."""
        with self._store.lock:
            for _, file in self._held.values():
                file.close()
            self._held.clear()

    def complete(
        self,
        upload: tuple[str, str, str],
        named: list[tuple[int, str]],
        headers: dict[str, str],
        *,
        forbid_overwrite: bool,
    ) -> dict[str, str]:
        """Make an object of the parts that are `named` with their ETags; the object's headers.

        Args:
            upload: bucket, key and upload id.
            named: number and ETag of each part, in order.
            headers: what the object gets beyond what was said when the upload began.
            forbid_overwrite: refuse where an object is; the upload stays.

        Raises:
            OssError: NoSuchBucket, NoSuchUpload, FileAlreadyExists, InvalidPartOrder, InvalidPart or EntityTooSmall.
        """
        bucket, key, upload_id = upload
        with self._store.lock:
            held = self._find(*upload)
            self._store.check_free(bucket, key, forbid_overwrite=forbid_overwrite)
            chosen = _chosen(held, named)
            etag = combined_etag(etag for _, etag in named)
            crc64 = reduce(lambda crc64, part: combined(crc64, int(part.metadata[_CRC64]), part.size), chosen, 0)
            headers = dict(held.metadata) | headers | described("Multipart", etag, crc64, self._store.now())
            _, file = self._held[upload_id]
            blob = Blob(file.take(), [Span(int(part.metadata[_OFFSET]), part.size) for part in chosen])
            self._store.put(bucket, key, blob, headers)
            self._drop(bucket, upload_id)
            return headers

    def _drop(self, bucket: str, upload_id: str) -> None:
        self._store.backend.abort_multipart_upload(bucket, upload_id)
        self._held.pop(upload_id)[1].close()

    def _find(self, bucket: str, key: str, upload_id: str) -> FakeMultipart:
        held = self._store.bucket(bucket).held.multiparts.get(upload_id)
        if held is None or held.key_name != key:
            raise OssError("NoSuchUpload")
        return held


def _chosen(held: FakeMultipart, named: list[tuple[int, str]]) -> list[FakeKey]:
    numbers = [number for number, _ in named]
    if any(one >= other for one, other in pairwise(numbers)):
        raise OssError("InvalidPartOrder")
    chosen: list[FakeKey] = []
    for number, etag in named:
        part = held.parts.get(number)
        if part is None or part.metadata["etag"].strip('"') != etag.strip('"').upper():
            raise OssError("InvalidPart")
        chosen.append(part)
    if any(part.size < SMALLEST_PART for part in chosen[:-1]):
        raise OssError("EntityTooSmall")
    return chosen


def _part(number: int, held: FakeKey) -> Part:
    return Part(number, held.metadata["etag"], held.size, held.last_modified)
