"""Server-side encryption: what a request or a bucket says about it. Nothing is encrypted here, only remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from local.cloud.oss.document import document, group, parse, tag
from local.cloud.oss.errors import OssError

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALGORITHMS = ("AES256", "KMS", "SM4")
_HEADER = "x-oss-server-side-encryption"
_KEY_HEADER = "x-oss-server-side-encryption-key-id"
_ROOT = "ServerSideEncryptionRule"
_DEFAULT = "ApplyServerSideEncryptionByDefault"


class Encryption(NamedTuple):
    """An algorithm (`AES256`, `KMS` or `SM4`) and, for KMS, the key's id, which may be empty."""

    algorithm: str
    key_id: str = ""

    def headers(self) -> dict[str, str]:
        """As an object's headers say it."""
        return {_HEADER: self.algorithm} | ({_KEY_HEADER: self.key_id} if self.key_id else {})

    def inner(self) -> str:
        """As XML says it, without a root."""
        return tag("SSEAlgorithm", self.algorithm) + (tag("KMSMasterKeyID", self.key_id) if self.key_id else "")

    def rule(self) -> bytes:
        """As the document of a bucket's rule."""
        return document(_ROOT, group(_DEFAULT, self.inner()))


def from_headers(headers: Mapping[str, str]) -> Encryption | None:
    """What a request wants for its object, or None if it leaves that to the bucket.

    Raises:
        OssError: InvalidEncryptionAlgorithmError.
    """
    algorithm = headers.get(_HEADER)
    return None if algorithm is None else _checked(algorithm, headers.get(_KEY_HEADER, ""))


def from_rule(body: bytes) -> Encryption:
    """A bucket's rule.

    Raises:
        OssError: MalformedXML or InvalidEncryptionAlgorithmError.
    """
    applied = parse(body, _ROOT).find(_DEFAULT)
    algorithm = applied.findtext("SSEAlgorithm") if applied is not None else None
    if applied is None or algorithm is None:
        raise OssError("MalformedXML")
    return _checked(algorithm, applied.findtext("KMSMasterKeyID") or "")


def _checked(algorithm: str, key_id: str) -> Encryption:
    if algorithm not in _ALGORITHMS:
        raise OssError("InvalidEncryptionAlgorithmError")
    return Encryption(algorithm, key_id if algorithm == "KMS" else "")
