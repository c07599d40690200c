"""The checksums of a body, as the vendor's SDK computes them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, NamedTuple

from oss2.utils import Crc64

from local.cloud.bodies import Spool
from local.cloud.oss.errors import OssError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Digests(NamedTuple):
    """Checksums of one body: the MD5 digest, and CRC-64 (ECMA-182, reflected) as a number."""

    md5: bytes
    crc64: int

    @property
    def etag(self) -> str:
        """The MD5 as the service words it: upper-case, quoted."""
        return f'"{self.md5.hex().upper()}"'

    @property
    def content_md5(self) -> str:
        """The MD5 as the `Content-MD5` header has it."""
        return base64.b64encode(self.md5).decode()


class DigestedSpool(Spool):
    """A body whose checksums are known as soon as it is there."""

    def __init__(self) -> None:
        super().__init__()
        self._md5, self._crc64 = hashlib.md5(usedforsecurity=False), Crc64()

    def write(self, piece: bytes) -> None:
        """Append `piece`."""
        super().write(piece)
        self._md5.update(piece)
        self._crc64.update(piece)

    def digests(self) -> Digests:
        """Of what was written so far."""
        return Digests(self._md5.digest(), self._crc64.crc)


def received(body: DigestedSpool, claimed: str | None) -> Digests:
    """The checksums of a request's body.

    Args:
        body: it.
        claimed: what its `Content-MD5` says, if it came.

    Raises:
        OssError: InvalidDigest if that is another.
    """
    found = body.digests()
    if claimed is not None and _decoded(claimed) != found.md5:
        raise OssError("InvalidDigest")
    return found


def combined_etag(parts: Iterable[str]) -> str:
    """The ETag of an object that was made of parts with these ETags."""
    md5s = [bytes.fromhex(etag.strip('"')) for etag in parts]
    whole = hashlib.md5(b"".join(md5s), usedforsecurity=False).hexdigest()
    return f'"{whole.upper()}-{len(md5s)}"'


def _decoded(claimed: str) -> bytes:
    try:
        return base64.b64decode(claimed, validate=True)
    except (binascii.Error, ValueError):
        return b""
