"""A loopback OSS: the wire format of the object store, over the S3 backend of moto."""

from __future__ import annotations

from local.cloud.oss.server import OssServer

__all__ = ["OssServer"]
