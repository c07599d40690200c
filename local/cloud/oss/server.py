"""The loopback server of an object store."""

from __future__ import annotations

import resource
import time
from typing import TYPE_CHECKING

from local.cloud.faults import Faults
from local.cloud.http import LoopbackServer
from local.cloud.oss.digests import DigestedSpool
from local.cloud.oss.service import OssService
from local.cloud.oss.store import Store
from local.cloud.oss.uploads import Uploads
from local.cloud.ram import identities_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from local.cloud.access import AccessKey
    from local.cloud.ram import Identities

_OPEN_FILES = 65_536


class OssServer(LoopbackServer):
    """One account's buckets on 127.0.0.1; objects are in temporary files, and gone when it stops.

    Args:
        key: the one access key, which may do everything, or all keys of the account with their rights.
        faults: what is to go wrong, by the names of the API: `PutObject`, `UploadPart`, `HeadObject`, ...
        port: 0 for any free one.
        clock: epoch seconds that signatures are judged by and that objects are stamped with.
    """

    def __init__(
        self,
        *,
        key: AccessKey | Identities,
        faults: Faults | None = None,
        port: int = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = Store(clock)
        self._uploads = Uploads(self._store)
        service = OssService(self._store, self._uploads, identities_of(key), clock)
        super().__init__(service, faults or Faults(), port=port, spool=DigestedSpool)

    def start(self) -> Self:
        """As every loopback server, with leave to keep as many files open as there are large objects."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        allowed = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
        return super().start()

    def keys(self, bucket: str) -> list[str]:
        """The keys of a bucket's objects, in order; OssError if there is no such bucket."""
        return self._store.keys(bucket)

    def object(self, bucket: str, key: str) -> bytes:
        """An object's bytes; OssError if there is no such object."""
        content = self._store.open(bucket, key, lambda _size: None).content
        try:
            return b"".join(content)
        finally:
            content.close()

    def headers(self, bucket: str, key: str) -> dict[str, str]:
        """What a HEAD of an object answers, names in lower case; OssError if there is no such object."""
        headers, size = self._store.headers(bucket, key)
        return headers | {"content-length": str(size)}

    def stop(self) -> None:
        """As every loopback server, then drop what is stored."""
        super().stop()
        self._uploads.close()
        self._store.close()
