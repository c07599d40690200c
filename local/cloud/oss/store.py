"""The buckets and objects, kept in moto's S3 backend: the only module, with `uploads`, that knows moto."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, NamedTuple

from moto.s3.models import FakeBucket, FakeKey, FakeMultipart, S3Backend, s3_backends

from local.cloud.oss.errors import OssError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local.cloud.oss.content import Blob, Content
    from local.cloud.oss.encryption import Encryption
    from local.cloud.oss.ranges import Span

_ACCOUNT = "123456789012"
_PARTITION = "aws"


@dataclass
class Bucket:
    """One bucket.

    Attributes:
        name: its name.
        acl: its canned access list.
        storage_class: that of objects which do not name one.
        created_at: when it was made.
        held: moto's part of it.
        lifecycle: its rules as XML, or None.
        encryption: how objects that do not say so are encrypted, or None.
        versioning: `Enabled`, `Suspended` or None; only remembered, no versions are kept.
    """

    name: str
    acl: str
    storage_class: str
    created_at: datetime
    held: FakeBucket
    lifecycle: bytes | None = None
    encryption: Encryption | None = None
    versioning: str | None = None


class Listed(NamedTuple):
    """One object in a list: its headers are those that a HEAD gives."""

    key: str
    size: int
    modified_at: datetime
    headers: dict[str, str]


class Opened(NamedTuple):
    """An object that is about to be sent.

    Attributes:
        headers: what a HEAD answers.
        size: the object's length in bytes.
        span: the part of it that is sent, or None for all.
        content: its bytes, to be closed.
    """

    headers: dict[str, str]
    size: int
    span: Span | None
    content: Content


class Store:
    """The buckets of one server; each call is atomic.

    Args:
        clock: epoch seconds that new objects are stamped with.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.backend = S3Backend(_PARTITION, _ACCOUNT)
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def now(self) -> datetime:
        """The time by the server's clock."""
        return datetime.fromtimestamp(self._clock(), timezone.utc)

    def create_bucket(self, name: str, acl: str | None, storage_class: str | None) -> None:
        """Make a bucket, or give one that is there another access list.

        Raises:
            OssError: BucketAlreadyExists with another storage class.
        """
        with self.lock:
            bucket = self._buckets.get(name)
            if bucket is None:
                held = FakeBucket(name, _ACCOUNT, _PARTITION)  # type: ignore[abstract] # CloudFormation's
                # moto wants names to be unique among all servers of a process.
                s3_backends.bucket_accounts.pop(name, None)
                self.backend.buckets[name] = held
                bucket = Bucket(name, acl or "private", storage_class or "Standard", self.now(), held)
                self._buckets[name] = bucket
            elif storage_class not in (None, bucket.storage_class):
                raise OssError("BucketAlreadyExists", "Cannot modify existing bucket's storage class.")
            bucket.acl = acl or bucket.acl

    def delete_bucket(self, name: str) -> None:
        """Delete a bucket that has neither objects nor open uploads.

        Raises:
            OssError: NoSuchBucket or BucketNotEmpty.
        """
        with self.lock:
            held = self.bucket(name).held
            if held.keys or held.multiparts:
                raise OssError("BucketNotEmpty")
            del self._buckets[name], self.backend.buckets[name]

    def buckets(self) -> list[Bucket]:
        """All buckets by their names."""
        with self.lock:
            return [self._buckets[name] for name in sorted(self._buckets)]

    def bucket(self, name: str) -> Bucket:
        """The bucket of that name.

        Raises:
            OssError: NoSuchBucket.
        """
        bucket = self._buckets.get(name)
        if bucket is None:
            raise OssError("NoSuchBucket")
        return bucket

    def check_free(self, bucket: str, key: str, *, forbid_overwrite: bool) -> None:
        """Refuse to write where an object is.

        Raises:
            OssError: FileAlreadyExists, if `forbid_overwrite`; NoSuchBucket.
        """
        if key in self.bucket(bucket).held.keys and forbid_overwrite:
            raise OssError("FileAlreadyExists")

    def put(self, bucket: str, key: str, blob: Blob, headers: dict[str, str]) -> None:
        """Store an object, in the place of any other; the caller holds `lock` from its last check on.

        Args:
            bucket: must be there.
            key: the object's.
            blob: its bytes; the store closes it.
            headers: what a HEAD is to answer.
        """
        # moto remembers every instance for its dashboard, for ever.
        FakeKey.instances_tracked.clear()  # type: ignore[attr-defined]
        FakeMultipart.instances_tracked.clear()  # type: ignore[attr-defined]
        found = self.backend.put_object(bucket, key, b"", disable_notification=True)
        _fill(found, blob, headers, self.now())

    def headers(self, bucket: str, key: str) -> tuple[dict[str, str], int]:
        """What a HEAD answers, and the object's length in bytes.

        Raises:
            OssError: NoSuchBucket or NoSuchKey.
        """
        with self.lock:
            found = self._find(bucket, key)
            return dict(found.metadata), found.size

    def open(self, bucket: str, key: str, span_of: Callable[[int], Span | None]) -> Opened:
        """An object, or the part of it that `span_of` its length asks for.

        Raises:
            OssError: NoSuchBucket or NoSuchKey, or what `span_of` raises.
        """
        with self.lock:
            found = self._find(bucket, key)
            span = span_of(found.size)
            return Opened(dict(found.metadata), found.size, span, _blob_of(found).content(span))

    def change(self, bucket: str, key: str, headers: dict[str, str]) -> None:
        """Add to an object's headers.

        Raises:
            OssError: NoSuchBucket or NoSuchKey.
        """
        with self.lock:
            self._find(bucket, key).metadata.update(headers)

    def delete(self, bucket: str, key: str) -> None:
        """Delete an object, if it is there.

        Raises:
            OssError: NoSuchBucket.
        """
        with self.lock:
            self.bucket(bucket)
            self.backend.delete_object(bucket, key)

    def keys(self, bucket: str) -> list[str]:
        """The keys of a bucket's objects, in order.

        Raises:
            OssError: NoSuchBucket.
        """
        with self.lock:
            return sorted(self.bucket(bucket).held.keys)

    def page(self, bucket: str, prefix: str, delimiter: str, after: str, limit: int) -> tuple[list[Listed | str], bool]:
        """Objects, and common prefixes as strings, in the order of their names; whether there are more.

        Raises:
            OssError: NoSuchBucket.
        """
        with self.lock:
            held = self.bucket(bucket).held
            found, more, _ = self.backend.list_objects_v2(held, prefix, delimiter, None, after, limit)
            return [_listed(item) for item in found], more

    def close(self) -> None:
        """Drop everything."""
        with self.lock:
            for bucket in self._buckets.values():
                _dispose(bucket.held.multiparts.values())
                _dispose(bucket.held.keys.values())
            self._buckets.clear()
            self.backend.buckets.clear()

    def _find(self, bucket: str, key: str) -> FakeKey:
        self.bucket(bucket)
        found = self.backend.get_object(bucket, key)
        if found is None:
            raise OssError("NoSuchKey")
        return found


def _fill(key: FakeKey, blob: Blob, headers: dict[str, str], now: datetime) -> None:
    """Give an empty object of moto's its bytes: moto's own way needs them in memory."""
    _blob_of(key).close()
    key._value_buffer = blob  # type: ignore[assignment] # noqa: SLF001
    key.contentsize = blob.length
    key.last_modified = now
    key.set_metadata(dict(headers), replace=True)


def _blob_of(key: FakeKey) -> Blob:
    return key._value_buffer  # type: ignore[return-value] # noqa: SLF001


def _listed(item: FakeKey | str) -> Listed | str:
    if isinstance(item, str):
        return item
    return Listed(item.name, item.size, item.last_modified, dict(item.metadata))


def _dispose(held: Iterable[FakeKey | FakeMultipart]) -> None:
    for item in held:
        item.dispose()
